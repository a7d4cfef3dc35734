//! `[proxy]`

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, check::within};

/// The model and Telegram proxies that instances talk to.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProxySection {
    /// Port of the listener on every instance's bridge.
    pub port: u16,
    /// Connections one instance may hold open.
    pub connections_per_instance: usize,
    /// Model calls one instance may have in flight.
    pub calls_per_instance: usize,
    /// Model calls in flight for all instances together. More wait up to half a minute, tenants in turn.
    pub calls: usize,
    /// Model calls in flight on one of the platform's keys; the same holds for those beyond.
    pub calls_per_key: usize,
    /// Largest body of a model call, MiB.
    pub body_mib: usize,
    /// Request bodies held in memory for all instances together, MiB.
    pub held_mib: usize,
    /// Longest model call, from the request to the last byte, seconds.
    pub call_timeout_s: u64,
    /// Longest silence of a streaming vendor, seconds.
    pub idle_timeout_s: u64,
    /// Time in which a vendor's connection must stand, seconds.
    pub connect_timeout_s: u64,
    /// Private ranges that a tenant's own model address (provider `custom`) may lie in, such as `["192.168.1.20/32"]`. Empty: public addresses
    /// only.
    #[schemars(with = "Vec<String>")]
    pub allow_private: Vec<IpNet>,
    /// Directory for what model calls have reserved and spent, on a disk of this machine and of this process alone. Whoever loses it counts what was leased
    /// as spent. Default: `proxy` in `data_dir`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_dir: Option<PathBuf>,
}

impl Default for ProxySection {
    fn default() -> Self {
        Self {
            port: 7080,
            connections_per_instance: 256,
            calls_per_instance: 16,
            calls: 2048,
            calls_per_key: 2048,
            body_mib: 32,
            held_mib: 512,
            call_timeout_s: 1800,
            idle_timeout_s: 300,
            connect_timeout_s: 10,
            allow_private: Vec::new(),
            journal_dir: None,
        }
    }
}

impl ProxySection {
    pub(super) fn check(&self) -> Result<(), Problem> {
        within("proxy.port", self.port.into(), 1, 65_535)?;
        within(
            "proxy.connections_per_instance",
            self.connections_per_instance as u64,
            8,
            65_536,
        )?;
        within(
            "proxy.calls_per_instance",
            self.calls_per_instance as u64,
            1,
            4096,
        )?;
        within("proxy.calls", self.calls as u64, 1, 1_000_000)?;
        within(
            "proxy.calls_per_key",
            self.calls_per_key as u64,
            1,
            1_000_000,
        )?;
        within("proxy.body_mib", self.body_mib as u64, 1, 1024)?;
        within(
            "proxy.held_mib",
            self.held_mib as u64,
            self.body_mib as u64,
            1_048_576,
        )?;
        within("proxy.call_timeout_s", self.call_timeout_s, 10, 86_400)?;
        within(
            "proxy.idle_timeout_s",
            self.idle_timeout_s,
            5,
            self.call_timeout_s,
        )?;
        within("proxy.connect_timeout_s", self.connect_timeout_s, 1, 120)
    }

    /// Where the journal lies.
    pub(crate) fn journal_dir(&self, data_dir: &Path) -> PathBuf {
        let named = self.journal_dir.clone();
        named.unwrap_or_else(|| data_dir.join("proxy"))
    }

    /// As the proxy takes it.
    pub(crate) fn options(&self) -> creel_proxy::Options {
        const MIB: usize = 1024 * 1024;
        creel_proxy::Options {
            port: self.port,
            connections_per_instance: self.connections_per_instance,
            calls_per_instance: self.calls_per_instance,
            calls: self.calls,
            calls_per_key: self.calls_per_key,
            body_bytes: self.body_mib * MIB,
            held_bytes_per_instance: 2 * self.body_mib * MIB,
            held_bytes: self.held_mib * MIB,
            call_timeout: Duration::from_secs(self.call_timeout_s),
            idle_timeout: Duration::from_secs(self.idle_timeout_s),
            ..creel_proxy::Options::default()
        }
    }
}
