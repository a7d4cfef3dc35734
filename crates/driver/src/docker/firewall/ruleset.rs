//! The rules as data: written as text for `nft`, and compared with what it reads back.
//!
//! A drop in any table of the kernel is final and an accept ends only its own chain, so these rules can forbid but never
//! overrule another firewall. Several clusters may live on one host: each table judges packets whose source lies in its
//! own pool, and the reverse-path rule makes the source trustworthy, because a bridge routes only its own /29.

use std::{fmt::Write as _, net::Ipv4Addr};

use ipnet::Ipv4Net;
use sha2::{Digest as _, Sha256};

use crate::names::BRIDGE_PREFIX;

/// Before every ordinary filter (0), after conntrack and NAT have spoken.
pub(super) const PRIORITY: i64 = -10;

/// Nothing of the public internet: this network, private, carrier-grade NAT, loopback, link-local with the metadata
/// service, documentation, benchmarks, multicast and reserved; and Azure's metadata address, which looks public.
const NOT_INTERNET: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 168.63.129.16, 169.254.0.0/16, \
    172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, \
    224.0.0.0/4, 240.0.0.0/4";

/// What is ours on this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) pool: Ipv4Net,
    pub(super) proxy_port: u16,
}

/// One rule. The comment is its name in the readback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) chain: &'static str,
    matches: String,
    pub(super) verdict: &'static str,
    pub(super) comment: &'static str,
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruleset {
    pub(super) table: String,
    pub(super) rules: Vec<Rule>,
}

/// Two base chains, named like their hooks.
pub(super) const CHAINS: [&str; 2] = ["input", "forward"];

/// `creel_` and the cluster's name as far as it is plain, and a digest, because names differ where plain ones do not.
pub(super) fn table_name(cluster: &str) -> String {
    let plain = |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let readable: String = cluster.chars().filter(plain).take(12).collect();
    let digest = hex::encode(&Sha256::digest(cluster)[..4]);
    format!("creel_{readable}_{digest}")
}

/// Deletes the table whether or not it is there.
pub(super) fn removal(table: &str) -> String {
    format!("add table inet {table}\ndelete table inet {table}\n")
}

impl Ruleset {
    pub(super) fn new(table: &str, scope: Scope, resolvers: &[Ipv4Addr]) -> Self {
        let mut rules = to_host(scope);
        rules.extend(through_host(scope, resolvers));
        Self {
            table: table.to_owned(),
            rules,
        }
    }

    /// Removal and making in one text, which is one transaction.
    pub(super) fn text(&self) -> String {
        let mut text = removal(&self.table);
        let _ = writeln!(text, "table inet {} {{", self.table);
        for chain in CHAINS {
            let _ = writeln!(text, "  chain {chain} {{");
            let _ = writeln!(
                text,
                "    type filter hook {chain} priority {PRIORITY}; policy accept;"
            );
            for rule in self.rules.iter().filter(|rule| rule.chain == chain) {
                let Rule {
                    matches,
                    verdict,
                    comment,
                    ..
                } = rule;
                let _ = writeln!(text, "    {matches} {verdict} comment \"{comment}\"");
            }
            text.push_str("  }\n");
        }
        text.push_str("}\n");
        text
    }
}

/// From a workload to this host: our listener on its own bridge and nothing else.
fn to_host(Scope { pool, proxy_port }: Scope) -> Vec<Rule> {
    let rule = |matches: String, verdict, comment| Rule {
        chain: "input",
        matches,
        verdict,
        comment,
    };
    let mut rules = from_our_bridges("input", pool);
    rules.extend([
        rule(
            "ct state established,related".to_owned(),
            "accept",
            "answers to us",
        ),
        // The address must belong to the very bridge that the packet came in by.
        rule(
            format!("fib daddr . iif type local tcp dport {proxy_port}"),
            "accept",
            "our proxy on its own bridge",
        ),
        rule(String::new(), "drop", "the host is closed"),
    ]);
    rules
}

/// From a workload through this host: the internet and nothing else. To a workload through this host: nothing new.
fn through_host(Scope { pool, .. }: Scope, resolvers: &[Ipv4Addr]) -> Vec<Rule> {
    let rule = |matches: String, verdict, comment| Rule {
        chain: "forward",
        matches,
        verdict,
        comment,
    };
    let bridge = BRIDGE_PREFIX;
    let mut rules = vec![rule(
        format!("oifname \"{bridge}*\" ip daddr {pool} ct state new,invalid,untracked"),
        "drop",
        "only the host dials workloads",
    )];
    rules.extend(from_our_bridges("forward", pool));
    rules.extend([
        rule(
            "ct state established,related".to_owned(),
            "accept",
            "answers",
        ),
        rule(
            format!("oifname \"{bridge}*\""),
            "drop",
            "no workload to workload",
        ),
    ]);
    if !resolvers.is_empty() {
        let list = resolvers
            .iter()
            .map(Ipv4Addr::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        for (protocol, comment) in [
            ("udp", "the resolvers"),
            ("tcp", "the resolvers, long answers"),
        ] {
            rules.push(rule(
                format!("ip daddr {{ {list} }} {protocol} dport 53"),
                "accept",
                comment,
            ));
        }
    }
    rules.extend([
        rule(
            format!("ip daddr {{ {NOT_INTERNET} }}"),
            "drop",
            "internet only",
        ),
        rule("tcp dport { 25, 465, 587 }".to_owned(), "drop", "no mail"),
    ]);
    rules
}

/// Both chains begin alike: what is not a Creel bridge's is not judged, then what no Creel allows, then what is not ours.
fn from_our_bridges(chain: &'static str, pool: Ipv4Net) -> Vec<Rule> {
    let rule = |matches: String, verdict, comment| Rule {
        chain,
        matches,
        verdict,
        comment,
    };
    vec![
        rule(
            format!("iifname != \"{BRIDGE_PREFIX}*\""),
            "accept",
            "not from a workload",
        ),
        rule("meta nfproto ipv6".to_owned(), "drop", "no IPv6"),
        rule(
            "fib saddr . iif oif missing".to_owned(),
            "drop",
            "a source that is not its bridge's",
        ),
        rule(format!("ip saddr != {pool}"), "accept", "another cluster's"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_that_nft_gets() {
        let scope = Scope {
            pool: "10.201.0.0/16".parse().unwrap(),
            proxy_port: 7080,
        };
        let resolvers = ["10.0.0.2".parse().unwrap()];
        insta::assert_snapshot!(Ruleset::new("creel_x", scope, &resolvers).text(), @r#"
        add table inet creel_x
        delete table inet creel_x
        table inet creel_x {
          chain input {
            type filter hook input priority -10; policy accept;
            iifname != "crl*" accept comment "not from a workload"
            meta nfproto ipv6 drop comment "no IPv6"
            fib saddr . iif oif missing drop comment "a source that is not its bridge's"
            ip saddr != 10.201.0.0/16 accept comment "another cluster's"
            ct state established,related accept comment "answers to us"
            fib daddr . iif type local tcp dport 7080 accept comment "our proxy on its own bridge"
             drop comment "the host is closed"
          }
          chain forward {
            type filter hook forward priority -10; policy accept;
            oifname "crl*" ip daddr 10.201.0.0/16 ct state new,invalid,untracked drop comment "only the host dials workloads"
            iifname != "crl*" accept comment "not from a workload"
            meta nfproto ipv6 drop comment "no IPv6"
            fib saddr . iif oif missing drop comment "a source that is not its bridge's"
            ip saddr != 10.201.0.0/16 accept comment "another cluster's"
            ct state established,related accept comment "answers"
            oifname "crl*" drop comment "no workload to workload"
            ip daddr { 10.0.0.2 } udp dport 53 accept comment "the resolvers"
            ip daddr { 10.0.0.2 } tcp dport 53 accept comment "the resolvers, long answers"
            ip daddr { 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 168.63.129.16, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4 } drop comment "internet only"
            tcp dport { 25, 465, 587 } drop comment "no mail"
          }
        }
        "#);
    }

    #[test]
    fn table_names_are_plain_and_differ() {
        assert!(table_name("Prod; drop").starts_with("creel_roddrop_"));
        assert_ne!(table_name("a-b"), table_name("ab"));
        assert!(table_name(&"x".repeat(100)).len() < 32);
    }
}
