//! `creel doctor`: everything Creel rests on, looked at one by one, each with what mends it.
//!
//! Changes nothing but one thing: it asserts the host's firewall rules, because reading back what was asserted is the only proof that they hold.
//! Runs beside a serving Creel and without one. One finding never hides another.

mod disk;
mod engine;
mod finding;
mod host;
mod key;
mod listener;
mod store;

use std::process::ExitCode;

use crate::{
    config::{Config, Flags, Kind, Layers},
    house, output,
};
use finding::{Finding, Level, fail, ok, warn};
pub(crate) use listener::reachable;

/// Looks and tells; failure when anything is [`Level::Fail`].
pub(crate) async fn run(flags: &Flags, json: bool) -> anyhow::Result<ExitCode> {
    let findings = match Layers::gather(flags).and_then(|layers| Ok((layers.load()?, layers.file)))
    {
        Ok((config, file)) => {
            let from = file.map_or_else(
                || "environment and defaults".to_owned(),
                |file| file.display().to_string(),
            );
            let mut findings = vec![ok("configuration", from)];
            findings.extend(exposure(&config));
            findings.extend(examine(&config).await);
            findings
        }
        Err(problem) => vec![fail(
            "configuration",
            problem.to_string(),
            "Mend the key, then run: creel config check",
        )],
    };
    if json {
        output::json(&findings)?;
    } else {
        print(&findings);
    }
    let failed = findings.iter().any(|f| f.level == Level::Fail);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = disk::data_dir(config);
    let (seen, store) = store::look(config).await;
    findings.extend(seen);
    findings.extend(key::look(&config.master_key, store.as_ref()).await);
    match config.driver.kind {
        Kind::Docker => {
            findings.extend(disk::engine_root());
            findings.extend(engine::look(config, store.as_ref()).await);
            findings.extend(host::network(config));
        }
        Kind::Fake => findings.push(warn(
            "engine",
            "the driver is fake: nothing really runs",
            "Set driver.kind = \"docker\".",
        )),
    }
    findings.extend(listener::look(config).await);
    findings.extend(host::outside_and_clock(config, store.as_ref()).await);
    if let Some(store) = store {
        let _ = store.db.close().await;
    }
    findings
}

/// What strangers could reach.
fn exposure(config: &Config) -> Option<Finding> {
    let local = matches!(
        config.server.public_url.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]")
    );
    let plain = config.server.public_url.scheme() == "http";
    (plain && !local).then(|| {
        let message = format!("{} is not https: passwords and cookies cross the network in the clear", config.server.public_url);
        warn("address", message, "Put a reverse proxy with TLS before Creel and set server.public_url to its https address.")
    })
}

fn print(findings: &[Finding]) {
    for one in findings {
        let mark = match one.level {
            Level::Ok => "  ok  ",
            Level::Info => " info ",
            Level::Warn => " WARN ",
            Level::Fail => " FAIL ",
        };
        output::line(&format!("{mark} {:<14} {}", one.subject, one.message));
        if let Some(mend) = &one.mend {
            output::line(&format!("{:21} → {mend}", ""));
        }
    }
    let count = |level| findings.iter().filter(|f| f.level == level).count();
    output::line(&format!(
        "\n{} ok, {} warnings, {} failures",
        count(Level::Ok),
        count(Level::Warn),
        count(Level::Fail)
    ));
}

/// The opened database, for the checks after it.
pub(super) struct Store {
    pub(super) db: creel_db::Db,
    pub(super) cluster: Option<String>,
}

fn engine_of(config: &Config, store: Option<&Store>) -> anyhow::Result<house::Engine> {
    // Without a database there is no cluster id yet; a name of our own never owns anything.
    let cluster = store.and_then(|s| s.cluster.as_deref()).unwrap_or("doctor");
    house::engine(config, cluster, &tokio_util::task::TaskTracker::new())
}
