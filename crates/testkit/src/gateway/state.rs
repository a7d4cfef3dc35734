//! What one stub knows. Under one lock that is never held across an await; the configuration is watched, because the agent follows it.

use std::{
    collections::VecDeque,
    future::Future,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{behaviour::Behaviour, files::Files, log::Log, suspend::Suspension, volume::Volume};

/// Calls kept; older ones are forgotten.
const MAX_CALLS: usize = 1000;
/// Events a slow socket may fall behind.
const MAX_EVENTS: usize = 256;

/// One RPC call, over HTTP or WebSocket.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Such as `config.apply`.
    pub method: String,
    /// As sent.
    pub params: Value,
    /// The user that the proxy headers named.
    pub user: String,
}

#[derive(Debug)]
pub(super) struct State {
    inner: Mutex<Inner>,
    /// The configuration in force.
    pub(super) config: watch::Sender<Arc<Value>>,
    /// What outlives this stub.
    pub(super) volume: Volume,
    /// Frames for every connected socket.
    pub(super) events: broadcast::Sender<Value>,
    /// Whether an agent runs: then chats are answered by the model.
    pub(super) acts: AtomicBool,
    /// The workload's own address, known once it is bound.
    pub(super) address: OnceLock<IpAddr>,
    pub(super) stop: CancellationToken,
    tasks: TaskTracker,
    started: Instant,
}

#[derive(Debug)]
struct Inner {
    files: Files,
    behaviour: Behaviour,
    ready_at: Instant,
    suspension: Option<Suspension>,
    calls: VecDeque<Call>,
    telegram_error: Option<String>,
    log: Log,
}

impl State {
    pub(super) fn new(files: Files, config: Value, volume: Volume) -> Self {
        let started = Instant::now();
        Self {
            inner: Mutex::new(Inner {
                files,
                behaviour: Behaviour::default(),
                ready_at: started,
                suspension: None,
                calls: VecDeque::new(),
                telegram_error: None,
                log: Log::default(),
            }),
            config: watch::Sender::new(Arc::new(config)),
            volume,
            events: broadcast::Sender::new(MAX_EVENTS),
            acts: AtomicBool::new(false),
            address: OnceLock::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            started,
        }
    }

    /// Work that ends with the stub.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(stop.run_until_cancelled_owned(work));
    }

    /// Announces the end on every socket and ends all work.
    pub(super) async fn shut_down(&self) {
        let payload = json!({ "reason": "gateway stopping" });
        // Sockets close themselves after this event and need a moment for it; a poll of the agent must be cut.
        if self.events.send(event("shutdown", &payload)).is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(super) fn behave(&self, behaviour: Behaviour) {
        let mut inner = self.lock();
        inner.ready_at = Instant::now() + behaviour.ready_after;
        inner.behaviour = behaviour;
    }

    pub(super) fn behaviour(&self) -> Behaviour {
        self.lock().behaviour.clone()
    }

    pub(super) fn is_ready(&self) -> bool {
        Instant::now() >= self.lock().ready_at
    }

    pub(super) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// Not ready for as long as a restart takes.
    pub(super) fn restart(&self) {
        let mut inner = self.lock();
        inner.ready_at = Instant::now() + inner.behaviour.restart_takes;
    }

    pub(super) fn apply(&self, config: Value) {
        self.config.send_replace(Arc::new(config));
    }

    pub(super) fn put_files(&self, files: Files) {
        self.lock().files = files;
    }

    /// Where the workload's own connections come from.
    pub(super) fn source(&self) -> IpAddr {
        let address = self.address.get().copied();
        address.unwrap_or(Ipv4Addr::LOCALHOST.into())
    }

    pub(super) fn files(&self) -> Files {
        self.lock().files.clone()
    }

    pub(super) fn suspension<T>(&self, act: impl FnOnce(&mut Option<Suspension>) -> T) -> T {
        act(&mut self.lock().suspension)
    }

    pub(super) fn telegram_error(&self) -> Option<String> {
        self.lock().telegram_error.clone()
    }

    pub(super) fn set_telegram_error(&self, error: Option<String>) {
        let mut inner = self.lock();
        // A failing poll is tried again many times a second: each kind of failure is worth one line.
        if let Some(why) = error
            .as_ref()
            .filter(|why| inner.telegram_error.as_ref() != Some(why))
        {
            inner.log.line(&format!("[telegram] {why}"));
        }
        inner.telegram_error = error;
    }

    pub(super) fn log_to(&self, log: Log) {
        self.lock().log = log;
    }

    /// Writes a line into the workload's log.
    pub(super) fn say(&self, line: &str) {
        let log = self.lock().log.clone();
        log.line(line);
    }

    pub(super) fn record(&self, method: &str, params: &Value, user: &str) {
        let mut inner = self.lock();
        inner.calls.push_back(Call {
            method: method.to_owned(),
            params: params.clone(),
            user: user.to_owned(),
        });
        if inner.calls.len() > MAX_CALLS {
            inner.calls.pop_front();
        }
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event frame.
pub(super) fn event(name: &str, payload: &Value) -> Value {
    json!({ "type": "event", "event": name, "payload": payload })
}
