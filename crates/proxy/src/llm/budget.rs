//! Counters of each instance, in memory: tokens of the month, calls in flight, bytes of bodies held.
//!
//! The month begins with what the database had counted and goes on with what this process settles; a newer snapshot can only raise it (another
//! replica's calls). **Bound on overspending:** a call is admitted while settled plus reserved tokens are below the limit, and every call in
//! flight is reserved at its worst case, so a month ends at most one call above its limit, however many run in parallel. A crash forgets
//! calls in flight and the last unwritten events; their tokens are not counted after the restart.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use creel_domain::{InstanceId, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use crate::{
    server::Options,
    snapshot::{LlmRoute, MonthUse},
};

/// Unit of the memory counters, bytes: semaphores count to 2^32 at most.
const PIECE: usize = 1024;

/// All instances' counters.
#[derive(Debug)]
pub struct Budgets {
    accounts: Mutex<HashMap<InstanceId, Arc<Account>>>,
    held: Arc<Semaphore>,
    calls_each: usize,
    pieces_each: usize,
}

/// One instance's counters.
#[derive(Debug)]
pub struct Account {
    month: Mutex<Month>,
    calls: Arc<Semaphore>,
    pieces: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Month {
    start: Timestamp,
    used: u64,
    reserved: u64,
}

/// A share of memory, given back when dropped.
#[derive(Debug, Default)]
pub(crate) struct Held {
    bytes: usize,
    pieces: Vec<OwnedSemaphorePermit>,
}

/// A call's place among those in flight, given back when dropped.
pub(crate) type Place = OwnedSemaphorePermit;

/// Tokens reserved for a call in flight. Dropped without settlement it gives them back.
#[derive(Debug)]
pub(crate) struct Reservation {
    account: Arc<Account>,
    tokens: u64,
}

// === impl Budgets ===

impl Budgets {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            accounts: Mutex::default(),
            held: Arc::new(Semaphore::new(options.held_bytes / PIECE)),
            calls_each: options.calls_per_instance,
            pieces_each: options.held_bytes_per_instance / PIECE,
        }
    }

    /// The counters of an instance, made at its first call.
    pub(crate) fn account(&self, instance: InstanceId) -> Arc<Account> {
        let mut accounts = lock(&self.accounts);
        let account = accounts.entry(instance).or_insert_with(|| {
            Arc::new(Account {
                month: Mutex::default(),
                calls: Arc::new(Semaphore::new(self.calls_each)),
                pieces: Arc::new(Semaphore::new(self.pieces_each)),
            })
        });
        Arc::clone(account)
    }

    /// Forgets an instance that has no route any more.
    pub(crate) fn forget(&self, instance: InstanceId) {
        lock(&self.accounts).remove(&instance);
    }

    /// Tokens counted this month for an instance, settled only.
    pub fn used(&self, instance: InstanceId) -> u64 {
        lock(&self.account(instance).month).used
    }

    /// Grows a share of memory by `more` bytes.
    pub(crate) fn hold(
        &self,
        account: &Account,
        more: usize,
        held: &mut Held,
    ) -> Result<(), Refusal> {
        let before = held.bytes.div_ceil(PIECE);
        let after = (held.bytes + more).div_ceil(PIECE);
        let pieces = u32::try_from(after - before).map_err(|_| Refusal::Busy)?;
        for semaphore in [&account.pieces, &self.held] {
            let got = Arc::clone(semaphore).try_acquire_many_owned(pieces);
            held.pieces.push(got.map_err(|_| Refusal::Busy)?);
        }
        held.bytes += more;
        Ok(())
    }
}

// === impl Account ===

impl Account {
    /// A place among the calls in flight.
    pub(crate) fn enter(&self) -> Result<Place, Refusal> {
        Arc::clone(&self.calls)
            .try_acquire_owned()
            .map_err(|_| Refusal::Busy)
    }

    /// Reserves a call's worst case, if the month still has room.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        worst_case: u64,
        route: &LlmRoute,
        now: Timestamp,
    ) -> Result<Reservation, Refusal> {
        let limit = route.tokens_per_month;
        let mut month = lock(&self.month);
        month.turn(now);
        month.learn(route.used);
        if month.used >= limit {
            metrics::counter!("creel_budget_rejections_total").increment(1);
            let renews = now.next_month();
            return Err(Refusal::Spent { limit, renews });
        }
        if month.used.saturating_add(month.reserved) >= limit {
            return Err(Refusal::Held);
        }
        month.reserved = month.reserved.saturating_add(worst_case);
        Ok(Reservation {
            account: Arc::clone(self),
            tokens: worst_case,
        })
    }
}

impl Month {
    /// Begins a new month when there is one. Reservations of calls in flight stay.
    fn turn(&mut self, now: Timestamp) {
        let start = now.month_start();
        if start > self.start {
            self.start = start;
            self.used = 0;
        }
    }

    /// The database lags behind us and never knows more, except of another replica's calls.
    fn learn(&mut self, stored: MonthUse) {
        if stored.month == self.start {
            self.used = self.used.max(stored.tokens);
        }
    }
}

// === impl Reservation ===

impl Reservation {
    /// Books what was really used and gives the rest back.
    pub(crate) fn settle(self, used: u64, now: Timestamp) {
        let mut month = lock(&self.account.month);
        month.turn(now);
        month.used = month.used.saturating_add(used);
        // The rest happens in Drop, once the lock is free.
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut month = lock(&self.account.month);
        month.reserved = month.reserved.saturating_sub(self.tokens);
    }
}

/// A panic elsewhere cannot leave a counter half-written: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;
    const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    fn route(limit: u64, stored: u64) -> LlmRoute {
        LlmRoute {
            tokens_per_month: limit,
            used: MonthUse {
                month: NOW.month_start(),
                tokens: stored,
            },
            ..LlmRoute::default()
        }
    }

    fn account() -> Arc<Account> {
        let id = InstanceId::from_uuid(
            creel_domain::InstanceId::generate(
                &creel_domain::SystemClock,
                &creel_domain::SystemEntropy,
            )
            .uuid(),
        );
        Budgets::new(&Options::default()).account(id)
    }

    #[test]
    fn parallel_calls_overspend_by_at_most_one_call() {
        let (account, route) = (account(), route(1000, 0));
        let mut running = Vec::new();
        while let Ok(reservation) = account.reserve(300, &route, NOW) {
            running.push(reservation);
            assert!(running.len() < 10, "nothing stops them");
        }
        assert_eq!(running.len(), 4);
        assert_eq!(account.reserve(1, &route, NOW).unwrap_err(), Refusal::Held);
        for reservation in running {
            reservation.settle(300, NOW);
        }
        assert!(matches!(
            account.reserve(1, &route, NOW),
            Err(Refusal::Spent { limit: 1000, .. })
        ));
        assert_eq!(lock(&account.month).used, 1200);
        assert_eq!(lock(&account.month).reserved, 0);
    }

    #[test]
    fn the_month_starts_from_the_database_and_renews() {
        let (account, route) = (account(), route(1000, 1000));
        let Err(Refusal::Spent { renews, .. }) = account.reserve(1, &route, NOW) else {
            panic!("must be spent");
        };
        assert_eq!(renews, NOW.next_month());
        let later = Timestamp::from_micros(NOW.micros() + 40 * DAY);
        assert!(account.reserve(1, &route, later).is_ok());
    }

    #[test]
    fn an_older_snapshot_takes_nothing_back() {
        let (account, full) = (account(), route(1000, 0));
        account.reserve(10, &full, NOW).unwrap().settle(990, NOW);
        account.reserve(10, &full, NOW).unwrap().settle(10, NOW);
        assert!(account.reserve(1, &route(1000, 500), NOW).is_err());
    }

    #[test]
    fn held_memory_is_capped_per_instance_and_given_back() {
        let budgets = Budgets::new(&Options {
            held_bytes_per_instance: 4 * PIECE,
            ..Options::default()
        });
        let id = InstanceId::generate(&creel_domain::SystemClock, &creel_domain::SystemEntropy);
        let account = budgets.account(id);
        let mut held = Held::default();
        for _ in 0..8 {
            budgets.hold(&account, PIECE / 2, &mut held).unwrap();
        }
        assert_eq!(budgets.hold(&account, 1, &mut held), Err(Refusal::Busy));
        drop(held);
        budgets.hold(&account, PIECE, &mut Held::default()).unwrap();
    }
}
