//! Budgets: what can be spent in a stretch of the calendar, which proxy holds how much of it, what of it is booked. All SQL about money is here.
//!
//! A purse is one limit's money in one stretch. A proxy leases slices of it and spends them without asking; what it then really used is booked.
//! The promise: booked and leased together never exceed the limit that a lease was asked under, with any number of proxies, because a lease is granted
//! under the lock of the purse's row (SQLite: under the only writer). Nothing else writes these tables. Every change happens in the caller's
//! transaction, so after a crash it is there in full or not at all; what a dead proxy had leased stays counted until its successor books what
//! its journal says and releases the rest.
//!
//! Whoever touches several purses in one transaction takes them in their order, or two proxies wait for each other.

mod book;
mod lease;
mod look;
mod purse;

use creel_domain::{
    Timestamp,
    limit::{Scope, Unit, Window},
};

pub use book::{Booking, book, used_up};
pub use lease::{give_back, lease, open_leases, release};
pub use look::{Mark, forget_before, key_marks, marks, spent};

/// One limit's money in one stretch of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purse {
    /// Whose.
    pub scope: Scope,
    /// What is counted.
    pub unit: Unit,
    /// How long it lasts.
    pub window: Window,
    /// First moment of the stretch.
    pub starts_at: Timestamp,
}

/// What a proxy got, and what the purse holds after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slice {
    /// Granted now; nothing where the purse does not hold what is needed.
    pub granted: u64,
    /// Booked so far.
    pub spent: u64,
    /// Promised to all proxies and not booked, the grant included.
    pub leased: u64,
}

impl Purse {
    /// The purse of this limit at that moment.
    pub fn at(scope: Scope, unit: Unit, window: Window, at: Timestamp) -> Self {
        Self {
            scope,
            unit,
            window,
            starts_at: window.start(at),
        }
    }

    /// When its budget renews.
    pub fn ends_at(&self) -> Timestamp {
        self.window.end(self.starts_at)
    }
}
