//! One purse as this replica holds it: what was leased, what of it is reserved, what is settled and on its way to the database.
//!
//! The database knows `outstanding` (leased and not booked); `free` is what remains of it. Only the lessee changes `granted`, so it can be compared with the
//! database's own number after an answer that got lost.

use std::{sync::Arc, time::Duration};

use creel_db::budget::{Purse, Slice};
use creel_domain::{Timestamp, limit::Window};
use tokio::time::Instant;

/// A slice is this part of a limit: what a power loss may cost of it.
const SLICES: u64 = 20;
/// A purse that holds less than this part of its limit is as good as empty when a call cannot have what it may cost.
const NEARLY: u64 = 5;
/// How long the treasury's word that nothing is left is believed. Longer refuses what another replica has given back; shorter is a query for each refused call.
const FRESH: Duration = Duration::from_secs(1);
/// The same for refills nobody waits for.
const FRESH_AHEAD: Duration = Duration::from_secs(10);

/// A purse in memory.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own that the lessee asks; none excludes another"
)]
pub(super) struct Pot {
    pub(super) purse: Arc<Purse>,
    pub(super) ends: Timestamp,
    pub(super) limit: u64,
    /// What the treasury granted and was not given back, booked or not.
    pub(super) granted: u64,
    /// Of that, what the database has not booked.
    pub(super) outstanding: u64,
    /// Worst cases of calls in flight.
    pub(super) reserved: u64,
    /// Settled, and not yet in the database.
    pub(super) unbooked: u64,
    /// What is wished for.
    pub(super) wish: Option<Wish>,
    /// Counts the wishes that were taken, so that a call wishes once in each.
    pub(super) round: u64,
    /// The lessee is asking.
    pub(super) busy: bool,
    /// An answer got lost: `granted` may be wrong.
    pub(super) doubtful: bool,
    /// The limit was lowered: what is free goes back before anything is reserved.
    pub(super) recall: bool,
    /// Nobody needs it: what is free goes back, unless somebody comes first.
    pub(super) leave: bool,
    /// The lessee has been told to look.
    pub(super) queued: bool,
    /// Whether its owner is to be told, or has been, that it is as good as empty.
    pub(super) used_up: Told,
    seen: Option<Seen>,
    /// Number of the sweep in which it was last used.
    pub(super) touched: u64,
}

/// What calls wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    /// The smallest of the needs: less helps nobody.
    pub(super) least: u64,
    pub(super) sum: u64,
}

/// Whether something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    No,
    Due,
    Yes,
}

/// How the purse stood when the treasury last answered.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Not leased and not spent.
    left: u64,
    /// Leased to other replicas.
    others: u64,
    /// Spent or leased by others, or booked by us.
    elsewhere: u64,
    at: Instant,
}

/// Why a call cannot have what it may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// Nothing is left until the window turns.
    Spent,
    /// Something is left, but less than the call may cost.
    TooDear,
    /// Calls in flight, or other replicas, hold it.
    Held,
    /// The treasury must be asked.
    Ask,
}

impl Pot {
    pub(super) fn new(purse: Purse, limit: u64, touched: u64) -> Self {
        Self {
            ends: purse.ends_at(),
            purse: Arc::new(purse),
            limit,
            granted: 0,
            outstanding: 0,
            reserved: 0,
            unbooked: 0,
            wish: None,
            round: 0,
            busy: false,
            doubtful: false,
            recall: false,
            leave: false,
            queued: false,
            used_up: Told::No,
            seen: None,
            touched,
        }
    }

    /// Kept by this replica for itself: the limit is all there is, and no database is asked.
    pub(super) fn is_local(&self) -> bool {
        self.purse.window == Window::Minute
    }

    /// What can be reserved now.
    pub(super) fn free(&self) -> u64 {
        if self.recall {
            return 0;
        }
        self.idle()
    }

    /// What nothing holds, whether it may be reserved or goes back.
    pub(super) fn idle(&self) -> u64 {
        let all = if self.is_local() {
            self.limit
        } else {
            self.outstanding
        };
        all.saturating_sub(self.reserved)
            .saturating_sub(self.unbooked)
    }

    /// The limit as the newest snapshot has it. A lower one is obeyed at once by giving back what is free; a higher one by asking again.
    pub(super) fn limit_is(&mut self, limit: u64) {
        if limit == self.limit {
            return;
        }
        // An answer that is on its way was asked for under the old limit.
        let held = self.idle() > 0 || self.busy;
        self.recall |= limit < self.limit && !self.is_local() && held;
        self.limit = limit;
        self.seen = None;
        self.used_up = Told::No;
    }

    /// What stands between the pot and a call of this worst case.
    pub(super) fn short_of(&self, worst: u64, now: Instant) -> Short {
        if worst > self.limit {
            return if self.limit == 0 {
                Short::Spent
            } else {
                Short::TooDear
            };
        }
        let need = worst.saturating_sub(self.free());
        match self.seen.filter(|seen| seen.is_fresh(now, FRESH)) {
            Some(seen) if !self.recall && need > seen.left => self.refuse(worst, seen),
            _ => Short::Ask,
        }
    }

    fn refuse(&self, worst: u64, seen: Seen) -> Short {
        let left = self.left(seen);
        if worst <= left {
            Short::Held
        } else if left == 0 {
            Short::Spent
        } else {
            Short::TooDear
        }
    }

    /// What there would be if all that is in flight came to nothing.
    fn left(&self, seen: Seen) -> u64 {
        let used = seen.elsewhere.saturating_add(self.unbooked);
        self.limit.saturating_sub(used).saturating_add(seen.others)
    }

    /// A call was refused for good. When most of the limit is used that is worth telling: what is left may never be spent.
    pub(super) fn refused(&mut self) -> bool {
        let nearly = |seen| self.left(seen) <= self.limit / NEARLY;
        let due = self.used_up == Told::No && self.seen.is_some_and(nearly);
        if due {
            self.used_up = Told::Due;
        }
        due
    }

    /// A call takes its worst case.
    pub(super) fn hold(&mut self, worst: u64, sweep: u64) {
        self.reserved = self.reserved.saturating_add(worst);
        self.touched = sweep;
        self.leave = false;
    }

    /// Adds a need to what is wished for.
    pub(super) fn wish_for(&mut self, need: u64) {
        let wish = self.wish.get_or_insert(Wish {
            least: need,
            sum: 0,
        });
        wish.least = wish.least.min(need);
        wish.sum = wish.sum.saturating_add(need);
    }

    /// Whether it is time to lease ahead of need.
    pub(super) fn runs_low(&self, now: impl FnOnce() -> Instant) -> bool {
        if self.is_local() || self.busy || self.wish.is_some() || self.free() >= self.slice() / 2 {
            return false;
        }
        let now = now();
        !self
            .seen
            .is_some_and(|seen| seen.left == 0 && seen.is_fresh(now, FRESH_AHEAD))
    }

    /// The usual size of a lease.
    pub(super) fn slice(&self) -> u64 {
        (self.limit / SLICES).max(1)
    }

    /// The treasury answered.
    pub(super) fn learn(&mut self, slice: Slice, now: Instant) {
        self.busy = false;
        self.round += 1;
        self.granted = self.granted.saturating_add(slice.granted);
        self.outstanding = self.outstanding.saturating_add(slice.granted);
        let taken = slice.spent.saturating_add(slice.leased);
        self.seen = Some(Seen {
            left: self.limit.saturating_sub(taken),
            others: slice.leased.saturating_sub(self.outstanding),
            elsewhere: taken.saturating_sub(self.outstanding),
            at: now,
        });
    }

    /// Takes what has to go back, if anything: the treasury may have it even if its answer gets lost.
    pub(super) fn give(&mut self) -> Option<u64> {
        let wanted = std::mem::take(&mut self.recall) | std::mem::take(&mut self.leave);
        let amount = if wanted { self.idle() } else { 0 };
        if amount == 0 {
            return None;
        }
        self.busy = true;
        self.granted = self.granted.saturating_sub(amount);
        self.outstanding = self.outstanding.saturating_sub(amount);
        // Somebody else's calls may now succeed, and ours too.
        self.seen = None;
        Some(amount)
    }

    /// The treasury did not answer.
    pub(super) fn doubt(&mut self) {
        self.busy = false;
        self.doubtful = true;
        self.round += 1;
        self.used_up = Told::No;
    }

    /// What the treasury says it granted, after an answer that got lost.
    pub(super) fn correct(&mut self, granted: u64) {
        if granted >= self.granted {
            self.outstanding = self.outstanding.saturating_add(granted - self.granted);
        } else {
            self.outstanding = self.outstanding.saturating_sub(self.granted - granted);
        }
        self.granted = granted;
        self.doubtful = false;
        // Whether the limit was lowered meanwhile is not known any more.
        self.recall = self.idle() > 0;
        self.seen = None;
    }

    /// A settlement is in the database.
    pub(super) fn booked(&mut self, amount: u64) {
        self.unbooked = self.unbooked.saturating_sub(amount);
        self.outstanding = self.outstanding.saturating_sub(amount);
        if let Some(seen) = &mut self.seen {
            seen.elsewhere = seen.elsewhere.saturating_add(amount);
        }
    }

    /// A call ends: its worst case is free again, its real cost is spent.
    pub(super) fn settle(&mut self, reserved: u64, real: u64) {
        self.reserved = self.reserved.saturating_sub(reserved);
        self.unbooked = self.unbooked.saturating_add(real);
    }

    /// Whether nothing here matters any more.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        let at_rest = self.reserved == 0 && (self.is_local() || self.unbooked == 0);
        let returned = self.is_local() || self.outstanding == 0;
        now >= self.ends && at_rest && returned && !self.busy && !self.doubtful
    }
}

impl Seen {
    fn is_fresh(&self, now: Instant, patience: Duration) -> bool {
        now.saturating_duration_since(self.at) < patience
    }
}
