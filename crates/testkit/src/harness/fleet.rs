//! Puts a miniature OpenClaw behind every workload that the fake driver starts, so that the whole server can be tested without an engine.
//!
//! Owns the stubs and their volumes, keyed by instance. It follows the driver's events in order; a workload whose files a real Gateway
//! would refuse exits with 78, as a real one does.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use creel_domain::InstanceId;
use creel_driver::{Exit, FakeDriver, FakeEvent};
use tokio::sync::{broadcast, watch};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::gateway::{Behaviour, Files, Log, PORT, StubGateway, Volume};

/// What a Gateway exits with when its configuration is invalid.
const INVALID_CONFIG: i64 = 78;

/// The stubs behind one fake driver. Dropping it stops them all.
#[derive(Debug)]
pub struct Fleet {
    shared: Arc<Shared>,
    _on_drop: DropGuard,
}

#[derive(Debug, Default)]
struct Shared {
    crews: Mutex<HashMap<InstanceId, Crew>>,
    behaviour: Mutex<Behaviour>,
    changed: watch::Sender<()>,
}

/// One instance: its state outlives its Gateways.
#[derive(Debug, Default)]
struct Crew {
    volume: Volume,
    gateway: Option<Arc<StubGateway>>,
}

impl Fleet {
    /// Follows the driver from now on: call it before anything is started.
    pub fn attach(driver: &FakeDriver) -> Self {
        let shared = Arc::new(Shared::default());
        let stop = CancellationToken::new();
        let work = follow(driver.clone(), driver.events(), Arc::clone(&shared));
        TaskTracker::new().spawn(stop.clone().run_until_cancelled_owned(work));
        Self {
            shared,
            _on_drop: stop.drop_guard(),
        }
    }

    /// Gateways that start from now on behave like this.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.shared.behaviour) = behaviour;
    }

    /// The running Gateway of an instance.
    pub fn gateway(&self, id: InstanceId) -> Option<Arc<StubGateway>> {
        lock(&self.shared.crews).get(&id)?.gateway.clone()
    }

    /// The state volume of an instance; empty if it never ran.
    pub fn volume(&self, id: InstanceId) -> Volume {
        lock(&self.shared.crews)
            .entry(id)
            .or_default()
            .volume
            .clone()
    }

    /// Waits until the Gateway of an instance listens; `None` at the timeout.
    pub async fn wait_for(&self, id: InstanceId, timeout: Duration) -> Option<Arc<StubGateway>> {
        let mut changed = self.shared.changed.subscribe();
        let found = async {
            loop {
                if let Some(gateway) = self.gateway(id) {
                    break gateway;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(timeout, found).await.ok()
    }
}

async fn follow(
    driver: FakeDriver,
    mut events: broadcast::Receiver<FakeEvent>,
    shared: Arc<Shared>,
) {
    loop {
        match events.recv().await {
            Ok(FakeEvent::Started { instance, address }) => {
                start(&driver, &shared, instance, address).await;
            }
            Ok(FakeEvent::Stopped { instance }) => stop(&shared, instance).await,
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
        shared.changed.send_replace(());
    }
}

async fn start(driver: &FakeDriver, shared: &Shared, id: InstanceId, address: Ipv4Addr) {
    // A start without a stop in between: the old process is gone all the same.
    stop(shared, id).await;
    let files: Files = driver.files(id).into_iter().flatten().collect();
    let volume = lock(&shared.crews).entry(id).or_default().volume.clone();
    let address = SocketAddr::from((address, PORT));
    let log = {
        let driver = driver.clone();
        Log::to(move |line| driver.say(id, line))
    };
    driver.say(id, "[gateway] loading configuration");
    match StubGateway::start_agent_with_log(address, files, &volume, log).await {
        Ok(gateway) => {
            gateway.behave(lock(&shared.behaviour).clone());
            driver.say(id, "[gateway] ready");
            lock(&shared.crews).entry(id).or_default().gateway = Some(Arc::new(gateway));
        }
        Err(error) => {
            driver.say(id, &format!("[gateway] cannot start: {error}"));
            // An address that another process holds is no fault of the configuration.
            let refused = error.kind() == std::io::ErrorKind::InvalidInput;
            let exit = Exit {
                code: if refused { INVALID_CONFIG } else { 1 },
                oom_killed: false,
            };
            driver.crash(id, exit);
        }
    }
}

async fn stop(shared: &Shared, id: InstanceId) {
    let gateway = lock(&shared.crews)
        .get_mut(&id)
        .and_then(|crew| crew.gateway.take());
    // A test that still holds it keeps its memory, not its socket: that must be free for the next start.
    if let Some(gateway) = gateway {
        gateway.close().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
