//! What shall go wrong, and how often what was asked.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use creel_domain::Step;

use super::FakeVerb;
use crate::Error;

#[derive(Default)]
pub(super) struct Script {
    pub(super) down: bool,
    verbs: HashMap<FakeVerb, VecDeque<Error>>,
    steps: HashMap<&'static str, VecDeque<Error>>,
    delays: HashMap<&'static str, Duration>,
    calls: HashMap<FakeVerb, usize>,
}

impl Script {
    pub(super) fn fail_verb(&mut self, verb: FakeVerb, times: usize, error: Error) {
        self.verbs
            .entry(verb)
            .or_default()
            .extend(std::iter::repeat_n(error, times));
    }

    pub(super) fn fail_step(&mut self, step: Step, times: usize, error: Error) {
        self.steps
            .entry(step.as_str())
            .or_default()
            .extend(std::iter::repeat_n(error, times));
    }

    pub(super) fn forgive_steps(&mut self) {
        self.steps.clear();
    }

    pub(super) fn delay(&mut self, step: Step, delay: Duration) {
        self.delays.insert(step.as_str(), delay);
    }

    pub(super) fn delay_of(&self, step: Step) -> Duration {
        self.delays.get(step.as_str()).copied().unwrap_or_default()
    }

    pub(super) fn calls(&self, verb: FakeVerb) -> usize {
        self.calls.get(&verb).copied().unwrap_or(0)
    }

    /// Counts the call and answers with the failure that is due.
    pub(super) fn enter(&mut self, verb: FakeVerb) -> Result<(), Error> {
        *self.calls.entry(verb).or_default() += 1;
        if self.down && verb != FakeVerb::PutFiles {
            return Err(down());
        }
        next(self.verbs.get_mut(&verb))
    }

    pub(super) fn enter_step(&mut self, step: Step) -> Result<(), Error> {
        if self.down {
            return Err(down());
        }
        next(self.steps.get_mut(step.as_str()))
    }
}

fn next(failures: Option<&mut VecDeque<Error>>) -> Result<(), Error> {
    failures.and_then(VecDeque::pop_front).map_or(Ok(()), Err)
}

fn down() -> Error {
    Error::Unavailable {
        message: "the fake engine is switched off".to_owned(),
    }
}
