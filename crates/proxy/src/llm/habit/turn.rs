//! The last turns of an instance: which call is a retry, and what a call that tells nothing belongs to.
//!
//! OpenClaw gives all calls of a turn one trace: its steps, its retries, the summaries it makes on the way, the sub-agents it starts.

use std::collections::VecDeque;

use creel_domain::usage::Cause;

use crate::llm::cause::{Look, Origin};

/// Turns remembered. An agent works on a few at a time; a retry comes within a minute.
const MOST: usize = 16;

/// The last turns, the latest at the back.
#[derive(Debug, Default)]
pub(super) struct Turns(VecDeque<Turn>);

#[derive(Debug)]
struct Turn {
    trace: u128,
    session: u64,
    origin: Origin,
    failed: bool,
}

impl Turns {
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where a call came from, with what was seen before it.
    pub(super) fn origin(&mut self, look: &Look) -> Origin {
        let trace = trace(look);
        if let Some(turn) = self.find(look) {
            let again = std::mem::take(&mut turn.failed);
            let known = belonging(look.origin, Some(turn.origin));
            return Origin {
                cause: if again { Cause::Retry } else { known.cause },
                ..known
            };
        }
        let parent = self.0.iter().rev().find(|turn| turn.trace == trace);
        let origin = belonging(look.origin, parent.map(|turn| turn.origin));
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Turn {
            trace,
            session: look.session,
            origin,
            failed: false,
        });
        origin
    }

    pub(super) fn ended(&mut self, look: &Look, failed: bool) {
        if let Some(turn) = self.find(look) {
            turn.failed = failed;
        }
    }

    /// A turn of one session: a sub-agent's failure makes no retry of what its parent does meanwhile.
    fn find(&mut self, look: &Look) -> Option<&mut Turn> {
        let (trace, session) = (trace(look), look.session);
        let mut turns = self.0.iter_mut().rev();
        turns.find(|turn| turn.trace == trace && turn.session == session)
    }
}

/// Programs that name no trace are told apart by what they ask.
fn trace(look: &Look) -> u128 {
    look.trace.unwrap_or(u128::from(look.print))
}

/// What a call tells of itself, and where it tells nothing what its turn told.
fn belonging(told: Origin, turn: Option<Origin>) -> Origin {
    let Some(turn) = turn.filter(|_| told.cause == Cause::Unknown) else {
        return told;
    };
    Origin {
        cause: turn.cause,
        channel: told.channel.or(turn.channel),
    }
}
