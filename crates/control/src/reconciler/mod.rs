//! The reconciler: passes that make wishes true, woken by signal and by time.
//!
//! Owns every call to the driver. A pass takes no hint: it reads desired and observed, acts, writes what it saw, guarded by the generation it read.
//! Nothing lives only in this module's memory that a restart would miss; `busy` merely keeps two passes of one instance apart within this process,
//! and the lease in the row keeps processes apart.

mod apply;
mod failure;
mod pass;
mod probe;
mod recorder;
mod remove;
mod round;
mod start;
mod steady;
mod stop;
mod workload;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use creel_db::{Engine, instance, operation};
use creel_domain::{InstanceId, Timestamp};
use creel_driver::Driver;
use tokio::sync::{Semaphore, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Core, Wake, platform::Round};

pub use probe::{AlwaysReady, Applied, GatewayProbe, Probe};

/// How often wishes of other processes (the CLI, another replica) are looked for.
const TICK: Duration = Duration::from_secs(1);

/// When an instance wants its next pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing to do until something changes.
    Settled,
    /// Look again after this.
    After(Duration),
}

/// Makes wishes true. One per worker process.
pub struct Reconciler {
    core: Core,
    driver: Arc<dyn Driver>,
    probe: Arc<dyn Probe>,
    tasks: TaskTracker,
    // Starts are the expensive part (two seconds of CPU and more each); everything else is a few calls to the engine.
    starts: Semaphore,
    busy: Mutex<HashMap<InstanceId, Again>>,
    strays: Mutex<HashMap<InstanceId, Timestamp>>,
    rounds: watch::Sender<Option<Round>>,
}

/// Whether an instance was woken while its pass ran.
type Again = bool;

impl Reconciler {
    /// A reconciler over this driver. Nothing runs until [`Reconciler::run`].
    pub fn new(core: Core, driver: Arc<dyn Driver>, probe: Arc<dyn Probe>) -> Arc<Self> {
        let starts = Semaphore::new(core.options.parallel);
        Arc::new(Self {
            core,
            driver,
            probe,
            tasks: TaskTracker::new(),
            starts,
            busy: Mutex::default(),
            strays: Mutex::default(),
            rounds: watch::Sender::new(None),
        })
    }

    /// The last comparison with the engine.
    pub fn rounds(&self) -> watch::Receiver<Option<Round>> {
        self.rounds.subscribe()
    }

    /// Runs until `stop`, then lets the passes under way reach their next step.
    pub async fn run(self: Arc<Self>, mut wake: Wake, stop: CancellationToken) {
        self.take_over().await;
        let mut tick = tokio::time::interval(TICK);
        let mut resync = tokio::time::interval(self.core.options.resync);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(id) = wake.instances.recv() => self.dispatch(id, &stop),
                _ = tick.tick() => self.dispatch_open(&stop).await,
                _ = resync.tick() => self.round(&stop).await,
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// On SQLite there is one worker, so claims found at the start are a dead process's; on Postgres they run out by themselves.
    async fn take_over(&self) {
        if self.core.db.engine() != Engine::Sqlite {
            return;
        }
        let freed = async {
            let tx = self.core.db.begin().await?;
            instance::unclaim_all(&tx).await?;
            tx.commit().await
        };
        if let Err(error) = freed.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                "an earlier worker's claims could not be freed; they run out soon"
            );
        }
    }

    async fn dispatch_open(self: &Arc<Self>, stop: &CancellationToken) {
        match operation::open_instances(self.core.db.read()).await {
            Ok(ids) => ids.into_iter().for_each(|id| self.dispatch(id, stop)),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "open operations could not be read"
            ),
        }
    }

    async fn round(self: &Arc<Self>, stop: &CancellationToken) {
        let mut warnings = Vec::new();
        let ended = round::run(self, &mut warnings).await;
        self.rounds.send_replace(Some(Round {
            at: self.core.now(),
            trouble: ended.as_ref().err().map(ToString::to_string),
            warnings,
        }));
        match ended {
            Ok(ids) => ids.into_iter().for_each(|id| self.dispatch(id, stop)),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the comparison with the engine failed"
            ),
        }
    }

    /// Starts a pass, or notes that the one under way must be followed by another.
    fn dispatch(self: &Arc<Self>, id: InstanceId, stop: &CancellationToken) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(again) = busy.get_mut(&id) {
            *again = true;
            return;
        }
        busy.insert(id, false);
        drop(busy);
        let (this, stop) = (Arc::clone(self), stop.clone());
        self.tasks.spawn(async move { this.work(id, stop).await });
    }

    async fn work(self: Arc<Self>, id: InstanceId, stop: CancellationToken) {
        loop {
            let next = tokio::select! {
                next = pass::run(&self, id) => next,
                // Dropping a pass between two awaits is what kill -9 does; the next process goes on from the rows.
                () = stop.cancelled() => Next::Settled,
            };
            if stop.is_cancelled() || !self.wants_another(id) {
                return self.schedule(id, next, &stop);
            }
        }
    }

    fn wants_another(&self, id: InstanceId) -> bool {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        match busy.get_mut(&id) {
            Some(again) if *again => {
                *again = false;
                true
            }
            _ => {
                busy.remove(&id);
                false
            }
        }
    }

    fn schedule(&self, id: InstanceId, next: Next, stop: &CancellationToken) {
        let Next::After(delay) = next else { return };
        let (waker, stop) = (self.core.waker.clone(), stop.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(delay) => waker.instance(id),
                () = stop.cancelled() => {}
            }
        });
    }
}
