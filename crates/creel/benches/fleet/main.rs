//! `make bench-fleet`: what Creel adds to the engine's own work, and what it weighs.
//!
//! One JSON line per case on standard output, progress on standard error. C1 compares create → container running through our API with the raw Docker
//! API given identical flags, interleaved in one run; C6 and C7 weigh the process idle and with a thousand instances of the fake driver.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for people: it ends when something is wrong, and prints"
)]

#[path = "../../tests/it/engine/docker.rs"]
mod docker;
mod raw;
#[path = "../../tests/it/engine/server.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod server;
mod weight;

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use server::{Person, Server, Setup};

const ROUNDS: usize = 20;
/// The first rounds warm caches on both sides and do not count.
const WARM_UP: usize = 2;
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test --benches` only asks whether it links.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    // `-- weight` leaves the engine out.
    if !std::env::args().any(|arg| arg == "weight") {
        create_to_running().await;
    }
    weight::run().await;
}

async fn create_to_running() {
    let server = Server::start(&docker::stand_in(), Setup::default()).await;
    let person = server.person("bench@example.org").await;
    let template = raw::Template::of(&first(&person).await);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + WARM_UP {
        let (mine, raw) = (
            through_creel(&person).await,
            template.create_and_start(&server.cluster, round).await,
        );
        eprintln!("round {round}: creel {mine:?}, raw {raw:?}");
        if round >= WARM_UP {
            ours.push(mine);
            theirs.push(raw);
        }
    }
    report(&mut ours, &mut theirs);
}

/// An instance made through Creel: its container's flags are what the raw calls repeat.
async fn first(person: &Person<'_>) -> Value {
    let (_, container) = create(person).await;
    let inspected: Value = serde_json::from_str(&docker::said(&["inspect", &container])).unwrap();
    let network: Value =
        serde_json::from_str(&docker::said(&["network", "inspect", &container])).unwrap();
    remove(person).await;
    json!({ "container": inspected[0], "network": network[0] })
}

async fn create(person: &Person<'_>) -> (Instant, String) {
    let began = Instant::now();
    let created = person
        .post("instances", json!({ "slug": "bench", "plan": "team" }))
        .await;
    let id = created["instance"]["id"]
        .as_str()
        .unwrap()
        .trim_start_matches("inst_")
        .to_owned();
    let container = format!("creel-{id}");
    raw::until_running(&container).await;
    (began, container)
}

async fn through_creel(person: &Person<'_>) -> Duration {
    let (began, _) = create(person).await;
    let took = began.elapsed();
    remove(person).await;
    took
}

async fn remove(person: &Person<'_>) {
    let gone = person.ok(Method::DELETE, "instances/bench", None).await;
    let operation = gone["operation"]["id"]
        .as_str()
        .or(gone["id"].as_str())
        .unwrap();
    person.finished(operation, PATIENCE).await;
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100].as_secs_f64() * 1000.0
}

fn report(ours: &mut [Duration], theirs: &mut [Duration]) {
    ours.sort_unstable();
    theirs.sort_unstable();
    for (percent, must, stretch) in [(50, 1.2, 1.05), (90, 1.3, 1.1)] {
        let (creel, raw) = (percentile(ours, percent), percentile(theirs, percent));
        let ratio = creel / raw;
        let line = json!({
            "case": "C1", "metric": format!("create_to_running_p{percent}_ms"), "creel": creel, "peers": { "docker_api": raw },
            "ratio_to": "docker_api", "ratio": ratio, "must": must, "stretch": stretch, "ok": ratio <= must, "rounds": ours.len(),
        });
        println!("{line}");
    }
}
