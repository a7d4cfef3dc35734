//! The engine of `driver.kind = fake`: workloads in memory, a miniature agent behind each, and a switch for what shall go wrong.
//!
//! Owns the agents, which live as long as the reconciler that asks them, and reads the file `fake-engine` in the data directory: while it
//! says `down` the engine does not answer, while it says `fail STEP` that step of every operation fails, while it says `slow MS` each step
//! takes so long. Nothing survives the process; what ran before starts again from the rows.

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use creel_control::reconciler::{AlwaysReady, Applied, GatewayProbe, Probe};
use creel_domain::Step;
use creel_driver::{Error, FakeDriver};
use creel_openclaw::persona::Persona;
use creel_testkit::harness::Fleet;
use serde_json::Value;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use super::{Engine, clock};
use crate::config::Config;

/// How soon a change of the switch is seen.
const LOOK: Duration = Duration::from_millis(200);
/// Failures asked for at once: more than any operation tries before it gives up.
const FAILURES: usize = 1000;

/// Makes the engine; the agents follow it from its first start.
pub(super) fn engine(config: &Config, tasks: &TaskTracker) -> Engine {
    let driver = FakeDriver::new(clock());
    driver.assume_volumes();
    let usual = Duration::from_millis(config.driver.fake_step_ms);
    slow_down(&driver, usual);
    let stop = CancellationToken::new();
    let switch = follow(driver.clone(), usual, config.data_dir.join("fake-engine"));
    tasks.spawn(stop.clone().run_until_cancelled_owned(switch));
    let probe: Arc<dyn Probe> = if config.driver.fake_agents {
        Arc::new(GatewayProbe::new(tasks.clone()))
    } else {
        Arc::new(AlwaysReady)
    };
    let agents = config.driver.fake_agents.then(|| Fleet::attach(&driver));
    Engine {
        probe: Arc::new(Held {
            probe,
            _agents: agents,
            _stop: stop.drop_guard(),
        }),
        driver: Arc::new(driver),
    }
}

fn slow_down(driver: &FakeDriver, each: Duration) {
    for step in Step::ALL {
        driver.delay(*step, each);
    }
}

/// Does what the file says, whenever it says something else than before.
async fn follow(driver: FakeDriver, usual: Duration, path: PathBuf) {
    let mut done = String::new();
    loop {
        let text = tokio::fs::read_to_string(&path).await.unwrap_or_default();
        if text != done {
            obey(&driver, usual, text.trim());
            done = text;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn obey(driver: &FakeDriver, usual: Duration, text: &str) {
    driver.set_available(text != "down");
    driver.forgive_steps();
    let slow = text.strip_prefix("slow ").and_then(|ms| ms.parse().ok());
    slow_down(driver, slow.map_or(usual, Duration::from_millis));
    let step: Option<Step> = text
        .strip_prefix("fail ")
        .and_then(|name| name.parse().ok());
    if let Some(step) = step {
        let message = "the fake engine was told to fail".to_owned();
        driver.fail_step(step, FAILURES, Error::Refused { message });
    }
}

/// A probe, and what must live as long as it.
struct Held {
    probe: Arc<dyn Probe>,
    _agents: Option<Fleet>,
    _stop: DropGuard,
}

#[async_trait]
impl Probe for Held {
    async fn ready(&self, workload: Ipv4Addr) -> bool {
        self.probe.ready(workload).await
    }
    async fn apply(&self, workload: Ipv4Addr, config: &Value) -> Applied {
        self.probe.apply(workload, config).await
    }
    async fn persona(&self, workload: Ipv4Addr, persona: &Persona) -> bool {
        self.probe.persona(workload, persona).await
    }
}
