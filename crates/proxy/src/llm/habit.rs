//! Habits of an instance that cost money unseen: heartbeats that nobody is there for, and a step repeated for ever.
//!
//! Owns what is remembered of each instance: its last turns, its last steps, when a person last spoke, whether it is paused. About two kilobytes
//! each, hashes and times only. Must not call anything: it gives a [`Ruling`], and who asks acts on it. In memory; a crash forgets it, and then
//! a loop is counted from one again and an idle instance's hours from the start.

mod idle;
mod pause;
mod streak;
mod turn;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use creel_domain::{InstanceId, Timestamp, policy::LlmPolicy, usage::Cause};

use self::{idle::Idle, pause::Pause, streak::Streaks, turn::Turns};
use super::cause::{Look, Origin};

/// The habits of all instances.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    each: Mutex<HashMap<InstanceId, Arc<Mutex<Habit>>>>,
}

/// The habits of one.
#[derive(Debug)]
pub(crate) struct Habit {
    turns: Turns,
    streaks: Streaks,
    idle: Idle,
    pause: Pause,
}

/// What holds for an instance at the moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) policy: &'a LlmPolicy,
    /// When a person last wrote over a channel.
    pub(crate) last_person: Option<Timestamp>,
    /// Whether the database says that its calls are paused.
    pub(crate) paused: bool,
}

/// What is to be done with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ruling<'a> {
    /// It goes its way.
    Go,
    /// A heartbeat that nobody needs: we answer `HEARTBEAT_OK`, and OpenClaw sends nothing to anybody.
    Quiet,
    /// A heartbeat that a cheaper model, `provider/model`, may answer.
    Cheaper(&'a str),
    /// Refused for good until the owner resumes.
    Paused,
    /// As [`Ruling::Paused`], and with this call it begins: to be written down, and told to the owner. So many equal turns were seen.
    Pause(u32),
}

/// The judgement on one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement<'a> {
    /// Where it came from, the turns before it considered.
    pub(crate) origin: Origin,
    pub(crate) ruling: Ruling<'a>,
}

// === impl Habits ===

impl Habits {
    /// Judges a call before it leaves. Not to be asked twice for one call: each counts as a turn of its own.
    pub(crate) fn judge<'a>(
        &self,
        instance: InstanceId,
        look: &Look,
        rules: Rules<'a>,
        now: Timestamp,
    ) -> Judgement<'a> {
        self.with(instance, now, |habit| habit.judge(look, rules, now))
    }

    /// A call ended. Refused by us in a way that invites another try, or failed at the vendor: the next of its turn is a retry.
    pub(crate) fn ended(&self, instance: InstanceId, look: &Look, failed: bool, now: Timestamp) {
        self.with(instance, now, |habit| habit.turns.ended(look, failed));
    }

    /// Forgets an instance that has no route any more.
    pub(crate) fn forget(&self, instance: InstanceId) {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        each.remove(&instance);
    }

    fn with<T>(
        &self,
        instance: InstanceId,
        now: Timestamp,
        act: impl FnOnce(&mut Habit) -> T,
    ) -> T {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        let habit = each
            .entry(instance)
            .or_insert_with(|| Arc::new(Mutex::new(Habit::new(now))));
        let habit = Arc::clone(habit);
        drop(each);
        act(&mut habit.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

// === impl Habit ===

impl Habit {
    fn new(now: Timestamp) -> Self {
        Self {
            turns: Turns::default(),
            streaks: Streaks::default(),
            idle: Idle::since(now),
            pause: Pause::default(),
        }
    }

    fn judge<'a>(&mut self, look: &Look, rules: Rules<'a>, now: Timestamp) -> Judgement<'a> {
        let origin = self.turns.origin(look);
        if origin.cause == Cause::Person {
            self.idle.talked(now);
        }
        let ruling = self
            .pausing(look, origin, rules, now)
            .or_else(|| self.idle.ruling(look, rules, now))
            .unwrap_or(Ruling::Go);
        Judgement { origin, ruling }
    }

    fn pausing<'a>(
        &mut self,
        look: &Look,
        origin: Origin,
        rules: Rules<'_>,
        now: Timestamp,
    ) -> Option<Ruling<'a>> {
        let was = self.pause.on();
        if self.pause.holds(rules.paused, now) {
            return Some(Ruling::Paused);
        }
        if was {
            self.streaks = Streaks::default();
        }
        let after = rules.policy.loop_after?;
        // After an error the same call is meant to come again.
        if origin.cause == Cause::Retry || !self.streaks.repeats(look, after) {
            return None;
        }
        self.pause.begin(now);
        Some(Ruling::Pause(after))
    }
}

#[cfg(test)]
mod tests;
