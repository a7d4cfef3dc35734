//! What the month will have used at its end if it goes on as it did.
//!
//! Figures only, from days that are there already. A month that has hardly begun, or in which nobody called, has no forecast.

use creel_db::usage_day::{Day, Used};
use creel_domain::Timestamp;

/// Full days that say how it goes on: the last week, so that a quiet Sunday is in it once.
const WEEK: usize = 7;
/// Fewer full days than this say less than the days and hours since the first call.
const FULL_DAYS: usize = 3;
/// Less time than this says nothing: one call in the first minute would make a month of it.
const LEAST_MICROS: u128 = 6 * 3_600_000_000;
const DAY_MICROS: u128 = 86_400_000_000;

/// The month at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Tokens.
    pub tokens: u64,
    /// Cost at list price.
    pub cost_nano_usd: u64,
    /// Days it rests on, the present one included where it does.
    pub basis_days: u32,
}

/// From days of any range, each as often as wanted; only those of the present month count.
pub fn forecast(now: Timestamp, days: impl IntoIterator<Item = (Day, Used)>) -> Option<Forecast> {
    let (month, today) = (Day::of(now.month_start()), Day::of(now));
    let days: Vec<_> = days
        .into_iter()
        .filter(|(day, used)| (month..=today).contains(day) && used.calls > 0)
        .collect();
    let first = days.iter().map(|(day, _)| *day).min()?;
    let so_far: Used = days.iter().map(|(_, used)| *used).sum();
    let pace =
        Pace::of_full_days(&days, first, today).or_else(|| Pace::so_far(now, first, so_far))?;
    let left = micros(now.next_month()).saturating_sub(micros(now));
    Some(Forecast {
        tokens: so_far.tokens().saturating_add(pace.over(pace.tokens, left)),
        cost_nano_usd: so_far
            .cost_nano_usd
            .saturating_add(pace.over(pace.cost_nano_usd, left)),
        basis_days: pace.days,
    })
}

/// So much in such a time.
struct Pace {
    tokens: u64,
    cost_nano_usd: u64,
    micros: u128,
    days: u32,
}

impl Pace {
    /// Of the last full days since the first call.
    fn of_full_days(days: &[(Day, Used)], first: Day, today: Day) -> Option<Self> {
        let full: Vec<_> = std::iter::successors(Some(first), |day| Some(day.next()))
            .take_while(|day| *day < today)
            .collect();
        let last = &full[full.len().saturating_sub(WEEK)..];
        let begin = last.first().filter(|_| last.len() >= FULL_DAYS)?;
        let counted = days.iter().filter(|(day, _)| (*begin..today).contains(day));
        let used: Used = counted.map(|(_, used)| *used).sum();
        let count = u32::try_from(last.len()).ok()?;
        Some(Self::new(used, u128::from(count) * DAY_MICROS, count))
    }

    /// Of all since the beginning of the first day with a call.
    fn so_far(now: Timestamp, first: Day, used: Used) -> Option<Self> {
        let begun = std::iter::successors(Some(first), |day| Some(day.next()));
        let days = begun.take_while(|day| *day <= Day::of(now)).count();
        let whole = u128::try_from(days.checked_sub(1)?).ok()? * DAY_MICROS;
        let passed = whole + micros(now) % DAY_MICROS;
        (passed >= LEAST_MICROS).then(|| Self::new(used, passed, u32::try_from(days).unwrap_or(0)))
    }

    fn new(used: Used, micros: u128, days: u32) -> Self {
        Self {
            tokens: used.tokens(),
            cost_nano_usd: used.cost_nano_usd,
            micros,
            days,
        }
    }

    fn over(&self, amount: u64, micros: u128) -> u64 {
        let more = u128::from(amount) * micros / self.micros.max(1);
        u64::try_from(more).unwrap_or(u64::MAX)
    }
}

/// Since 1970; nothing here is older.
fn micros(at: Timestamp) -> u128 {
    u128::try_from(at.micros()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use creel_domain::usage::Usage;

    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    fn day(date: &str, tokens: u64) -> (Day, Used) {
        let usage = Usage {
            input: tokens,
            ..Usage::default()
        };
        let used = Used {
            calls: 1,
            usage,
            cost_nano_usd: tokens * 10,
        };
        (Day::of(at(&format!("{date}T00:00:00Z"))), used)
    }

    #[test]
    fn the_last_week_goes_on_to_the_end_of_the_month() {
        // 100 a day from the 1st to the 3rd, 10 a day from the 4th to the 10th; noon of the 11th of a month of 30 days.
        let early = (1..=3).map(|d| day(&format!("2026-11-0{d}"), 100));
        let week = (4..=10).map(|d| day(&format!("2026-11-{d:02}"), 10));
        let now = at("2026-11-11T12:00:00Z");
        let seen = forecast(now, early.chain(week)).unwrap();
        assert_eq!(seen.tokens, 300 + 70 + 195);
        assert_eq!(seen.cost_nano_usd, seen.tokens * 10);
        assert_eq!(seen.basis_days, 7);
    }

    #[test]
    fn days_before_the_first_call_say_nothing() {
        let days = [
            day("2026-11-20", 90),
            day("2026-11-21", 0),
            day("2026-11-23", 5),
        ];
        let seen = forecast(at("2026-11-23T00:00:00Z"), days).unwrap();
        // Three full days with 90 together, and eight days to come.
        assert_eq!((seen.basis_days, seen.tokens), (3, 95 + 240));
    }

    #[test]
    fn a_young_month_is_judged_by_its_hours() {
        let days = [day("2026-10-31", 1_000_000), day("2026-11-02", 60)];
        let seen = forecast(at("2026-11-02T12:00:00Z"), days).unwrap();
        assert_eq!((seen.basis_days, seen.tokens), (1, 60 + 120 * 57 / 2));
    }

    #[test]
    fn nothing_to_go_by_is_no_forecast() {
        let now = at("2026-11-11T12:00:00Z");
        assert_eq!(forecast(now, []), None);
        assert_eq!(forecast(now, [day("2026-10-31", 5)]), None);
        let hardly = at("2026-11-01T05:59:59Z");
        assert_eq!(forecast(hardly, [day("2026-11-01", 5)]), None);
    }

    #[test]
    fn the_largest_sums_do_not_run_over() {
        let (first, mut used) = day("2026-11-01", 0);
        used.usage.input = u64::MAX;
        used.cost_nano_usd = u64::MAX;
        let seen = forecast(at("2026-11-01T12:00:00Z"), [(first, used)]).unwrap();
        assert_eq!((seen.tokens, seen.cost_nano_usd), (u64::MAX, u64::MAX));
    }
}
