//! What the proxy counts, and how much memory this process has.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

type Counted = BTreeMap<(String, String), Arc<AtomicU64>>;

static COUNTED: LazyLock<Mutex<Counted>> = LazyLock::new(Mutex::default);

/// Calls by provider and outcome.
pub(crate) type Outcomes = BTreeMap<(String, String), u64>;

struct Counting;

/// Begins to count, once for all tests of the process.
pub(crate) fn count() {
    static ONCE: LazyLock<()> = LazyLock::new(|| metrics::set_global_recorder(Counting).unwrap());
    LazyLock::force(&ONCE);
}

/// What was counted so far.
pub(crate) fn outcomes() -> Outcomes {
    let counted = COUNTED.lock().unwrap();
    let read = |count: &Arc<AtomicU64>| count.load(Ordering::SeqCst);
    counted
        .iter()
        .map(|(name, count)| (name.clone(), read(count)))
        .collect()
}

/// What was counted since.
pub(crate) fn since(before: &Outcomes) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, count) in outcomes() {
        let more = count - before.get(&name).copied().unwrap_or(0);
        all.extend((0..more).map(|_| name.clone()));
    }
    all
}

/// Resident memory of this process, KiB.
pub(crate) fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4
}

impl Recorder for Counting {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() != "creel_llm_requests_total" {
            return Counter::noop();
        }
        let label = |wanted| {
            key.labels()
                .find(|label| label.key() == wanted)
                .unwrap()
                .value()
                .to_owned()
        };
        let name = (label("provider"), label("outcome"));
        Counter::from_arc(Arc::clone(COUNTED.lock().unwrap().entry(name).or_default()))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
