//! Why models were called.

use std::collections::BTreeMap;

use creel_db::usage_day::{Day, DayCause};
use creel_domain::usage::Cause;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// What calls for one reason have used.
#[derive(Serialize, ToSchema)]
pub(super) struct CauseUsage {
    #[schema(schema_with = words::call_cause)]
    cause: Cause,
    /// Where the person wrote from, such as `telegram`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together.
    tokens: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

/// One day of one reason.
#[derive(Serialize, ToSchema)]
pub(super) struct DayCauseUsage {
    #[schema(format = "date")]
    day: String,
    #[schema(schema_with = words::call_cause)]
    cause: Cause,
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together.
    tokens: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    calls: u64,
    tokens: u64,
    cost_nano_usd: u64,
}

impl Sum {
    fn add(&mut self, one: &DayCause) {
        self.calls = self.calls.saturating_add(one.calls);
        self.tokens = self.tokens.saturating_add(one.tokens);
        self.cost_nano_usd = self.cost_nano_usd.saturating_add(one.cost_nano_usd);
    }
}

/// Summed over days, the dearest first.
pub(super) fn by_cause(days: &[DayCause]) -> Vec<CauseUsage> {
    let mut sums: Vec<_> = grouped(days, |one| (one.cause, one.channel.as_str()))
        .into_iter()
        .collect();
    // Stable, so that equals keep the order of their words from one look to the next.
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse((sum.cost_nano_usd, sum.tokens)));
    let view = |((cause, channel), sum): ((Cause, &str), Sum)| CauseUsage {
        cause,
        channel: Some(channel.to_owned()).filter(|channel| !channel.is_empty()),
        calls: sum.calls,
        tokens: sum.tokens,
        cost_nano_usd: sum.cost_nano_usd,
    };
    sums.into_iter().map(view).collect()
}

/// Summed over channels, oldest first.
pub(super) fn by_day_cause(days: &[DayCause]) -> Vec<DayCauseUsage> {
    let view = |((day, cause), sum): ((Day, Cause), Sum)| DayCauseUsage {
        day: day.date(),
        cause,
        calls: sum.calls,
        tokens: sum.tokens,
        cost_nano_usd: sum.cost_nano_usd,
    };
    grouped(days, |one| (one.day, one.cause))
        .into_iter()
        .map(view)
        .collect()
}

fn grouped<'a, K: Ord>(days: &'a [DayCause], key: impl Fn(&'a DayCause) -> K) -> BTreeMap<K, Sum> {
    let mut groups: BTreeMap<K, Sum> = BTreeMap::new();
    for one in days {
        groups.entry(key(one)).or_default().add(one);
    }
    groups
}
