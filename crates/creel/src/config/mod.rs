//! What the operator decides: flags over environment over file over defaults, checked once at the start.
//!
//! Owns every key, its default and its words. A section is a struct and a file; [`Config`] holds what was checked. It must not print a
//! secret: [`Secret`] shows nothing. Nothing here is kept.

mod check;
mod database;
mod driver;
mod layers;
mod lifecycle;
mod log;
mod network;
mod provider;
mod proxy;
mod reference;
mod secret;
mod secrets;
mod server;
mod signup;
mod telegram;
mod told;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use creel_control::ProviderOptions;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub(crate) use check::Problem;
pub(crate) use database::DatabaseSection;
pub(crate) use driver::{DriverSection, Kind};
pub(crate) use layers::{Flags, Layers};
pub(crate) use lifecycle::LifecycleSection;
pub(crate) use log::{Format, LogSection};
pub(crate) use network::{Firewall, NetworkSection};
pub(crate) use provider::ProviderSection;
pub(crate) use proxy::ProxySection;
pub(crate) use reference::{reference, schema};
pub(crate) use secret::Secret;
pub(crate) use secrets::{MasterKey, SecretsSection};
pub(crate) use server::ServerSection;
pub(crate) use signup::SignupSection;
pub(crate) use telegram::TelegramSection;

/// Creel's configuration. Everything has a default: without any configuration Creel starts on http://localhost:7070.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Creel's configuration")]
pub(crate) struct Raw {
    /// Directory for everything that must survive: the SQLite file and the master key. Default: `/var/lib/creel` as root, `$STATE_DIRECTORY`
    /// under systemd, else `$XDG_DATA_HOME/creel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// Where Creel listens and what it is called.
    pub server: ServerSection,
    /// Where everything is kept.
    pub database: DatabaseSection,
    /// The master key that seals tenants' secrets.
    pub secrets: SecretsSection,
    /// What runs the workloads.
    pub driver: DriverSection,
    /// The networks of instances.
    pub network: NetworkSection,
    /// The model and Telegram proxies that instances talk to.
    pub proxy: ProxySection,
    /// Telegram.
    pub telegram: TelegramSection,
    /// Model vendors by id (`openai`, `anthropic`, …): another address, a key for everybody.
    pub providers: BTreeMap<String, ProviderSection>,
    /// Who may make an account.
    pub signup: SignupSection,
    /// How patiently instances are started, stopped and watched.
    pub lifecycle: LifecycleSection,
    /// What Creel says about itself.
    pub log: LogSection,
}

/// The checked configuration.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Directory for everything that must survive.
    pub data_dir: PathBuf,
    /// Listeners.
    pub server: ServerSection,
    /// Database address, with its password if it has one.
    pub database_url: SecretString,
    /// Where the master key comes from.
    pub master_key: MasterKey,
    /// What runs the workloads.
    pub driver: DriverSection,
    /// The networks of instances.
    pub network: NetworkSection,
    /// The proxies that instances talk to.
    pub proxy: ProxySection,
    /// Telegram.
    pub telegram: TelegramSection,
    /// Model vendors by id.
    pub providers: BTreeMap<String, ProviderOptions>,
    /// Who may make an account.
    pub signup: SignupSection,
    /// How patiently instances are started and stopped.
    pub lifecycle: LifecycleSection,
    /// What Creel says about itself.
    pub log: LogSection,
    /// Every key as it was read, without secrets.
    pub settings: Arc<[creel_api::Setting]>,
}

impl TryFrom<Raw> for Config {
    type Error = Problem;

    fn try_from(mut raw: Raw) -> Result<Self, Problem> {
        if raw.driver.kind == Kind::Fake {
            raw.network.on_loopback();
        }
        let data_dir = match raw.data_dir {
            Some(named) => {
                std::path::absolute(named).map_err(|e| Problem::at("data_dir", e.to_string()))?
            }
            None => layers::default_data_dir()?,
        };
        raw.server.check()?;
        raw.network.check()?;
        raw.proxy.check()?;
        raw.driver.check()?;
        raw.lifecycle.check()?;
        Ok(Self {
            database_url: raw.database.resolve(&data_dir)?,
            master_key: raw.secrets.resolve(&data_dir)?,
            providers: provider::resolve(raw.providers)?,
            data_dir,
            server: raw.server,
            driver: raw.driver,
            network: raw.network,
            proxy: raw.proxy,
            telegram: raw.telegram,
            signup: raw.signup,
            lifecycle: raw.lifecycle,
            log: raw.log,
            settings: Arc::default(),
        })
    }
}

#[cfg(test)]
mod tests;
