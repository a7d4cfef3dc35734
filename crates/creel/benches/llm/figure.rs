//! Numbers of several rounds, and the JSON line of a case.

use std::collections::BTreeMap;

use serde::Serialize;

/// One number per round.
#[derive(Clone, Default, Debug)]
pub(crate) struct Rounds(Vec<f64>);

/// What a case says about one metric.
pub(crate) struct Line<'a> {
    pub(crate) case: &'a str,
    pub(crate) metric: &'a str,
    pub(crate) creel: Rounds,
    pub(crate) peers: BTreeMap<&'static str, Rounds>,
    /// What is compared and the bounds; `None` where there is nothing to hold it against.
    pub(crate) verdict: Option<Verdict>,
    pub(crate) gates: &'a Gates,
    /// Peers of the goal that are not here.
    pub(crate) absent: &'a [&'static str],
}

/// A bar and how it is read.
pub(crate) struct Verdict {
    /// The peer that `ratio` is to; empty where the bar is a plain number.
    pub(crate) ratio_to: &'static str,
    pub(crate) value: f64,
    pub(crate) must: f64,
    pub(crate) stretch: f64,
    /// Whether more is better.
    pub(crate) at_least: bool,
}

/// Conditions without which no figure counts, by name.
#[derive(Clone, Debug)]
pub(crate) struct Gates(pub(crate) [(&'static str, bool); 5]);

// === impl Rounds ===

impl Rounds {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The value in the middle; 0 without any.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        match (
            sorted.get((sorted.len().max(1) - 1) / 2),
            sorted.get(sorted.len() / 2),
        ) {
            (Some(low), Some(high)) => f64::midpoint(*low, *high),
            _ => 0.0,
        }
    }

    pub(crate) fn get(&self, round: usize) -> Option<f64> {
        self.0.get(round).copied()
    }

    pub(crate) fn last(&self) -> Option<f64> {
        self.0.last().copied()
    }

    pub(crate) fn sum(&self) -> f64 {
        self.0.iter().sum()
    }

    pub(crate) fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    /// Round by round, this minus that.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a - b).collect())
    }

    fn spread(&self) -> [f64; 2] {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        [rounded(least), rounded(self.most())]
    }
}

// === impl Verdict ===

impl Verdict {
    fn holds(&self) -> bool {
        if self.at_least {
            self.value >= self.must
        } else {
            self.value <= self.must
        }
    }
}

// === impl Gates ===

impl Gates {
    fn hold(&self) -> bool {
        self.0.iter().all(|(_, holds)| *holds)
    }
}

// === impl Line ===

/// The line as it is written, in this order.
#[derive(Serialize)]
struct Written<'a> {
    case: &'a str,
    metric: &'a str,
    creel: f64,
    peers: BTreeMap<&'static str, f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio_to: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    must: Option<f64>,
    stretch: Option<f64>,
    ok: bool,
    gates: BTreeMap<&'static str, bool>,
    rounds: usize,
    creel_spread: [f64; 2],
    peers_spread: BTreeMap<&'static str, [f64; 2]>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    absent: &'a [&'static str],
}

impl Line<'_> {
    /// Writes it to standard output.
    pub(crate) fn print(&self) {
        let verdict = self.verdict.as_ref();
        let ratio = verdict.filter(|verdict| !verdict.ratio_to.is_empty());
        let line = Written {
            case: self.case,
            metric: self.metric,
            creel: rounded(self.creel.median()),
            peers: self
                .peers
                .iter()
                .map(|(name, of)| (*name, rounded(of.median())))
                .collect(),
            ratio_to: ratio.map(|verdict| verdict.ratio_to),
            ratio: ratio.map(|verdict| rounded(verdict.value)),
            must: verdict.map(|verdict| verdict.must),
            stretch: verdict.map(|verdict| verdict.stretch),
            ok: verdict.is_none_or(Verdict::holds) && self.gates.hold(),
            gates: self.gates.0.into_iter().collect(),
            rounds: self.creel.len(),
            creel_spread: self.creel.spread(),
            peers_spread: self
                .peers
                .iter()
                .map(|(name, of)| (*name, of.spread()))
                .collect(),
            absent: self.absent,
        };
        println!("{}", serde_json::to_string(&line).unwrap_or_default());
    }
}

/// Three decimals are more than two cores can tell.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The value below which so many per cent lie.
pub(crate) fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    f64::from(sorted.get(last * percent / 100).copied().unwrap_or(0))
}
