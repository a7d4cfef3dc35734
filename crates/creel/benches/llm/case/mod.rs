//! The cases of the goals, each with its bars.

mod latency;
mod prompts;
mod streams;
mod throughput;

use std::{collections::BTreeMap, time::Duration};

use crate::{
    field::{Field, Phase},
    figure::{Gates, Line, Rounds, Verdict},
    load::Tally,
};

/// A group of goals that one set of rounds answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Case {
    /// CPU per call.
    A1,
    /// Calls per second.
    A2,
    /// Added latency at 1,000 calls a second.
    A3,
    /// Added latency at low rates.
    A4,
    /// A thousand streams: errors, CPU, added latency.
    A5,
    /// The same: memory.
    A6,
    /// Long prompts.
    A7,
    /// The other dialect.
    A8,
}

/// How much is measured.
#[derive(Clone, Debug)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// Rounds of latency and of streams, whose figures scatter more.
    pub(crate) more_rounds: usize,
    pub(crate) time: Duration,
    pub(crate) paced_time: Duration,
    pub(crate) streams: usize,
    pub(crate) answers: usize,
}

/// Peers of the goals that nobody can start here.
const ABSENT: [&str; 2] = ["tensorzero", "portkey"];

/// Runs what is asked for. Streams first: their memory is that of a fresh process.
pub(crate) async fn run(field: &Field, effort: &Effort, wanted: &[Case]) {
    let any = |cases: &[Case]| cases.iter().any(|case| wanted.contains(case));
    if any(&[Case::A5, Case::A6]) {
        streams::run(field, effort, wanted).await;
    }
    if any(&[Case::A1, Case::A2, Case::A8]) {
        throughput::run(field, effort, wanted).await;
    }
    if any(&[Case::A7]) {
        prompts::run(field, effort).await;
    }
    for (case, rps) in [(Case::A3, 1000), (Case::A4, 200)] {
        if any(&[case]) {
            latency::run(field, effort, case, rps).await;
        }
    }
    if any(&[Case::A4]) && field.litellm.is_some() {
        latency::run(field, effort, Case::A4, 50).await;
    }
}

/// A metric's rounds by target.
#[derive(Default, Clone)]
struct Series(BTreeMap<&'static str, Rounds>);

impl Series {
    fn push(&mut self, target: &'static str, value: f64) {
        self.0.entry(target).or_default().push(value);
    }

    fn of(&self, target: &str) -> Rounds {
        self.0.get(target).cloned().unwrap_or_default()
    }

    fn median(&self, target: &str) -> f64 {
        self.of(target).median()
    }

    fn ratio(&self, to: &str) -> f64 {
        self.median("creel") / self.median(to).max(f64::MIN_POSITIVE)
    }

    /// Each target's rounds minus the stub's own.
    fn added(&self) -> Self {
        let direct = self.of("direct");
        let others = self.0.iter().filter(|(name, _)| **name != "direct");
        Self(
            others
                .map(|(name, rounds)| (*name, rounds.minus(&direct)))
                .collect(),
        )
    }

    fn without(&self, target: &str) -> Self {
        let mut others = self.clone();
        others.0.remove(target);
        others
    }

    fn peers(&self) -> BTreeMap<&'static str, Rounds> {
        self.0
            .iter()
            .filter(|(name, _)| **name != "creel")
            .map(|(name, rounds)| (*name, rounds.clone()))
            .collect()
    }

    fn print(
        &self,
        case: Case,
        metric: &str,
        verdict: impl Into<Option<Verdict>>,
        gates: &Gates,
        absent: &[&'static str],
    ) {
        let line = Line {
            case: &format!("{case:?}"),
            metric,
            creel: self.of("creel"),
            peers: self.peers(),
            verdict: verdict.into(),
            gates,
            absent,
        };
        line.print();
    }
}

/// A ratio to a peer that must not be more than this.
const fn at_most(ratio_to: &'static str, value: f64, must: f64, stretch: f64) -> Verdict {
    Verdict {
        ratio_to,
        value,
        must,
        stretch,
        at_least: false,
    }
}

const fn at_least(ratio_to: &'static str, value: f64, must: f64, stretch: f64) -> Verdict {
    Verdict {
        ratio_to,
        value,
        must,
        stretch,
        at_least: true,
    }
}

fn micros_per_call(phase: &Phase<Tally>) -> f64 {
    phase.cpu.as_secs_f64() * 1e6 / count(phase.seen.good).max(1.0)
}

fn calls_per_second(phase: &Phase<Tally>) -> f64 {
    count(phase.seen.good) / phase.wall.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark fit")]
const fn count(number: u64) -> f64 {
    number as f64
}
