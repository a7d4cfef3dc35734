//! Model calls of the fleet: a few a day for each agent, each standing for all of its kind. Sums are what is looked at, and the newest calls one by one.

use std::time::Duration;

use creel_db::{instance::Instance, usage::UsageEvent};
use creel_domain::{
    Phase, Timestamp,
    price::{STANDARD, Table},
    usage::{Cause, Usage},
};

use super::{DAY, Owner, dice::Dice};

/// Why agents call, how often in a hundred days, and how large such a call is beside the others.
const KINDS: &[(Cause, u64, u64)] = &[
    (Cause::Person, 78, 10),
    (Cause::Heartbeat, 92, 3),
    (Cause::Cron, 34, 6),
    (Cause::SubAgent, 22, 14),
    (Cause::Retry, 9, 4),
    (Cause::Unknown, 4, 2),
];
const CHANNELS: &[&str] = &["telegram", "telegram", "telegram", "webchat", "whatsapp"];
/// What vendors answer when they do not answer the question.
const FAILURES: &[u16] = &[429, 429, 529, 500, 401, 499];

/// An agent's calls so many days ago.
pub(crate) fn of_day(
    owner: &Owner,
    row: &Instance,
    number: usize,
    days_ago: u32,
    dice: &Dice,
) -> Vec<UsageEvent> {
    let end = owner.now.minus(DAY * days_ago);
    if row.created_at > end && row.phase != Phase::Running {
        return Vec::new();
    }
    // Fewer on some days, and a little more every week.
    let busy = (100 + u64::from(owner.days.saturating_sub(days_ago))) * (60 + dice.below(60));
    // A few agents do most of the work, as everywhere.
    let busy = busy * if number.is_multiple_of(17) { 12 } else { 1 };
    let often = |(_, often, _): &&(Cause, u64, u64)| dice.below(100) < *often;
    KINDS
        .iter()
        .filter(often)
        .map(|(cause, _, size)| {
            let at = end.minus(Duration::from_secs(30 + dice.below(72_000)));
            let tokens = busy * size / 100 * (20 + dice.below(30));
            call(row, number, *cause, tokens, at, dice)
        })
        .collect()
}

fn call(
    row: &Instance,
    number: usize,
    cause: Cause,
    tokens: u64,
    at: Timestamp,
    dice: &Dice,
) -> UsageEvent {
    let (provider, model) = row.settings.model.split_once('/').unwrap_or_default();
    let failed = dice.below(45) == 0 || cause == Cause::Retry && dice.below(3) == 0;
    let status = if failed { *dice.pick(FAILURES) } else { 200 };
    let usage = if failed {
        Usage::default()
    } else {
        usage(provider, tokens, dice)
    };
    let prices = Table::shipped();
    let latency = 700 + dice.below(9_000);
    UsageEvent {
        id: dice.id(at),
        tenant: row.tenant,
        instance: row.id,
        provider: provider.to_owned(),
        model: model.to_owned(),
        usage,
        cost_nano_usd: prices.cost(provider, model, STANDARD, usage, at),
        status,
        estimated: !failed && dice.below(80) == 0,
        streamed: cause != Cause::Heartbeat,
        // Every fifth agent pays its vendor itself.
        own_key: number % 5 == 4,
        cause,
        channel: match cause {
            Cause::Person => (*dice.pick(CHANNELS)).to_owned(),
            _ => String::new(),
        },
        started_at: at,
        latency_ms: latency,
        ttft_ms: (!failed).then(|| 180 + dice.below(latency / 3)),
    }
}

/// Most of what an agent sends was sent before and is in the vendor's cache; only some vendors charge for writing to it.
fn usage(provider: &str, tokens: u64, dice: &Dice) -> Usage {
    let input = tokens.max(40);
    let cache_read = input / 100 * (30 + dice.below(55));
    let writes = matches!(provider, "anthropic" | "openai");
    let cache_write = if writes { (input - cache_read) / 3 } else { 0 };
    let output = input / (6 + dice.below(20));
    Usage {
        input,
        output,
        cache_read,
        cache_write,
        cache_write_1h: if dice.below(4) == 0 {
            cache_write / 2
        } else {
            0
        },
        reasoning: output / 100 * dice.below(60),
        ..Usage::default()
    }
}
