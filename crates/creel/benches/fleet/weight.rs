//! What the process weighs: proportional set size from `/proc`, idle and with a thousand instances.

use std::time::{Duration, Instant};

use creel_db::instance::{self, Instance, Settings};
use creel_domain::{Clock as _, Phase, Plan, SystemClock, SystemEntropy, ids::Id};
use serde_json::json;

use super::server::{Server, Setup};

const FLEET: usize = 1000;

pub(super) async fn run() {
    let setup = Setup::default()
        .with("CREEL_DRIVER__KIND", "fake")
        .with("CREEL_NETWORK__POOL", "127.64.0.0/16")
        // What is weighed is Creel, not the agents it would play.
        .with("CREEL_DRIVER__FAKE_AGENTS", "false");
    let server = Server::start("sha256:fake", setup).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    print("C6", "idle_pss_mb", pss_mb(server.pid()), 24.0, 12.0);
    populate(&server).await;
    let began = Instant::now();
    settled(&server).await;
    eprintln!("{FLEET} instances are running after {:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let weight = pss_mb(server.pid());
    // 223 MB: JupyterHub and its proxy with 1,000 users (performance.md C7).
    print(
        "C7",
        "pss_mb_with_1000_instances",
        weight,
        223.0 * 0.25,
        223.0 * 0.15,
    );
    let before = cpu_ticks(server.pid());
    tokio::time::sleep(Duration::from_secs(20)).await;
    let percent = (cpu_ticks(server.pid()) - before) / 20.0;
    print(
        "C7",
        "idle_cpu_percent_of_a_core_with_1000_instances",
        percent,
        2.0,
        0.5,
    );
}

fn print(case: &str, metric: &str, value: f64, must: f64, stretch: f64) {
    println!(
        "{}",
        json!({ "case": case, "metric": metric, "creel": value, "must": must, "stretch": stretch, "ok": value <= must })
    );
}

async fn populate(server: &Server) {
    let plan = Plan::shipped()[0].clone();
    let tx = server.database.db.begin().await.expect("a transaction");
    for n in 0..FLEET {
        let settings = Settings {
            plan: plan.id.clone(),
            model: plan.default_model.clone(),
            thinking: None,
            language: None,
            persona: None,
        };
        let id = Id::generate(&SystemClock, &SystemEntropy);
        let tenant = Id::generate(&SystemClock, &SystemEntropy);
        let slug = format!("bench-{n}").parse().expect("a slug");
        let row = Instance::fresh(id, tenant, slug, settings, SystemClock.now());
        instance::insert(&tx, &row).await.expect("a row");
    }
    tx.commit().await.expect("a commit");
}

async fn settled(server: &Server) {
    let deadline = Instant::now() + Duration::from_mins(5);
    loop {
        let rows = instance::list_live(server.database.db.read())
            .await
            .expect("rows");
        let running = rows
            .iter()
            .filter(|row| row.phase == Phase::Running)
            .count();
        if running == FLEET {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{running} of {FLEET} are running"
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn pss_mb(pid: u32) -> f64 {
    let rollup =
        std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("the process is there");
    let line = rollup
        .lines()
        .find(|line| line.starts_with("Pss:"))
        .expect("a Pss line");
    let kilobytes: f64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    kilobytes / 1024.0
}

/// CPU time used so far, in hundredths of a second.
fn cpu_ticks(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process is there");
    let after = stat.rsplit_once(')').expect("a name in brackets").1;
    let fields: Vec<f64> = after
        .split_whitespace()
        .map(|f| f.parse().unwrap_or(0.0))
        .collect();
    fields[11] + fields[12]
}
