//! The load generator: closed loop, fixed rate, and many streams at once. Runs on the benchmark's own thread, on the stub's core.

mod closed;
mod paced;
mod streams;

pub(crate) use closed::closed;
pub(crate) use paced::paced;
pub(crate) use streams::{Streamed, streams};

use crate::wire::Answer;

/// What was answered, over all connections.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    /// 200, whole.
    pub(crate) good: u64,
    /// 5xx.
    pub(crate) faults: u64,
    /// Refusals and whatever else.
    pub(crate) other: u64,
    /// Connections that broke.
    pub(crate) broken: u64,
    /// Answers with the provider key in them.
    pub(crate) leaked: u64,
    /// From dispatch to the last byte, microseconds.
    pub(crate) latencies: Vec<u32>,
}

impl Tally {
    pub(crate) fn count(&mut self, answer: std::io::Result<Answer>, micros: u32) {
        match answer {
            Err(_) => self.broken += 1,
            Ok(answer) => {
                self.leaked += u64::from(answer.leaked);
                match answer.status {
                    200 => self.good += 1,
                    500.. => self.faults += 1,
                    _ => self.other += 1,
                }
                self.latencies.push(micros);
            }
        }
    }

    pub(crate) fn add(&mut self, mut other: Self) {
        self.good += other.good;
        self.faults += other.faults;
        self.other += other.other;
        self.broken += other.broken;
        self.leaked += other.leaked;
        self.latencies.append(&mut other.latencies);
    }

    /// Whether every call was answered as it should be.
    pub(crate) const fn clean(&self) -> bool {
        self.faults + self.other + self.broken + self.leaked == 0
    }

    pub(crate) fn sorted(&mut self) -> &[u32] {
        self.latencies.sort_unstable();
        &self.latencies
    }
}
