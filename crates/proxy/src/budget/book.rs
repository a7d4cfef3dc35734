//! The book of one proxy: what may be spent without asking, and every call's way from reservation to settlement.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout, timeout_at},
};

use super::{
    Head, Refusal, Reservation, Worst,
    accounts::{Accounts, Outcome, Taken, Wishes},
};
use crate::{
    journal::Journal,
    ledger::{Ledger, Slot, UsageRecord},
    snapshot::{Route, Snapshot},
};

/// How long calls wait, and how often idle leases are looked for.
#[derive(Debug, Clone)]
pub struct Patience {
    /// For a lease. Longer makes an instance wait in vain; shorter refuses during a short pause of the database.
    pub lease: Duration,
    /// For a place in the ledger's queue.
    pub place: Duration,
    /// Between two looks at what is idle. What nobody used for twelve looks goes back.
    pub sweep: Duration,
    /// For one answer of the database.
    pub answer: Duration,
    /// Of an orderly end while the database is away, for writing events and again for giving back what is left.
    pub last_will: Duration,
}

/// The book.
pub struct Book {
    state: Mutex<State>,
    pub(super) journal: Journal,
    ledger: Ledger,
    snapshot: watch::Receiver<Arc<Snapshot>>,
    pub(super) patience: Patience,
    /// Wakes the lessee.
    pub(super) work: Notify,
    /// Wakes the calls that wait.
    pub(super) news: Notify,
    admits: watch::Sender<bool>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) accounts: Accounts,
    /// The past is dealt with.
    pub(super) open: bool,
    /// The database did not answer the last time.
    pub(super) away: bool,
    /// Calls that wait for a lease.
    waiting: usize,
}

// === impl Patience ===

impl Default for Patience {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(2),
            place: Duration::from_secs(5),
            sweep: Duration::from_secs(5),
            answer: Duration::from_secs(10),
            last_will: Duration::from_secs(10),
        }
    }
}

// === impl Book ===

impl Book {
    pub(super) fn new(
        journal: Journal,
        ledger: Ledger,
        snapshot: watch::Receiver<Arc<Snapshot>>,
        patience: Patience,
    ) -> Self {
        Self {
            state: Mutex::default(),
            journal,
            ledger,
            snapshot,
            patience,
            work: Notify::new(),
            news: Notify::new(),
            admits: watch::Sender::new(false),
        }
    }

    /// The past is dealt with: calls are admitted from now on.
    pub(super) fn open(&self) {
        self.state().open = true;
        self.admits.send_replace(true);
        self.news.notify_waiters();
    }

    /// Whether the past is dealt with.
    pub fn admits(&self) -> watch::Receiver<bool> {
        self.admits.subscribe()
    }

    /// Takes the worst case of a call from every limit that applies to it, or from none, and notes it before the call may leave. Waits a short
    /// while for a place in the ledger and for a lease; asks no database itself.
    ///
    /// # Errors
    /// When a limit, or what the database last said about it, is in the way.
    pub async fn reserve(
        self: &Arc<Self>,
        route: &Route,
        head: Head,
        worst: Worst,
    ) -> Result<Reservation, Refusal> {
        let reserved = self.admit(route, head, worst).await;
        if let Err(why) = &reserved {
            metrics::counter!("creel_budget_rejections_total", "reason" => why.reason())
                .increment(1);
        }
        reserved
    }

    async fn admit(
        self: &Arc<Self>,
        route: &Route,
        head: Head,
        worst: Worst,
    ) -> Result<Reservation, Refusal> {
        let slot = self.slot().await?;
        let taken = match self.take(route, &head, &worst, &mut Wishes::default())? {
            Some(taken) => taken,
            None => self.wait(route, &head, &worst).await?,
        };
        let leased = &taken.claims[..taken.leased];
        if let Err(why) = self.journal.reserve(&head, &worst, leased) {
            tracing::error!(error = %why, "no call can be noted, so none is admitted: {why}");
            self.settle(&taken, None);
            return Err(Refusal::Away);
        }
        Ok(Reservation::new(Arc::clone(self), head, worst, taken, slot))
    }

    async fn slot(&self) -> Result<Slot, Refusal> {
        if let Some(slot) = self.ledger.try_slot() {
            return Ok(slot);
        }
        let slot = timeout(self.patience.place, self.ledger.slot()).await;
        slot.ok().flatten().ok_or(Refusal::Away)
    }

    /// `None` when the lessee has been asked for more.
    fn take(
        &self,
        route: &Route,
        head: &Head,
        worst: &Worst,
        wishes: &mut Wishes,
    ) -> Result<Option<Taken>, Refusal> {
        let snapshot = self.snapshot.borrow();
        let limits = (!head.own_key).then(|| snapshot.key_limits.get(head.provider));
        let keys = limits.flatten().map(Vec::as_slice).unwrap_or_default();
        let mut state = self.state();
        if !state.open {
            return Ok(None);
        }
        let key = (head.provider, keys);
        let outcome = state
            .accounts
            .take(route, key, worst, head.started_at, wishes);
        let work = state.accounts.has_work();
        drop(state);
        if work {
            self.work.notify_one();
        }
        match outcome {
            Outcome::Taken(taken) => Ok(Some(taken)),
            Outcome::Wait => Ok(None),
            Outcome::Refused(why) => Err(why),
        }
    }

    async fn wait(&self, route: &Route, head: &Head, worst: &Worst) -> Result<Taken, Refusal> {
        let _waiting = Waiting::new(self);
        let (deadline, mut wishes) = (Instant::now() + self.patience.lease, Wishes::default());
        loop {
            // Made before the look, so that no news in between is missed.
            let news = self.news.notified();
            if let Some(taken) = self.take(route, head, worst, &mut wishes)? {
                return Ok(taken);
            }
            if timeout_at(deadline, news).await.is_err() {
                return Err(Refusal::Away);
            }
        }
    }

    /// What a call took ends at these amounts, one for each claim; `None` gives all back.
    pub(super) fn settle(&self, taken: &Taken, real: Option<&[u64]>) {
        let mut state = self.state();
        state.accounts.settle(taken, real);
        let waiting = state.waiting > 0;
        drop(state);
        if waiting {
            self.news.notify_waiters();
        }
    }

    /// These records are in the database.
    pub(crate) fn booked(&self, records: &[UsageRecord]) {
        self.state().accounts.booked(records);
    }

    /// Ends the journal in good order, when no call is left. Waits for the disk.
    pub(crate) fn close(&self) {
        self.journal.close();
    }

    /// The journal, to tell it what is booked.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

/// Counts a call among those that wait.
struct Waiting<'a>(&'a Book);

impl<'a> Waiting<'a> {
    fn new(book: &'a Book) -> Self {
        metrics::counter!("creel_budget_waits_total").increment(1);
        book.state().waiting += 1;
        Self(book)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}
