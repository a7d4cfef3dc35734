//! A driver that keeps its engine in memory and fails on demand: for tests, and for `make dev` without an engine.
//!
//! Owns pretended objects only; it touches no host. It obeys the same contract suite as the Docker driver. Clones share
//! one engine, so that a test keeps a handle on what the server drives; dropping a server and making a new one over a
//! clone is a crash and a restart.

mod moves;
mod script;
mod verbs;
mod world;

use std::{
    collections::BTreeMap,
    fmt,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use creel_domain::{Clock, InstanceId, Step};
use tokio::sync::{broadcast, watch};

use self::world::World;
use crate::{Error, ExecOutput, Exit, Names, WorkloadState};

/// Events a receiver may be behind before it loses some. A fleet of a thousand starts at once in the tests.
const EVENTS: usize = 8192;

type ExecHook = dyn Fn(InstanceId, &[String], Option<Bytes>) -> ExecOutput + Send + Sync;

/// The in-memory engine and its driver.
///
/// # Guarantees
/// An event is sent before the verb that caused it returns. A failure that was asked for happens before its step changes
/// anything, so a step is done or not begun.
///
/// # Assumptions
/// Receivers of [`FakeDriver::events`] keep up: one that is 8,192 events behind loses the oldest.
///
/// # Caveats
/// Nothing listens at a workload's address unless somebody who hears the event makes it so.
#[derive(Clone)]
pub struct FakeDriver {
    world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
    events: broadcast::Sender<FakeEvent>,
    said: watch::Sender<u64>,
}

/// What happened to a pretended workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FakeEvent {
    /// Its process runs; a Gateway would now begin to boot at this address.
    Started {
        /// Which.
        instance: InstanceId,
        /// `lease.workload`.
        address: Ipv4Addr,
    },
    /// Its process is gone, however it ended.
    Stopped {
        /// Which.
        instance: InstanceId,
    },
}

/// A verb of the driver, for failures and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the method of the same name")]
pub enum FakeVerb {
    EnsureRunning,
    EnsureStopped,
    EnsureAbsent,
    PutFiles,
    Observe,
    ObserveAll,
    Exec,
    Logs,
    Stats,
    Engine,
    AssertHost,
    Image,
}

/// Kinds of objects that a test can put in the way or take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they say")]
pub enum FakeObject {
    Container,
    Network,
    Volume,
}

// === impl FakeDriver ===

impl FakeDriver {
    /// An engine without objects that has every image.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            world: Arc::default(),
            clock,
            events: broadcast::Sender::new(EVENTS),
            said: watch::Sender::new(0),
        }
    }

    /// Starts and stops from now on.
    pub fn events(&self) -> broadcast::Receiver<FakeEvent> {
        self.events.subscribe()
    }

    /// Switches the engine off and on: every verb but `put_files` answers [`Error::Unavailable`] while off.
    /// Workloads go on running.
    pub fn set_available(&self, available: bool) {
        self.world().script.down = !available;
    }

    /// From now on the volume of every workload it never heard of exists: a fake engine forgets when its process ends, and what ran before
    /// must start again.
    pub fn assume_volumes(&self) {
        self.world().volumes_assumed = true;
    }

    /// Lets the next `times` calls of a verb fail before they do anything.
    pub fn fail(&self, verb: FakeVerb, times: usize, error: Error) {
        self.world().script.fail_verb(verb, times, error);
    }

    /// Lets the step fail the next `times` it is reached, in whichever verb, after its `begin`.
    pub fn fail_step(&self, step: Step, times: usize, error: Error) {
        self.world().script.fail_step(step, times, error);
    }

    /// Forgets every failure of steps that was asked for and has not happened.
    pub fn forgive_steps(&self) {
        self.world().script.forgive_steps();
    }

    /// Makes every pass through the step take this long; zero takes the delay away.
    pub fn delay(&self, step: Step, delay: Duration) {
        self.world().script.delay(step, delay);
    }

    /// From now on the engine has only these images; the digest is the reference itself.
    pub fn only_images(&self, references: &[&str]) {
        self.world().images = Some(references.iter().map(|one| (*one).to_owned()).collect());
    }

    /// Ends the running workload as if by itself. Nothing happens to one that does not run.
    pub fn crash(&self, id: InstanceId, exit: Exit) {
        self.end(id, exit);
    }

    /// Lets the next `times` starts of this workload end at once.
    pub fn crash_on_start(&self, id: InstanceId, times: usize, exit: Exit) {
        self.world()
            .cell(id)
            .crashes
            .extend(std::iter::repeat_n(exit, times));
    }

    /// Makes the workload ignore the polite signal: stopping takes the whole grace and ends with 137.
    pub fn ignore_stop(&self, id: InstanceId) {
        self.world().cell(id).stubborn = true;
    }

    /// Freezes the workload, as an operator at the engine could.
    pub fn pause(&self, id: InstanceId) {
        if let Some(container) = &mut self.world().cell(id).container {
            container.state = WorkloadState::Paused;
        }
    }

    /// Puts an object of the instance's name in the way that belongs to somebody else.
    pub fn plant_foreign(&self, id: InstanceId, object: FakeObject) {
        self.world().plant_foreign(id, object);
    }

    /// Takes an object away behind the driver's back.
    pub fn lose(&self, id: InstanceId, object: FakeObject) {
        self.world().lose(id, object);
    }

    /// Loses every secret file, as a reboot does.
    pub fn lose_files(&self) {
        for cell in self.world().cells.values_mut() {
            cell.files = None;
        }
    }

    /// The secret files as the workload would read them; `None` without a directory.
    pub fn files(&self, id: InstanceId) -> Option<BTreeMap<String, String>> {
        self.world().cell(id).files.clone()
    }

    /// The environment of the present container.
    pub fn env(&self, id: InstanceId) -> Option<BTreeMap<String, String>> {
        self.world()
            .cell(id)
            .container
            .as_ref()
            .map(|container| container.env.clone())
    }

    /// How often the workload's process was started.
    pub fn starts(&self, id: InstanceId) -> usize {
        self.world().cell(id).starts
    }

    /// How often a verb was called, failures too.
    pub fn calls(&self, verb: FakeVerb) -> usize {
        self.world().script.calls(verb)
    }

    /// Workloads that run now.
    pub fn running(&self) -> usize {
        self.world().running()
    }

    /// Lets the workload write a line to its log.
    pub fn say(&self, id: InstanceId, text: &str) {
        let at = self.clock.now();
        self.world().cell(id).say(at, text);
        self.said.send_modify(|count| *count += 1);
    }

    /// Answers every exec. Without one, `cat` gives its input back, `false` ends with 1 and all else with 0.
    pub fn on_exec(
        &self,
        hook: impl Fn(InstanceId, &[String], Option<Bytes>) -> ExecOutput + Send + Sync + 'static,
    ) {
        self.world().exec = Some(Arc::new(hook));
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A test that panicked with the lock has failed already; the others go on.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: FakeEvent) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
        self.said.send_modify(|count| *count += 1);
    }

    /// The process ends, if it runs.
    fn end(&self, id: InstanceId, exit: Exit) {
        if self.world().cell(id).end(exit) {
            self.tell(FakeEvent::Stopped { instance: id });
        }
    }
}

impl fmt::Debug for FakeDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeDriver").finish_non_exhaustive()
    }
}

fn object_name(kind: &str, id: InstanceId) -> String {
    format!("{kind} {}", Names::of(id).object)
}
