//! Figures as they are answered.

use std::collections::BTreeMap;

use creel_control::spending;
use creel_db::usage_day::{self, Day, Used};
use creel_domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Model calls, their tokens and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Tokens {
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together: what counts against the limit.
    total: u64,
    /// Input tokens, cached ones included.
    input: u64,
    /// Output tokens.
    output: u64,
    /// Of the input, read from the vendor's cache.
    cache_read: u64,
    /// Of the input, written to the vendor's cache.
    cache_write: u64,
    /// Of the cache writes, those kept for an hour.
    cache_write_1h: u64,
    /// Of the output, thinking.
    reasoning: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

/// The month at its end, if it goes on as in the last full days, at most seven; in a young month, as in its hours so far.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Forecast)]
pub(crate) struct ForecastView {
    /// Input and output together.
    tokens: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
    /// Days it rests on.
    basis_days: u32,
}

/// One day of everything that was asked about.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayCost {
    #[schema(format = "date")]
    day: String,
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

/// One day of one model.
#[derive(Serialize, ToSchema)]
pub(super) struct DayModel {
    #[schema(format = "date")]
    day: String,
    /// `provider/model`.
    model: String,
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

impl From<Used> for Tokens {
    fn from(used: Used) -> Self {
        Self {
            calls: used.calls,
            total: used.tokens(),
            input: used.usage.input,
            output: used.usage.output,
            cache_read: used.usage.cache_read,
            cache_write: used.usage.cache_write,
            cache_write_1h: used.usage.cache_write_1h,
            reasoning: used.usage.reasoning,
            cost_nano_usd: used.cost_nano_usd,
        }
    }
}

impl ForecastView {
    /// From days of which those of the present month count; absent where they say nothing.
    pub(crate) fn of(now: Timestamp, days: &[usage_day::DayModel]) -> Option<Self> {
        let seen = spending::forecast(now, by_day(days))?;
        Some(Self {
            tokens: seen.tokens,
            cost_nano_usd: seen.cost_nano_usd,
            basis_days: seen.basis_days,
        })
    }
}

impl DayCost {
    /// Days with calls, oldest first.
    pub(crate) fn all(days: &[usage_day::DayModel]) -> Vec<Self> {
        by_day(days)
            .into_iter()
            .map(|(day, used)| Self {
                day: day.date(),
                tokens: used.tokens(),
                calls: used.calls,
                cost_nano_usd: used.cost_nano_usd,
            })
            .collect()
    }
}

impl From<usage_day::DayModel> for DayModel {
    fn from(one: usage_day::DayModel) -> Self {
        Self {
            day: one.day.date(),
            model: one.model,
            tokens: one.used.tokens(),
            calls: one.used.calls,
            cost_nano_usd: one.used.cost_nano_usd,
        }
    }
}

/// Summed over models.
pub(super) fn by_day(days: &[usage_day::DayModel]) -> BTreeMap<Day, Used> {
    grouped(days, |one| one.day)
}

/// Summed over days.
pub(super) fn by_model(days: &[usage_day::DayModel]) -> BTreeMap<&str, Used> {
    grouped(days, |one| one.model.as_str())
}

fn grouped<'a, K: Ord>(
    days: &'a [usage_day::DayModel],
    key: impl Fn(&'a usage_day::DayModel) -> K,
) -> BTreeMap<K, Used> {
    let mut groups: BTreeMap<K, Used> = BTreeMap::new();
    for one in days {
        groups.entry(key(one)).or_default().add(one.used);
    }
    groups
}
