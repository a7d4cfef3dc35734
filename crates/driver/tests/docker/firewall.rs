//! The firewall, tried from inside real containers. Each try is made without the firewall too, where it must succeed, or
//! the test would prove nothing.

use std::{
    io::Read as _,
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    time::Duration,
};

use creel_driver::{DockerDriver, Driver as _, Enforcement, FirewallState, WorkloadSpec};

use super::{
    outside::{FORBIDDEN, INTERNET, Outside, RESOLVER, command},
    rig::{DockerRig, host_address, rig_with},
};
use crate::contract::{Rig as _, run, until};

/// A rig whose proxy port is this.
async fn rig(port: u16, firewall: Enforcement) -> DockerRig {
    rig_with(|options| {
        options.proxy_port = port;
        options.firewall = firewall;
        options.resolvers = vec![RESOLVER];
    })
    .await
}

/// A service on every address of this host, as a careless database is.
fn service() -> (TcpListener, u16) {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

async fn started(rig: &DockerRig) -> WorkloadSpec {
    let spec = rig.spec();
    run(rig, &spec).await;
    rig.say(spec.instance, "up").await;
    spec
}

fn at(address: impl std::fmt::Display, port: u16) -> String {
    format!("{address}:{port}")
}

fn open(dialled: &[String]) -> Vec<&str> {
    dialled
        .iter()
        .filter_map(|line| line.strip_suffix(" open"))
        .collect()
}

/// Every way to this host and to another workload that is not our listener on the own bridge.
fn closed_ways(own: &WorkloadSpec, other: &WorkloadSpec, proxy: u16, service: u16) -> Vec<String> {
    let docker0 = Ipv4Addr::new(172, 17, 0, 1);
    vec![
        at(own.lease.gateway, service),
        at(other.lease.gateway, service),
        at(other.lease.gateway, proxy),
        at(host_address(), service),
        at(host_address(), proxy),
        at(docker0, service),
        at(docker0, proxy),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_listener_on_the_own_bridge_answers() {
    let ((_proxy, proxy), (_service, service)) = (service(), service());
    let guarded = rig(proxy, Enforcement::Enforced).await;
    let (one, two) = (started(&guarded).await, started(&guarded).await);
    let own = at(one.lease.gateway, proxy);
    let mut ways = closed_ways(&one, &two, proxy, service);
    ways.push(own.clone());
    ways.push(at(two.lease.workload, 18789));
    assert_eq!(open(&guarded.dial(one.instance, &ways).await), [own]);

    let naked = rig(proxy, Enforcement::DangerouslyOff).await;
    let (one, two) = (started(&naked).await, started(&naked).await);
    let ways = closed_ways(&one, &two, proxy, service);
    assert_eq!(
        open(&naked.dial(one.instance, &ways).await),
        ways,
        "without it each of them is open"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_reaches_the_workload() {
    let rig = rig(7080, Enforcement::Enforced).await;
    let spec = started(&rig).await;
    let mut text = String::new();
    let mut gateway = TcpStream::connect((spec.lease.workload, 18789)).unwrap();
    gateway.read_to_string(&mut text).unwrap();
    assert_eq!(text, "gateway");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_datagrams_reach_the_host() {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(700)))
        .unwrap();
    let port = socket.local_addr().unwrap().port();
    for (firewall, arrives) in [
        (Enforcement::Enforced, false),
        (Enforcement::DangerouslyOff, true),
    ] {
        let rig = rig(7080, firewall).await;
        let spec = started(&rig).await;
        let sent = rig
            .exec(spec.instance, &["/bin/udp", &at(spec.lease.gateway, port)])
            .await;
        assert_eq!(sent.code, 0);
        assert_eq!(socket.recv(&mut [0; 8]).is_ok(), arrives, "{firewall:?}");
    }
}

/// Both halves in one test: the addresses outside are there once per process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_internet_and_nothing_else_beyond_the_host() {
    let outside = Outside::new();
    let mut ways: Vec<String> = FORBIDDEN.iter().map(|address| at(address, 80)).collect();
    ways.extend([25, 465, 587].map(|port| at(INTERNET, port)));
    ways.push(at(RESOLVER, 80));
    let allowed = [at(INTERNET, 80), at(RESOLVER, 53)];
    ways.extend(allowed.clone());

    let naked = rig(7080, Enforcement::DangerouslyOff).await;
    let spec = started(&naked).await;
    assert_eq!(
        open(&naked.dial(spec.instance, &ways).await),
        ways,
        "without it each of them is open"
    );

    let guarded = rig(7080, Enforcement::Enforced).await;
    let spec = started(&guarded).await;
    assert_eq!(open(&guarded.dial(spec.instance, &ways).await), allowed);
    let metadata = [
        "169.254.169.254:80",
        "168.63.129.16:80",
        "100.100.100.200:80",
    ]
    .map(str::to_owned);
    assert_eq!(
        open(&guarded.dial(spec.instance, &metadata).await),
        Vec::<&str>::new()
    );
    let inwards = outside.dial(&at(spec.lease.workload, 18789));
    assert!(!inwards.contains(" open"), "{inwards}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clusters_on_one_host_keep_out_of_each_others_way() {
    let ((_first, first), (_second, second)) = (service(), service());
    let (one, two) = (
        rig(first, Enforcement::Enforced).await,
        rig(second, Enforcement::Enforced).await,
    );
    for (rig, port, other) in [(&one, first, second), (&two, second, first)] {
        let spec = started(rig).await;
        let ways = [at(spec.lease.gateway, port), at(spec.lease.gateway, other)];
        assert_eq!(open(&rig.dial(spec.instance, &ways).await), [&*ways[0]]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_were_flushed_or_changed_are_written_again() {
    let (_service, service) = service();
    let rig = rig(7080, Enforcement::Enforced).await;
    let state = async || rig.driver.assert_host().await.unwrap().firewall;
    let spec = started(&rig).await;
    assert_eq!(state().await, FirewallState::Held, "the start asserted it");
    let table = table_of(&rig);
    let ways = [at(spec.lease.gateway, service)];
    for damage in [
        format!("delete table inet {table}"),
        format!("flush chain inet {table} input"),
        format!("insert rule inet {table} input tcp dport {service} accept"),
    ] {
        nft(&damage);
        assert_eq!(
            open(&rig.dial(spec.instance, &ways).await),
            ways,
            "the damage is real: {damage}"
        );
        assert_eq!(state().await, FirewallState::Written, "{damage}");
        assert_eq!(
            open(&rig.dial(spec.instance, &ways).await),
            Vec::<&str>::new(),
            "{damage}"
        );
        assert_eq!(state().await, FirewallState::Held);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_leaves_no_gap() {
    let (_service, service) = service();
    let rig = rig(7080, Enforcement::Enforced).await;
    let spec = started(&rig).await;
    let writing = async {
        for _ in 0..60 {
            // A new driver remembers nothing, so it writes.
            let report = DockerDriver::connect(rig.options.clone())
                .unwrap()
                .assert_host()
                .await
                .unwrap();
            assert_eq!(report.firewall, FirewallState::Written);
        }
    };
    // One dial after the other, each with several attempts of the kernel in it.
    let ways = vec![at(spec.lease.gateway, service); 4];
    let ((), dialled) = tokio::join!(writing, rig.dial(spec.instance, &ways));
    assert_eq!(open(&dialled), Vec::<&str>::new());
    until(&rig, spec.instance, |seen| seen.runs(&spec)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_of_another_cluster_over_our_pool_is_told() {
    let one = rig(7080, Enforcement::Enforced).await;
    one.driver.assert_host().await.unwrap();
    let two = rig_with(|options| options.pool = one.options.pool).await;
    let warnings = two.driver.assert_host().await.unwrap().warnings.join(" ");
    assert!(
        warnings.contains(&format!("nft delete table inet {}", table_of(&one))),
        "{warnings}"
    );
    one.driver.release_host().await.unwrap();
    let warnings = two.driver.assert_host().await.unwrap().warnings.join(" ");
    assert!(!warnings.contains("another cluster"), "{warnings}");
}

/// The table of this rig's cluster, found by its pool.
fn table_of(rig: &DockerRig) -> String {
    let listing = command("/usr/sbin/nft", &["list", "ruleset"])
        .output()
        .unwrap();
    let listing = String::from_utf8(listing.stdout).unwrap();
    let pool = rig.options.pool.to_string();
    let ours = listing
        .split("table inet ")
        .find(|table| table.contains(&pool))
        .unwrap();
    ours.split_whitespace().next().unwrap().to_owned()
}

fn nft(words: &str) {
    let output = command("/usr/sbin/nft", &[words]).output().unwrap();
    assert!(
        output.status.success(),
        "{words}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
