//! Which addresses may be dialled for a URL that a tenant named (SSRF filter).
//!
//! Works on resolved addresses, because a name can mean anything: the connector resolves, filters here and dials exactly what passed. Owns
//! no socket. The operator's allow list opens single ranges, for a model server in their own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What may be dialled for URLs that tenants name.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Ranges that the operator opens although they are not public; there any port and plain HTTP are allowed too.
    pub allow: Vec<IpNet>,
}

/// Why an address was not dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// None of the name's addresses is public.
    #[error("the host has no public address")]
    Address,
    /// Public hosts are called over TLS only.
    #[error("only https is allowed")]
    Scheme,
    /// Public hosts are called on port 443 only.
    #[error("only port 443 is allowed")]
    Port,
}

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), prefix)
}

/// Not on the public internet, or not one host: private, shared, loopback, link-local (cloud metadata), documentation, multicast, reserved.
const CLOSED_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 88, 99, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

/// The only range with public hosts; loopback, unique local, link-local, mapped and NAT64 (64:ff9b::/96) lie outside.
const PUBLIC_V6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Inside it, ranges that carry an IPv4 address (Teredo, 6to4) or document.
const CLOSED_V6: &[Ipv6Net] = &[
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    Ipv6Net::new_assert(Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
];

impl Guard {
    /// The addresses among `found` that may be dialled.
    ///
    /// # Errors
    /// The first rule that leaves none.
    pub fn filter(
        &self,
        https: bool,
        port: u16,
        found: impl IntoIterator<Item = IpAddr>,
    ) -> Result<Vec<IpAddr>, Refused> {
        let mut refused = Refused::Address;
        let mut passed = Vec::new();
        for address in found {
            match self.check(https, port, address.to_canonical()) {
                Ok(()) => passed.push(address),
                Err(why) => refused = why,
            }
        }
        if passed.is_empty() {
            Err(refused)
        } else {
            Ok(passed)
        }
    }

    fn check(&self, https: bool, port: u16, address: IpAddr) -> Result<(), Refused> {
        if self.allow.iter().any(|range| range.contains(&address)) {
            Ok(())
        } else if !is_public(address) {
            Err(Refused::Address)
        } else if !https {
            Err(Refused::Scheme)
        } else if port != 443 {
            Err(Refused::Port)
        } else {
            Ok(())
        }
    }
}

/// Whether this is one host on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !CLOSED_V4.iter().any(|range| range.contains(&v4)),
        IpAddr::V6(v6) => {
            PUBLIC_V6.contains(&v6) && !CLOSED_V6.iter().any(|range| range.contains(&v6))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: &[&str] = &[
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "169.254.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2001:10::1",
        "4000::1",
    ];
    const PUBLIC: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
    ];

    #[test]
    fn only_public_hosts_pass() {
        for text in CLOSED {
            assert!(!is_public(text.parse().unwrap()), "{text} must be closed");
        }
        for text in PUBLIC {
            assert!(is_public(text.parse().unwrap()), "{text} must be open");
        }
    }

    #[test]
    fn a_name_with_one_public_and_one_private_address_reaches_the_public_one_only() {
        let found = ["10.0.0.1".parse().unwrap(), "1.1.1.1".parse().unwrap()];
        let passed = Guard::default().filter(true, 443, found).unwrap();
        assert_eq!(passed, ["1.1.1.1".parse::<IpAddr>().unwrap()]);
    }

    #[test]
    fn public_hosts_need_tls_on_443_and_opened_ranges_do_not() {
        let guard = Guard {
            allow: vec!["10.9.0.0/16".parse().unwrap()],
        };
        let try_one =
            |https, port, text: &str| guard.filter(https, port, [text.parse().unwrap()]).err();
        assert_eq!(try_one(false, 443, "1.1.1.1"), Some(Refused::Scheme));
        assert_eq!(try_one(true, 22, "1.1.1.1"), Some(Refused::Port));
        assert_eq!(try_one(false, 11434, "10.9.1.1"), None);
        assert_eq!(try_one(false, 11434, "10.8.1.1"), Some(Refused::Address));
    }
}
