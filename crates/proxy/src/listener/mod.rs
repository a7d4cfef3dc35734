//! One TCP listener per route, added and removed as the snapshot changes.
//!
//! The address may be bound before its bridge exists (IP_FREEBIND) and stays bound while the bridge is rebuilt. A bind that fails is tried
//! again and reported in [`Health`]. When a route goes, its connections are cut at once: a deleted or suspended instance has no last
//! words. A crash closes everything; the next start binds again from the snapshot.

mod bind;
mod connection;
mod stall;

use std::{
    collections::{BTreeMap, HashMap},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use creel_domain::InstanceId;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Context, snapshot::Snapshot};

/// Pause before a failed bind is tried again.
const REBIND: Duration = Duration::from_secs(1);

/// How the listeners are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Where each instance is served.
    pub bound: BTreeMap<InstanceId, SocketAddr>,
    /// Instances whose listener cannot be bound, and the system's reason; tried again every second.
    pub failing: BTreeMap<InstanceId, String>,
}

/// How connections end.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    /// No new connections; those that exist finish their request.
    pub(crate) stop: CancellationToken,
    /// Everything is cut.
    pub(crate) abort: CancellationToken,
    pub(crate) tracker: TaskTracker,
}

struct Open {
    gateway: Ipv4Addr,
    address: SocketAddr,
    cut: CancellationToken,
    accepting: JoinHandle<()>,
}

/// The listeners of one proxy.
pub(crate) struct Listeners {
    context: Arc<Context>,
    ending: Ending,
    health: watch::Sender<Health>,
    open: HashMap<InstanceId, Open>,
}

impl Listeners {
    pub(crate) fn new(
        context: Arc<Context>,
        ending: Ending,
        health: watch::Sender<Health>,
    ) -> Self {
        Self {
            context,
            ending,
            health,
            open: HashMap::new(),
        }
    }

    /// Follows the snapshot until a stop is asked.
    pub(crate) async fn run(mut self) {
        let mut snapshots = self.context.snapshot.clone();
        let stop = self.ending.stop.clone();
        loop {
            let snapshot = Arc::clone(&snapshots.borrow_and_update());
            let failing = self.converge(&snapshot).await;
            let retry = async {
                if failing {
                    tokio::time::sleep(REBIND).await;
                } else {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                changed = snapshots.changed() => if changed.is_err() { stop.cancelled().await },
                () = retry => {}
                () = stop.cancelled() => {}
            }
            if stop.is_cancelled() {
                return;
            }
        }
    }

    /// Closes what is not wanted, then opens what is missing; true when something could not be opened.
    async fn converge(&mut self, snapshot: &Snapshot) -> bool {
        // First closed, then opened: the address may have gone from one instance to another.
        self.close_unwanted(snapshot).await;
        let mut failing = BTreeMap::new();
        for route in snapshot.routes() {
            if !self.open.contains_key(&route.instance)
                && let Err(why) = self.open(route.instance, route.gateway)
            {
                failing.insert(route.instance, why.to_string());
            }
        }
        let any = !failing.is_empty();
        self.report(failing);
        any
    }

    async fn close_unwanted(&mut self, snapshot: &Snapshot) {
        let unwanted: Vec<_> = self
            .open
            .iter()
            .filter(|(id, open)| snapshot.route(**id).map(|r| r.gateway) != Some(open.gateway))
            .map(|(id, _)| *id)
            .collect();
        for instance in unwanted {
            if let Some(open) = self.open.remove(&instance) {
                open.cut.cancel();
                let _cancelled_or_done = open.accepting.await;
            }
            if snapshot.route(instance).is_none() {
                self.context.calls.forget(instance);
            }
        }
    }

    fn open(&mut self, instance: InstanceId, gateway: Ipv4Addr) -> std::io::Result<()> {
        let listener = bind::bind(gateway, self.context.options.port)?;
        let address = listener.local_addr()?;
        let cut = self.ending.abort.child_token();
        let accepting = connection::Accepting {
            listener,
            instance,
            context: Arc::clone(&self.context),
            cut: cut.clone(),
            ending: self.ending.clone(),
        };
        let accepting = self.ending.tracker.spawn(accepting.run());
        self.open.insert(
            instance,
            Open {
                gateway,
                address,
                cut,
                accepting,
            },
        );
        Ok(())
    }

    fn report(&self, failing: BTreeMap<InstanceId, String>) {
        let bound = self.open.iter().map(|(id, o)| (*id, o.address)).collect();
        let now = Health { bound, failing };
        self.health.send_if_modified(|health| {
            for (instance, why) in &now.failing {
                if !health.failing.contains_key(instance) {
                    tracing::warn!(%instance, error = %why, "the listener of {instance} cannot be bound: {why}");
                }
            }
            let changed = *health != now;
            *health = now.clone();
            changed
        });
    }
}
