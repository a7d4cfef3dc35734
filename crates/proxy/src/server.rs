//! Starting and stopping the data paths.

use std::{sync::Arc, time::Duration};

use creel_domain::{Clock, Entropy};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    accounting::{Accounting, Means},
    activity::Activity,
    budget::{Patience, Treasury},
    front::Context,
    journal::Journal,
    ledger::Sink,
    listener::{Ending, Health, Listeners},
    llm,
    outbound::Outbound,
    snapshot::Snapshot,
    telegram::Polls,
};

/// Limits and timeouts. The defaults fit OpenClaw, whose own model timeout is 1800 s.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port of every instance's listener; 0 lets the system choose (tests).
    pub port: u16,
    /// Connections one instance may hold open. More wait in the kernel's queue.
    pub connections_per_instance: usize,
    /// Time in which a request's head must arrive, and for which an idle connection is kept.
    pub header_timeout: Duration,
    /// Largest request head, bytes.
    pub buffer_bytes: usize,
    /// Largest body of a model call, bytes.
    pub body_bytes: usize,
    /// Time in which the whole body of a model call must arrive.
    pub body_timeout: Duration,
    /// Model calls one instance may have in flight; one more is asked to come again.
    pub calls_per_instance: usize,
    /// Model calls in flight for all instances together. More wait, tenants in turn.
    pub calls: usize,
    /// Model calls in flight on one of the platform's keys.
    pub calls_per_key: usize,
    /// Calls of one tenant that may wait for a place.
    pub queue_per_tenant: usize,
    /// Longest wait for a place.
    pub queue_wait: Duration,
    /// Bytes of request bodies one instance may have us hold.
    pub held_bytes_per_instance: usize,
    /// Bytes of request bodies held for all instances together.
    pub held_bytes: usize,
    /// Longest model call, from the request to the last byte.
    pub call_timeout: Duration,
    /// Longest silence of a streaming vendor.
    pub idle_timeout: Duration,
    /// How long calls wait for the budget.
    pub patience: Patience,
}

/// What a proxy works with.
pub struct Parts {
    /// The routes, from the feed.
    pub snapshot: watch::Receiver<Arc<Snapshot>>,
    /// Where events end.
    pub sink: Arc<dyn Sink>,
    /// Where budget is leased.
    pub treasury: Arc<dyn Treasury>,
    /// This process's own, opened and not begun.
    pub journal: Journal,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Connections to the outside.
    pub outbound: Outbound,
}

/// The running data paths. Dropping it without [`Proxy::shutdown`] leaves them running until the runtime ends.
#[derive(Debug)]
pub struct Proxy {
    health: watch::Receiver<Health>,
    calls: Ending,
    model_calls: Arc<llm::Calls>,
    accounting: Accounting,
}

// === impl Options ===

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 7080,
            connections_per_instance: 256,
            header_timeout: Duration::from_secs(75),
            buffer_bytes: 64 * 1024,
            body_bytes: 32 * 1024 * 1024,
            body_timeout: Duration::from_mins(2),
            calls_per_instance: 16,
            calls: 2048,
            calls_per_key: 2048,
            queue_per_tenant: 32,
            queue_wait: Duration::from_secs(30),
            held_bytes_per_instance: 64 * 1024 * 1024,
            held_bytes: 512 * 1024 * 1024,
            call_timeout: Duration::from_mins(30),
            idle_timeout: Duration::from_mins(5),
            patience: Patience::default(),
        }
    }
}

// === impl Proxy ===

impl Proxy {
    /// Deals with what the last run left, starts listening for every route of the snapshot and writing events. Must be called inside a tokio runtime.
    pub fn start(options: Options, parts: Parts) -> Self {
        let (activity, notes) = Activity::new(Arc::clone(&parts.clock));
        let accounting = Accounting::start(Means {
            snapshot: parts.snapshot.clone(),
            sink: parts.sink,
            treasury: parts.treasury,
            journal: parts.journal,
            clock: Arc::clone(&parts.clock),
            patience: options.patience.clone(),
        });
        accounting.note(notes);
        let entropy = Arc::clone(&parts.entropy);
        let model_calls = Arc::new(llm::Calls::new(&options, entropy));
        let context = Arc::new(Context {
            calls: Arc::clone(&model_calls),
            book: Arc::clone(accounting.book()),
            options,
            outbound: parts.outbound,
            snapshot: parts.snapshot,
            polls: Polls::default(),
            ledger: accounting.ledger().clone(),
            activity,
            clock: parts.clock,
            entropy: parts.entropy,
        });
        let calls = Ending {
            stop: CancellationToken::new(),
            abort: CancellationToken::new(),
            tracker: TaskTracker::new(),
        };
        let (health, health_seen) = watch::channel(Health::default());
        let listeners = Listeners::new(context, calls.clone(), health);
        calls.tracker.spawn(listeners.run());
        Self {
            health: health_seen,
            calls,
            model_calls,
            accounting,
        }
    }

    /// Which listeners are bound and which cannot be.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// How each key of each vendor did in the last five minutes.
    pub fn upstreams(&self) -> Vec<llm::UpstreamHealth> {
        self.model_calls.health()
    }

    /// The same, whenever it is asked for; for whoever outlives the place that holds the proxy.
    pub fn upstreams_seen(&self) -> impl Fn() -> Vec<llm::UpstreamHealth> + Send + Sync + use<> {
        let calls = Arc::clone(&self.model_calls);
        move || calls.health()
    }

    /// Whether model calls are admitted: what the last run left is dealt with. Not while the database has been away since the start.
    pub fn admits(&self) -> watch::Receiver<bool> {
        self.accounting.book().admits()
    }

    /// Why usage events cannot be written at present, if so.
    pub fn ledger_trouble(&self) -> watch::Receiver<Option<String>> {
        self.accounting.trouble()
    }

    /// Closes the listeners, gives calls in flight `grace`, cuts the rest, and returns when every event is written and every lease has ended (or the
    /// database has been away for some seconds more: the journal keeps what is left for the next start).
    pub async fn shutdown(self, grace: Duration) {
        self.calls.stop.cancel();
        self.calls.tracker.close();
        if tokio::time::timeout(grace, self.calls.tracker.wait())
            .await
            .is_err()
        {
            self.calls.abort.cancel();
            self.calls.tracker.wait().await;
        }
        // Only now: a cut call settles as it falls, and its event must still find the queue open.
        self.accounting.shutdown().await;
    }
}
