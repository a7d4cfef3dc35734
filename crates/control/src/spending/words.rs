//! Limits in words, for notifications, refusals and findings.

use creel_domain::{
    Timestamp,
    limit::{Limit, Unit, Window},
};

use super::money;

/// `$1.00`, `1,000,000 tokens`, `60 calls`.
pub fn amount(unit: Unit, amount: u64) -> String {
    match unit {
        Unit::NanoUsd => money::words(amount),
        Unit::Tokens => format!("{} tokens", grouped(amount)),
        Unit::Calls => format!("{} calls", grouped(amount)),
    }
}

/// `$1.00 a day`.
pub(super) fn limit(limit: Limit) -> String {
    format!(
        "{} {}",
        amount(limit.unit, limit.amount),
        each(limit.window)
    )
}

/// `a day`.
pub fn each(window: Window) -> &'static str {
    match window {
        Window::Minute => "a minute",
        Window::Hour => "an hour",
        Window::Day => "a day",
        Window::Month => "a month",
    }
}

/// `this month`, of the stretch that holds now.
pub fn span(window: Window) -> &'static str {
    match window {
        Window::Minute => "this minute",
        Window::Hour => "this hour",
        Window::Day => "today",
        Window::Month => "this month",
    }
}

/// `on 2026-12-01`, `at 17:00 UTC on 2026-11-21`.
pub fn moment(window: Window, at: Timestamp) -> String {
    let (date, text) = (at.date(), at.to_string());
    match (window, text.get(11..16)) {
        (Window::Hour | Window::Minute, Some(time)) => format!("at {time} UTC on {date}"),
        _ => format!("on {date}"),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_for_people() {
        assert_eq!(amount(Unit::NanoUsd, 1_500_000_000), "$1.50");
        assert_eq!(amount(Unit::Tokens, 1_000_000), "1,000,000 tokens");
        assert_eq!(amount(Unit::Calls, 60), "60 calls");
        let day = Limit {
            unit: Unit::NanoUsd,
            window: Window::Day,
            amount: 1_000_000_000,
        };
        assert_eq!(limit(day), "$1.00 a day");
    }
}
