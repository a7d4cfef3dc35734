//! How calls end, in one word each: what metrics count, and what a person reading a log wants to know first.

use std::sync::{LazyLock, OnceLock};

use creel_domain::{Provider, provider::CATALOGUE};
use http::StatusCode;
use metrics::Counter;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The vendor's answer came to its end.
    Answered,
    /// It came, but what it cost had to be estimated.
    Estimated,
    /// It came and says that it is an error.
    FailedWithin,
    /// The client left.
    ClientLeft,
    /// The vendor refused the key.
    KeyRefused,
    /// The vendor takes no more calls at present.
    RateLimited,
    /// The vendor refused the request.
    VendorRefused,
    /// The vendor failed.
    VendorFailed,
    /// No answer in time.
    Late,
    /// An answer that fell silent.
    Silent,
    /// An answer that broke off.
    Broken,
    /// No connection.
    Unreachable,
    /// An address that may not be called.
    Forbidden,
    /// A connection, and no answer in HTTP that can be understood.
    Garbled,
    /// A redirect.
    Redirected,
}

/// All of them, for the table of counters.
const ALL: [Outcome; 15] = [
    Outcome::Answered,
    Outcome::Estimated,
    Outcome::FailedWithin,
    Outcome::ClientLeft,
    Outcome::KeyRefused,
    Outcome::RateLimited,
    Outcome::VendorRefused,
    Outcome::VendorFailed,
    Outcome::Late,
    Outcome::Silent,
    Outcome::Broken,
    Outcome::Unreachable,
    Outcome::Forbidden,
    Outcome::Garbled,
    Outcome::Redirected,
];

impl Outcome {
    /// The outcome of an answer with an error status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            300..400 => Self::Redirected,
            401 | 403 => Self::KeyRefused,
            429 => Self::RateLimited,
            400..500 => Self::VendorRefused,
            _ => Self::VendorFailed,
        }
    }

    /// Whether an answer began and is of no use.
    pub(super) fn is_cut_short(self) -> bool {
        matches!(self, Self::FailedWithin | Self::Silent | Self::Broken)
    }

    /// Label of metrics.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Answered => "ok",
            Self::Estimated => "estimated",
            Self::FailedWithin => "failed_within",
            Self::ClientLeft => "client_left",
            Self::KeyRefused => "key_refused",
            Self::RateLimited => "rate_limited",
            Self::VendorRefused => "vendor_refused",
            Self::VendorFailed => "vendor_failed",
            Self::Late => "late",
            Self::Silent => "silent",
            Self::Broken => "broken",
            Self::Unreachable => "unreachable",
            Self::Forbidden => "address_refused",
            Self::Garbled => "garbled",
            Self::Redirected => "redirected",
        }
    }

    /// Counts an attempt.
    pub(super) fn count(self, provider: &'static Provider) {
        static COUNTERS: LazyLock<Vec<[OnceLock<Counter>; ALL.len()]>> =
            LazyLock::new(|| CATALOGUE.iter().map(|_| Default::default()).collect());
        let at = CATALOGUE.iter().position(|one| one.id == provider.id);
        if let Some(row) = at.and_then(|at| COUNTERS.get(at)) {
            row[self as usize]
                .get_or_init(|| counter(provider.id, self.label()))
                .increment(1);
        }
    }
}

/// Counts a call that was refused before it left; `why` is of a short list.
pub(super) fn count_refused(provider: &'static str, why: &'static str) {
    counter(provider, why).increment(1);
}

fn counter(provider: &'static str, outcome: &'static str) -> Counter {
    metrics::counter!("creel_llm_requests_total", "provider" => provider, "outcome" => outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_differ_and_the_table_is_in_order() {
        let mut labels = ALL.map(Outcome::label).to_vec();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), ALL.len());
        assert!(ALL.iter().zip(0..).all(|(one, at)| *one as usize == at));
    }
}
