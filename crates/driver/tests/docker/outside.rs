//! A piece of the world beyond this host: a network namespace that answers at addresses of every kind, reached by the
//! same forwarding as the internet.

use std::{
    io::{BufRead as _, BufReader},
    net::Ipv4Addr,
    process::{Child, Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_creel-driver-test-workload");

/// One address in each range that no tenant may reach, none of them in use anywhere.
pub(crate) const FORBIDDEN: [&str; 8] = [
    "10.203.77.77",
    "172.31.77.77",
    "192.168.177.77",
    "100.64.77.77",
    "169.254.77.77",
    "198.18.77.77",
    "203.0.113.77",
    "240.0.77.77",
];
/// A resolver at a private address.
pub(crate) const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 203, 77, 53);
/// Stands for the internet: public, and routed to nobody here.
pub(crate) const INTERNET: &str = "11.77.77.77";

pub(crate) struct Outside {
    name: String,
    server: Child,
}

impl Outside {
    pub(crate) fn new() -> Self {
        let name = format!("crt{}", std::process::id());
        let link = format!("{name}h");
        ip(&["netns", "add", &name]);
        ip(&[
            "link", "add", &link, "type", "veth", "peer", "name", "eth0", "netns", &name,
        ]);
        ip(&["link", "set", &link, "up"]);
        for device in ["lo", "eth0"] {
            ip(&["-n", &name, "link", "set", device, "up"]);
        }
        ip(&["-n", &name, "route", "add", "default", "dev", "eth0"]);
        let resolver = RESOLVER.to_string();
        for address in FORBIDDEN.into_iter().chain([&*resolver, INTERNET]) {
            ip(&["-n", &name, "address", "add", address, "dev", "lo"]);
            ip(&["route", "replace", address, "dev", &link]);
        }
        let server = serve(&name, &["53", "80", "25", "465", "587"]);
        Self { name, server }
    }

    /// Dials from out there.
    pub(crate) fn dial(&self, to: &str) -> String {
        let output = command("ip", &["netns", "exec", &self.name, PROGRAM, "tcp", to])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        // Its end of the link, and with it ours and the routes, go too.
        ip(&["netns", "delete", &self.name]);
    }
}

fn serve(namespace: &str, ports: &[&str]) -> Child {
    let mut words = vec!["netns", "exec", namespace, PROGRAM, "serve"];
    words.extend(ports);
    let mut server = command("ip", &words)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut ready)
        .unwrap();
    assert_eq!(ready, "ready\n");
    server
}

fn ip(words: &[&str]) {
    let output = command("ip", words).output().unwrap();
    assert!(
        output.status.success(),
        "ip {words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test of the host's network has to change the host's network"
)]
pub(crate) fn command(program: &str, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words);
    command
}
