//! What the operator decides about the use cases; the binary reads it from its configuration.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use creel_domain::Provider;
use ipnet::{IpNet, Ipv4Net};
use secrecy::SecretString;
use url::{Host, Url};

/// How one provider is reached by everybody.
#[derive(Debug, Clone, Default)]
pub struct ProviderOptions {
    /// Instead of the catalogue's base URL.
    pub base_url: Option<Url>,
    /// The platform's key, for tenants without one of their own.
    pub key: Option<SecretString>,
    /// Further keys of the platform, tried in this order after it.
    pub more_keys: Vec<SecretString>,
}

/// Choices with their defaults.
#[derive(Debug, Clone)]
pub struct Options {
    /// Pool that instance networks are cut from.
    pub pool: Ipv4Net,
    /// Port of the proxy listener on every bridge.
    pub proxy_port: u16,
    /// Where the real Bot API answers.
    pub telegram_api_base: Url,
    /// Providers by id.
    pub providers: HashMap<String, ProviderOptions>,
    /// Private ranges that the operator opened for tenants' own model addresses; there plain HTTP is allowed too.
    pub allow_private: Vec<IpNet>,
    /// Whether anybody may sign up, or only with a code.
    pub open_signup: bool,
    /// This worker's name in leases: another process never has the same.
    pub worker: String,
    /// Passes at once. Above four, starts on two cores only get slower (performance.md 4.2).
    pub parallel: usize,
    /// How often every instance is compared with the engine, at the latest.
    pub resync: Duration,
    /// How long a Gateway may take until it is ready.
    pub ready_timeout: Duration,
    /// How long a Gateway may take to finish its work before it is killed.
    pub stop_grace: Duration,
    /// Failed starts in a row before Creel gives up.
    pub max_attempts: i64,
    /// After so long without a crash, earlier ones are forgotten.
    pub stable_after: Duration,
    /// How long an engine object without an instance is left alone.
    pub orphan_grace: Duration,
}

impl Options {
    /// Whether a tenant's own address may be called without TLS: the operator opened its range. A name is let pass where any range is open, for it is
    /// resolved and filtered again at every call.
    pub fn allows_plain(&self, url: &Url) -> bool {
        let open = |address: IpAddr| {
            self.allow_private
                .iter()
                .any(|range| range.contains(&address))
        };
        match url.host() {
            Some(Host::Ipv4(address)) => open(address.into()),
            Some(Host::Ipv6(address)) => open(address.into()),
            Some(Host::Domain(_)) => !self.allow_private.is_empty(),
            None => false,
        }
    }

    /// Where calls of this provider go, if anybody said.
    pub fn base_url(&self, provider: &Provider) -> Option<Url> {
        let named = self
            .providers
            .get(provider.id)
            .and_then(|p| p.base_url.clone());
        named.or_else(|| provider.base_url?.parse().ok())
    }

    /// Whether the platform has a key of this provider for everybody.
    pub fn has_platform_key(&self, provider: &Provider) -> bool {
        self.providers
            .get(provider.id)
            .is_some_and(|p| p.key.is_some())
    }
}
