//! One key's breaker and its last five minutes.

use std::{collections::VecDeque, time::Duration};

use creel_domain::Timestamp;
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::{Failure, Rest, Wire};

/// Failures in a row that open a breaker. Fewer punish a vendor for a bad second; more make people wait.
const STREAK: u32 = 5;
/// First and longest pause before a probe.
const PAUSE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(1));
/// What callers are told while a probe is on its way.
const PROBING: Duration = Duration::from_secs(1);
/// Longest time to wait that a vendor may name.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// Models of one key that wait at once; more than a vendor limits one by one.
const WAITING: usize = 8;
/// How finely and how far back calls are counted.
const SPAN: Duration = Duration::from_secs(30);
const SPANS: usize = 10;

/// Whether a key is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is.
    Closed,
    /// One call tries it.
    HalfOpen,
    /// It is not, for a while.
    Open,
}

/// Whose keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnedBy {
    /// One of the platform's.
    Platform,
    /// All keys that tenants brought, together.
    Tenants,
}

/// How a key of a vendor did in the last five minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamHealth {
    /// Provider id of the catalogue.
    pub provider: String,
    /// The key's last characters; `None` for tenants' keys, and where there is no key.
    pub key_last4: Option<String>,
    /// Whose it is.
    pub owned_by: OwnedBy,
    /// Whether it is asked; of tenants' keys the worst.
    pub state: State,
    /// Attempts.
    pub calls: u64,
    /// Attempts that failed: no answer, a status of 500 and above, 408 or 429.
    pub failures: u64,
    /// What went wrong last, since the process began.
    pub last_error: Option<String>,
    /// When.
    pub last_error_at: Option<Timestamp>,
}

/// A key's past.
#[derive(Debug)]
pub(super) struct Entry {
    provider: &'static str,
    last4: Option<String>,
    owned_by: OwnedBy,
    breaker: Breaker,
    streak: u32,
    pause: Duration,
    /// Models that wait, and until when.
    waits: VecDeque<(u64, Instant)>,
    spans: VecDeque<Span>,
    last: Option<(String, Timestamp)>,
    touched: Instant,
}

#[derive(Debug, Clone, Copy)]
enum Breaker {
    Closed,
    Open(Instant),
    Probing,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    begun: Instant,
    calls: u64,
    failures: u64,
}

impl Entry {
    pub(super) fn new(wire: Wire<'_>) -> Self {
        let owned = wire.upstream.owned_by_tenant;
        let last4 = wire.key.filter(|_| !owned).map(|key| {
            let tail = key.expose_secret().chars().rev().take(4);
            tail.collect::<Vec<_>>().into_iter().rev().collect()
        });
        Self {
            provider: wire.provider.id,
            last4,
            owned_by: if owned {
                OwnedBy::Tenants
            } else {
                OwnedBy::Platform
            },
            breaker: Breaker::Closed,
            streak: 0,
            pause: PAUSE.0,
            waits: VecDeque::new(),
            spans: VecDeque::new(),
            last: None,
            touched: Instant::now(),
        }
    }

    pub(super) fn touched(&self) -> Instant {
        self.touched
    }

    /// Whether a call may go, and whether it is the probe.
    pub(super) fn admit(&mut self, model: u64, now: Instant) -> Result<bool, Rest> {
        self.touched = now;
        self.waits.retain(|(_, until)| *until > now);
        if let Some((_, until)) = self.waits.iter().find(|(waiting, _)| *waiting == model) {
            return Err(Rest::Limited(*until - now));
        }
        match self.breaker {
            Breaker::Closed => Ok(false),
            Breaker::Open(until) if until > now => Err(Rest::Failing(until - now)),
            Breaker::Open(_) => {
                self.breaker = Breaker::Probing;
                Ok(true)
            }
            Breaker::Probing => Err(Rest::Failing(PROBING)),
        }
    }

    pub(super) fn answered(&mut self, now: Instant) {
        self.count(now, 0);
        self.breaker = Breaker::Closed;
        self.streak = 0;
        self.pause = PAUSE.0;
    }

    pub(super) fn failed(&mut self, model: u64, failure: Failure, now: Instant) {
        self.count(now, 1);
        self.last = Some((failure.words, failure.at));
        if let Some(wait) = failure.wait {
            self.waits.truncate(WAITING - 1);
            self.waits.push_front((model, now + wait.min(LONGEST_WAIT)));
        }
        self.streak += 1;
        if matches!(self.breaker, Breaker::Probing) {
            self.pause = (self.pause * 2).min(PAUSE.1);
            self.breaker = Breaker::Open(now + self.pause);
        } else if self.streak >= STREAK && matches!(self.breaker, Breaker::Closed) {
            self.breaker = Breaker::Open(now + self.pause);
        }
    }

    /// The probe ended without a word about the vendor.
    pub(super) fn unproven(&mut self) {
        if matches!(self.breaker, Breaker::Probing) {
            self.breaker = Breaker::Open(Instant::now());
        }
    }

    fn count(&mut self, now: Instant, failures: u64) {
        self.touched = now;
        match self.spans.back_mut() {
            Some(span) if now - span.begun < SPAN => {
                span.calls += 1;
                span.failures += failures;
            }
            _ => {
                self.spans.truncate(SPANS);
                self.spans.push_back(Span {
                    begun: now,
                    calls: 1,
                    failures,
                });
            }
        }
        if self.spans.len() > SPANS {
            self.spans.pop_front();
        }
    }

    pub(super) fn health(&self, now: Instant) -> UpstreamHealth {
        let far = SPAN * u32::try_from(SPANS).unwrap_or(1);
        let recent = || self.spans.iter().filter(|span| now - span.begun < far);
        UpstreamHealth {
            provider: self.provider.to_owned(),
            key_last4: self.last4.clone(),
            owned_by: self.owned_by,
            state: match self.breaker {
                Breaker::Closed => State::Closed,
                Breaker::Open(_) => State::Open,
                Breaker::Probing => State::HalfOpen,
            },
            calls: recent().map(|span| span.calls).sum(),
            failures: recent().map(|span| span.failures).sum(),
            last_error: self.last.as_ref().map(|(words, _)| words.clone()),
            last_error_at: self.last.as_ref().map(|(_, at)| *at),
        }
    }
}

impl UpstreamHealth {
    /// Takes in another key of the same kind.
    pub(super) fn join(&mut self, other: Self) {
        self.calls += other.calls;
        self.failures += other.failures;
        self.state = self.state.max(other.state);
        if other.last_error_at > self.last_error_at {
            (self.last_error, self.last_error_at) = (other.last_error, other.last_error_at);
        }
    }
}
