//! Addresses of an instance's own network: a /29 cut from the operator's pool by index.
//!
//! The index is leased in the database, because the engine's own pools end at about thirty networks.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// Prefix length of one instance's network: gateway, workload and four spare hosts.
pub const PREFIX: u8 = 29;

/// One leased network. Addresses are a pure function of pool and index, so nothing else needs storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Position in the pool, from 0.
    pub index: u32,
    /// The network itself.
    pub subnet: Ipv4Net,
    /// Host side of the bridge: where our proxy listener for this instance answers.
    pub gateway: Ipv4Addr,
    /// The workload's fixed address.
    pub workload: Ipv4Addr,
}

impl Lease {
    /// The network at `index` of `pool`; `None` past its end.
    pub fn at(pool: Ipv4Net, index: u32) -> Option<Self> {
        if index >= capacity(pool) {
            return None;
        }
        let base = u32::from(pool.network()) + index * (1 << (32 - u32::from(PREFIX)));
        let subnet = Ipv4Net::new(Ipv4Addr::from(base), PREFIX).ok()?;
        Some(Self {
            index,
            subnet,
            gateway: Ipv4Addr::from(base + 1),
            workload: Ipv4Addr::from(base + 2),
        })
    }
}

/// How many networks the pool holds.
pub fn capacity(pool: Ipv4Net) -> u32 {
    match PREFIX.checked_sub(pool.prefix_len()) {
        Some(bits) if bits < 32 => 1 << bits,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sixteen_holds_8192_networks() {
        let pool: Ipv4Net = "10.201.0.0/16".parse().unwrap();
        assert_eq!(capacity(pool), 8192);
        let last = Lease::at(pool, 8191).unwrap();
        assert_eq!(last.subnet.to_string(), "10.201.255.248/29");
        assert_eq!(last.gateway.to_string(), "10.201.255.249");
        assert!(Lease::at(pool, 8192).is_none());
    }

    #[test]
    fn a_pool_smaller_than_one_network_holds_none() {
        assert_eq!(capacity("10.0.0.0/30".parse().unwrap()), 0);
    }
}
