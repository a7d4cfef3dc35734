//! Two instances on one host: what each can reach, tried from inside with plain sockets.

use std::{net::TcpListener, process::Command, time::Duration};

use serde_json::{Value, json};

use super::{
    docker,
    server::{Person, Server, Setup},
};

const PATIENCE: Duration = Duration::from_mins(1);

struct Inside {
    container: String,
    gateway: String,
    address: String,
}

async fn instance(person: &Person<'_>, slug: &str) -> Inside {
    let created = person
        .post("instances", json!({ "slug": slug, "plan": "pro" }))
        .await;
    person
        .finished(created["operation"]["id"].as_str().unwrap(), PATIENCE)
        .await;
    let id = created["instance"]["id"]
        .as_str()
        .unwrap()
        .trim_start_matches("inst_")
        .to_owned();
    let container = format!("creel-{id}");
    let network: Value =
        serde_json::from_str(&docker::said(&["network", "inspect", &container])).unwrap();
    let gateway = network[0]["IPAM"]["Config"][0]["Gateway"]
        .as_str()
        .unwrap()
        .to_owned();
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    Inside {
        address: docker::said(&["inspect", "--format", format, &container]),
        container,
        gateway,
    }
}

impl Inside {
    /// Which of these `host:port` accept a connection, tried from inside this container.
    fn open(&self, targets: &[String]) -> Vec<String> {
        const SCRIPT: &str = "const net = require('net'); Promise.all(process.argv.slice(1).map(t => new Promise(done => { \
            const i = t.lastIndexOf(':'); const s = net.connect({ host: t.slice(0, i), port: +t.slice(i + 1) }); \
            s.setTimeout(1500, () => { s.destroy(); done(null); }); s.on('error', () => done(null)); \
            s.on('connect', () => { s.destroy(); done(t); }); }))).then(all => console.log(JSON.stringify(all.filter(Boolean))))";
        let mut args = vec!["exec", self.container.as_str(), "node", "-e", SCRIPT, "--"];
        args.extend(targets.iter().map(String::as_str));
        serde_json::from_str(&docker::said(&args)).unwrap()
    }

    /// HTTP status of a GET with a bearer, from inside.
    fn status(&self, url: &str, key: &str) -> u16 {
        const SCRIPT: &str = "fetch(process.argv[1], { headers: { authorization: 'Bearer ' + process.argv[2] } }).then(r => console.log(r.status))";
        docker::said(&[
            "exec",
            &self.container,
            "node",
            "-e",
            SCRIPT,
            "--",
            url,
            key,
        ])
        .parse()
        .unwrap()
    }

    fn key(&self) -> String {
        docker::said(&["exec", &self.container, "cat", "/run/creel/instance_key"])
    }
}

/// A host of our own with a metadata and a private address, behind a route: without the firewall it would answer.
struct Neighbour {
    child: std::process::Child,
}

const NEIGHBOUR: [&str; 2] = ["169.254.169.254", "192.168.77.1"];

#[expect(
    clippy::disallowed_methods,
    reason = "the test makes a network namespace of its own"
)]
fn run(line: &str) -> bool {
    let mut words = line.split(' ');
    Command::new(words.next().unwrap())
        .args(words)
        .output()
        .is_ok_and(|o| o.status.success())
}

impl Neighbour {
    fn new() -> Self {
        run("ip netns del creel-test-nb");
        assert!(
            run("ip netns add creel-test-nb"),
            "network namespaces can be made: apt-get install iproute2, as root"
        );
        for line in [
            "ip link add creel-nb0 type veth peer name creel-nb1 netns creel-test-nb",
            "ip addr add 192.168.76.1/30 dev creel-nb0",
            "ip link set creel-nb0 up",
            "ip -n creel-test-nb link set lo up",
            "ip -n creel-test-nb addr add 192.168.76.2/30 dev creel-nb1",
            "ip -n creel-test-nb link set creel-nb1 up",
            "ip -n creel-test-nb route add default via 192.168.76.1",
        ] {
            assert!(run(line), "{line}");
        }
        for address in NEIGHBOUR {
            assert!(
                run(&format!("ip -n creel-test-nb addr add {address}/32 dev lo")),
                "{address}"
            );
            assert!(
                run(&format!("ip route replace {address}/32 via 192.168.76.2")),
                "{address}"
            );
        }
        #[expect(clippy::disallowed_methods, reason = "the neighbour's listener")]
        let child = Command::new("ip")
            .args([
                "netns",
                "exec",
                "creel-test-nb",
                "node",
                "-e",
                "require('net').createServer(s => s.end()).listen(80, '0.0.0.0')",
            ])
            .spawn()
            .unwrap();
        let neighbour = Self { child };
        let up = || {
            std::net::TcpStream::connect_timeout(
                &"169.254.169.254:80".parse().unwrap(),
                Duration::from_millis(500),
            )
            .is_ok()
        };
        assert!(
            (0..50).any(|_| up() || {
                std::thread::sleep(Duration::from_millis(100));
                false
            }),
            "the neighbour answers the host"
        );
        neighbour
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        run("ip netns del creel-test-nb");
        run("ip link del creel-nb0");
    }
}

#[tokio::test]
async fn neighbours_host_and_private_addresses_are_out_of_reach() {
    let server = Server::start(&docker::stand_in(), Setup::default()).await;
    let person = server.person("walls@example.org").await;
    let (a, b) = (
        instance(&person, "aaa").await,
        instance(&person, "bbb").await,
    );
    let service = TcpListener::bind("0.0.0.0:0").unwrap();
    let (service, proxy) = (service.local_addr().unwrap().port(), server.proxy_port);
    let _neighbour = Neighbour::new();

    for (own, other) in [(&a, &b), (&b, &a)] {
        let own_proxy = format!("{}:{proxy}", own.gateway);
        let mut targets = vec![
            own_proxy.clone(),
            format!("{}:18789", other.address),
            format!("{}:{proxy}", other.gateway),
        ];
        // The docker0 address stands for the host's other addresses: it is one, and it is always there.
        for host in [&own.gateway, &other.gateway, &"172.17.0.1".to_owned()] {
            targets.push(format!("{host}:{service}"));
            targets.push(format!("{host}:22"));
        }
        targets.extend(NEIGHBOUR.map(|address| format!("{address}:80")));
        assert_eq!(own.open(&targets), [own_proxy], "from {}", own.container);
    }
}

#[tokio::test]
async fn a_key_on_another_bridge_is_refused_and_audited() {
    let setup = Setup::default().with(
        "CREEL_PROVIDERS__OPENAI__KEY",
        "sk-platform-key-of-the-test-0123456789",
    );
    let server = Server::start(&docker::stand_in(), setup).await;
    let person = server.person("keys@example.org").await;
    let (a, b) = (
        instance(&person, "aaa").await,
        instance(&person, "bbb").await,
    );
    let models = |at: &Inside| {
        format!(
            "http://{}:{}/llm/openai/v1/models",
            at.gateway, server.proxy_port
        )
    };
    assert_eq!(
        a.status(&models(&a), &a.key()),
        200,
        "each reaches its own proxy"
    );
    assert_eq!(b.status(&models(&b), &b.key()), 200);
    assert_eq!(
        b.status(&models(&b), &a.key()),
        401,
        "A's key on B's bridge"
    );
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    loop {
        let lines = creel_db::audit::list(server.database.db.read(), None, 100)
            .await
            .unwrap();
        if lines
            .iter()
            .any(|line| line.action == "instance_key.misused")
        {
            return;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "the misuse is audited: {lines:#?}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
