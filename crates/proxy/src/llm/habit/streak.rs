//! Counts equal steps in a row, in each session of an instance.
//!
//! A step is the prompt with the calls of tools made last and their results, as a fingerprint. A conversation that gets anywhere never sends
//! the same one twice, however long it grows; a runaway agent does, alone or in a circle of up to four steps. Waiting by asking the
//! same question again and again looks the same, which is why a plan chooses the number.

use std::collections::VecDeque;

use creel_domain::usage::Cause;

use crate::llm::cause::Look;

/// Longest circle that is recognised.
const LONGEST: usize = 4;
/// Sessions remembered, the latest used at the back. Sub-agents run beside the main session, a handful at most.
const SESSIONS: usize = 8;

/// The last steps of the last sessions.
#[derive(Debug, Default)]
pub(super) struct Streaks(VecDeque<Streak>);

#[derive(Debug)]
struct Streak {
    session: u64,
    /// The last steps, the latest first.
    last: [Option<u64>; LONGEST],
    /// For each length of a circle, how many steps in a row were equal to the one so many before.
    runs: [u32; LONGEST],
}

impl Streaks {
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes in a call; whether with it a step or a circle has come `after` times in a row.
    pub(super) fn repeats(&mut self, look: &Look, after: u32) -> bool {
        if !look.prompted {
            return false;
        }
        if look.fresh {
            match look.origin.cause {
                // Somebody is there, or a schedule wanted it: not the agent's own doing. What it does then is counted from one.
                Cause::Person | Cause::Heartbeat | Cause::Cron => {
                    self.0.retain(|streak| streak.session != look.session);
                    return false;
                }
                // Other programs may ask the same question as often as they like.
                _ if look.session == 0 => return false,
                _ => {}
            }
        }
        self.of(look.session).add(look.print, after)
    }

    fn of(&mut self, session: u64) -> &mut Streak {
        let known = self.0.iter().position(|streak| streak.session == session);
        let streak = known.and_then(|at| self.0.remove(at));
        if self.0.len() == SESSIONS {
            self.0.pop_front();
        }
        let fresh = Streak {
            session,
            last: [None; LONGEST],
            runs: [0; LONGEST],
        };
        self.0.push_back(streak.unwrap_or(fresh));
        let newest = self.0.len() - 1;
        &mut self.0[newest]
    }
}

impl Streak {
    fn add(&mut self, print: u64, after: u32) -> bool {
        let mut repeats = false;
        for ((run, before), length) in self.runs.iter_mut().zip(self.last).zip(1..) {
            *run = if before == Some(print) { *run + 1 } else { 0 };
            let rounds: u32 = after.saturating_sub(1).saturating_mul(length);
            repeats |= *run >= rounds.max(1);
        }
        self.last.rotate_right(1);
        self.last[0] = Some(print);
        repeats
    }
}
