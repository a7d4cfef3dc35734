//! Whether database and engine answer, felt at most once in two seconds however many ask.

use std::time::Duration;

use creel_control::Core;
use creel_domain::Timestamp;
use tokio::sync::Mutex;

/// How long a pulse is news enough.
const FRESH: Duration = Duration::from_secs(2);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was felt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pulse {
    pub(crate) at: Timestamp,
    pub(crate) database: bool,
    /// `None` where another process has the engine.
    pub(crate) engine: Option<bool>,
    /// Whether nobody is operator yet, as far as known.
    pub(crate) setup_needed: bool,
}

/// The last one. Whoever comes while it is being felt waits for that one.
#[derive(Default)]
pub(crate) struct Pulses(Mutex<Option<Pulse>>);

impl Pulses {
    /// A pulse that is fresh enough.
    pub(crate) async fn take(&self, core: &Core) -> Pulse {
        let mut last = self.0.lock().await;
        let now = core.clock.now();
        if let Some(pulse) = *last
            && now >= pulse.at
            && now.since(pulse.at) < FRESH
            // The one answer that a person waits for: whoever has just become operator must not be asked to set up again.
            && !pulse.setup_needed
        {
            return pulse;
        }
        let (operators, engine) = tokio::join!(operators(core), core.platform.engine_alive());
        let pulse = Pulse {
            at: now,
            database: operators.is_some(),
            engine,
            // Without a database the last answer stands: a first operator does not go away again.
            setup_needed: operators.map_or_else(
                || last.is_some_and(|pulse| pulse.setup_needed),
                |count| count == 0,
            ),
        };
        *last = Some(pulse);
        pulse
    }
}

/// How many operators there are, if the database says so in time. Asked of the rows: a connection that is open proves nothing.
async fn operators(core: &Core) -> Option<u64> {
    let count = creel_db::user::count_operators(core.db.read());
    tokio::time::timeout(PATIENCE, count).await.ok()?.ok()
}
