//! Whether an instance is paused: by us at once, by the database from its next snapshot on, until the owner resumes there.

use std::time::Duration;

use creel_domain::Timestamp;

/// How long a pause holds that the database has not heard of. Longer keeps an instance paused that nobody can resume, shorter lets a loop
/// go on when the database is slow; it is found again after as many steps.
const ALONE: Duration = Duration::from_mins(2);

/// A pause, if any.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Pause {
    state: Option<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// We paused it then, and no snapshot has said so yet.
    Ours(Timestamp),
    /// The snapshot says so.
    Known,
}

impl Pause {
    pub(super) fn on(self) -> bool {
        self.state.is_some()
    }

    pub(super) fn begin(&mut self, now: Timestamp) {
        self.state = Some(State::Ours(now));
    }

    /// Whether the instance is paused, given what the present snapshot says.
    pub(super) fn holds(&mut self, snapshot: bool, now: Timestamp) -> bool {
        self.state = match self.state {
            _ if snapshot => Some(State::Known),
            Some(State::Ours(since)) if now.since(since) < ALONE => self.state,
            _ => None,
        };
        self.on()
    }
}
