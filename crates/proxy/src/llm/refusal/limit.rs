//! Limits in sentences: whose, how much, and when it renews.

use creel_domain::{
    Provider,
    limit::{Limit, Scope, Unit, Window},
};

use crate::budget::Cap;

pub(super) fn spent(cap: &Cap) -> String {
    format!("{} is used up. {}", limit(cap), renewal(cap))
}

pub(super) fn too_dear(cap: &Cap) -> String {
    format!(
        "This call may cost more than what is left of {}. {} A shorter conversation or a shorter answer may still fit.",
        lower(&limit(cap)),
        renewal(cap)
    )
}

pub(super) fn held(cap: &Cap) -> String {
    format!(
        "Calls that are running may use up what is left of {}. Try again when they are done.",
        lower(&limit(cap))
    )
}

pub(super) fn minute(cap: &Cap) -> String {
    format!("{} is reached. Try again in a moment.", limit(cap))
}

/// “The monthly limit of $1.00 of this agent”. What the platform spends at a vendor is nobody else's business.
fn limit(cap: &Cap) -> String {
    let Limit { unit, window, .. } = cap.limit;
    let how_often = match window {
        Window::Minute => "rate",
        Window::Hour => "hourly usage",
        Window::Day => "daily",
        Window::Month => "monthly",
    };
    let per = if window == Window::Minute {
        " a minute"
    } else {
        ""
    };
    let amount = amount(unit, cap.limit.amount);
    match &cap.scope {
        Scope::Instance(_) => format!("The {how_often} limit of {amount}{per} of this agent"),
        Scope::Tenant(_) => format!("The {how_often} limit of {amount}{per} of this account"),
        Scope::PlatformKey(id) => {
            let vendor = Provider::find(id).map_or(id.as_str(), |provider| provider.name);
            format!("The platform's {how_often} limit for {vendor}")
        }
    }
}

fn lower(sentence: &str) -> String {
    sentence.replacen("The ", "the ", 1)
}

fn renewal(cap: &Cap) -> String {
    let (date, time) = (cap.renews.date(), cap.renews.to_string());
    match cap.limit.window {
        Window::Day | Window::Month => format!("It resets on {date} (UTC)."),
        // The words that make OpenClaw wait a while rather than bench the vendor.
        Window::Hour | Window::Minute => {
            let clock = time.get(11..16).unwrap_or_default();
            format!("It resets on {date} at {clock} (UTC); try again then.")
        }
    }
}

fn amount(unit: Unit, amount: u64) -> String {
    match unit {
        Unit::Calls => format!("{} calls", grouped(amount)),
        Unit::Tokens => format!("{} tokens", grouped(amount)),
        Unit::NanoUsd => dollars(amount),
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Cents, and as many digits more as there are.
fn dollars(nano_usd: u64) -> String {
    let (whole, rest) = (nano_usd / 1_000_000_000, nano_usd % 1_000_000_000);
    let digits = format!("{rest:09}");
    let shown = digits.trim_end_matches('0').len().max(2);
    format!("${}.{}", grouped(whole), &digits[..shown])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(dollars(1_000_000_000), "$1.00");
        assert_eq!(dollars(1_234_500_000_000), "$1,234.50");
        assert_eq!(dollars(1), "$0.000000001");
    }
}
