//! `[network]`

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// The networks of instances.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NetworkSection {
    /// Pool that the instances' networks are cut from, a /29 each: a /16 holds 8192. Must not overlap with any network of this host, nor with
    /// another Creel's pool. With `driver.kind = fake` the default is 127.201.0.0/16: its workloads live on this host's loopback.
    #[schemars(with = "String")]
    pub pool: Ipv4Net,
    /// Resolvers for the workloads. Default: the host's own.
    #[schemars(with = "Vec<String>")]
    pub resolvers: Vec<Ipv4Addr>,
    /// `enforced` asserts the host's firewall before any container starts. `dangerously-off` lets tenants reach the host's services and its
    /// private network: only for a single user at home.
    pub firewall: Firewall,
}

/// Whether the firewall is asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Firewall {
    /// Rules first, containers second.
    Enforced,
    /// No rules.
    DangerouslyOff,
}

const DEFAULT: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 201, 0, 0), 16);
/// Where the fake driver's workloads can listen without any interface being made.
const LOOPBACK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(127, 201, 0, 0), 16);

impl Default for NetworkSection {
    fn default() -> Self {
        Self {
            pool: DEFAULT,
            resolvers: Vec::new(),
            firewall: Firewall::Enforced,
        }
    }
}

impl NetworkSection {
    /// The fake driver makes no bridge, so the default pool holds no address that anything could be bound to.
    pub(super) fn on_loopback(&mut self) {
        if self.pool == DEFAULT {
            self.pool = LOOPBACK;
        }
    }

    pub(super) fn check(&self) -> Result<(), Problem> {
        if creel_domain::network::capacity(self.pool) == 0 || self.pool.trunc() != self.pool {
            let hint = "must be a network address of /29 or more, for example 10.201.0.0/16";
            return Err(Problem::at(
                "network.pool",
                format!("is {}, {hint}", self.pool),
            ));
        }
        Ok(())
    }
}
