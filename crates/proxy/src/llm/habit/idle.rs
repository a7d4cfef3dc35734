//! What becomes of heartbeats when nobody has talked to the agent for long.

use std::time::Duration;

use creel_domain::{Timestamp, usage::Cause};

use super::{Rules, Ruling};
use crate::llm::cause::Look;

/// When somebody last talked, as far as calls tell.
#[derive(Debug)]
pub(super) struct Idle {
    /// When we began to look: hours count from here where nobody ever told of a person, so that a restart skips nobody's heartbeat.
    began: Timestamp,
    talked: Option<Timestamp>,
}

impl Idle {
    pub(super) fn since(began: Timestamp) -> Self {
        let talked = None;
        Self { began, talked }
    }

    /// A person caused a call. Channels tell this too; web chat only so.
    pub(super) fn talked(&mut self, now: Timestamp) {
        self.talked = self.talked.max(Some(now));
    }

    pub(super) fn ruling<'a>(
        &self,
        look: &Look,
        rules: Rules<'a>,
        now: Timestamp,
    ) -> Option<Ruling<'a>> {
        let rule = rules.policy.idle_heartbeat.as_ref()?;
        let hours = Duration::from_secs(u64::from(rule.after_hours) * 3600);
        // What the call tells of itself: a heartbeat tried again is one too.
        if look.origin.cause != Cause::Heartbeat || now.since(self.last(rules)) < hours {
            return None;
        }
        match &rule.model {
            Some(model) => Some(Ruling::Cheaper(model)),
            // One that has begun to work may finish.
            None => look.fresh.then_some(Ruling::Quiet),
        }
    }

    fn last(&self, rules: Rules<'_>) -> Timestamp {
        self.talked.max(rules.last_person).unwrap_or(self.began)
    }
}
