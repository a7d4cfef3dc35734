//! The resolvers that the engine forwards a workload's questions to, found as the engine finds them.
//!
//! It asks a resolver from within the workload's network, so one at a private address needs a hole for port 53. One on
//! the host's loopback is asked from the host and needs none.

use std::net::Ipv4Addr;

/// `systemd-resolved` shows programs a stub on loopback; the engine then reads the real ones here.
const BEHIND_STUB: &str = "/run/systemd/resolve/resolv.conf";

/// Most resolvers taken: libc asks three, and each is a hole.
const MAX: usize = 3;

pub(super) fn of_host() -> Vec<Ipv4Addr> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let shown = parse(&read("/etc/resolv.conf"));
    if shown.is_empty() {
        parse(&read(BEHIND_STUB))
    } else {
        shown
    }
}

fn parse(text: &str) -> Vec<Ipv4Addr> {
    let mut found: Vec<Ipv4Addr> = text
        .lines()
        .filter_map(|line| line.strip_prefix("nameserver")?.trim().parse().ok())
        .filter(|address: &Ipv4Addr| !address.is_loopback() && !address.is_unspecified())
        .take(MAX)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_comments_and_ipv6_are_no_holes() {
        let text = "# nameserver 10.0.0.1\nnameserver 127.0.0.53\nnameserver fd00::1\nnameserver 10.0.0.2\noptions edns0\n";
        assert_eq!(parse(text), ["10.0.0.2".parse::<Ipv4Addr>().unwrap()]);
    }
}
