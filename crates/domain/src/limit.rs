//! Spending limits: so much of something in a stretch of the calendar, for an instance, a tenant or one of the platform's own keys.
//!
//! A limit is a cap, not a target: what is admitted against it was reserved before (see `creel-proxy`'s `budget`). All calendars are UTC.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{InstanceId, TenantId, Timestamp, token::text_enum};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

text_enum! {
    /// What is counted.
    pub enum Unit {
        /// Calls, failed ones too.
        Calls = "calls",
        /// Tokens, input and output together.
        Tokens = "tokens",
        /// Cost at list price, billionths of a dollar.
        NanoUsd = "nano_usd",
    }
}

text_enum! {
    /// A stretch of the calendar, UTC.
    pub enum Window {
        /// From second 0. Kept by each proxy for itself and in memory only: a rate, not a budget.
        Minute = "minute",
        /// From minute 0.
        Hour = "hour",
        /// From midnight.
        Day = "day",
        /// From the first of the month.
        Month = "month",
    }
}

/// For whom a limit holds. Its text is the first part of a purse's name in the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// One instance: `inst_…`.
    Instance(InstanceId),
    /// All instances of a tenant: `ten_…`.
    Tenant(TenantId),
    /// Every call that the platform's keys of a provider pay for: `key_<provider id>`.
    PlatformKey(String),
}

/// So much in such a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What is counted.
    pub unit: Unit,
    /// For how long.
    pub window: Window,
    /// How much, at least 1.
    pub amount: u64,
}

// === impl Window ===

impl Window {
    /// First moment of the stretch that holds `at`.
    #[must_use]
    pub fn start(self, at: Timestamp) -> Timestamp {
        match self.micros() {
            Some(length) => Timestamp::from_micros(at.micros().div_euclid(length) * length),
            None => at.month_start(),
        }
    }

    /// First moment after it: when the budget renews.
    #[must_use]
    pub fn end(self, at: Timestamp) -> Timestamp {
        match self.micros() {
            Some(length) => Timestamp::from_micros(self.start(at).micros().saturating_add(length)),
            None => at.next_month(),
        }
    }

    const fn micros(self) -> Option<i64> {
        match self {
            Self::Minute => Some(MINUTE),
            Self::Hour => Some(HOUR),
            Self::Day => Some(DAY),
            Self::Month => None,
        }
    }
}

// === impl Scope ===

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => id.fmt(f),
            Self::Tenant(id) => id.fmt(f),
            Self::PlatformKey(provider) => write!(f, "key_{provider}"),
        }
    }
}

/// A text that names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a scope: it begins with `inst_`, `ten_` or `key_`")]
pub struct ParseScopeError;

impl FromStr for Scope {
    type Err = ParseScopeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(provider) = text.strip_prefix("key_") {
            return Ok(Self::PlatformKey(provider.to_owned()));
        }
        let instance = text.parse().map(Self::Instance);
        instance
            .or_else(|_| text.parse().map(Self::Tenant))
            .map_err(|_| ParseScopeError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SystemClock, SystemEntropy};

    #[test]
    fn windows_begin_and_end_with_the_calendar() {
        // 2026-11-21T16:50:07.5Z
        let at = Timestamp::from_micros(1_795_279_807_500_000);
        for window in Window::ALL {
            let (start, end) = (window.start(at), window.end(at));
            assert!(start <= at && at < end, "{window}");
            assert_eq!(window.start(end), end, "{window}");
            assert_eq!(window.start(start), start, "{window}");
        }
        assert_eq!(
            Window::Hour.start(at).to_string(),
            "2026-11-21T16:00:00.000000Z"
        );
        assert_eq!(Window::Month.end(at).date(), "2026-12-01");
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let scopes = [
            Scope::Instance(InstanceId::generate(&SystemClock, &SystemEntropy)),
            Scope::Tenant(TenantId::generate(&SystemClock, &SystemEntropy)),
            Scope::PlatformKey("openai".to_owned()),
        ];
        for scope in scopes {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        assert_eq!("nobody".parse::<Scope>(), Err(ParseScopeError));
    }
}
