//! Counters of each instance, in memory: calls in flight, bytes of bodies held. What may be spent is in [`crate::budget`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use creel_domain::InstanceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use crate::server::Options;

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
    calls: Arc<Semaphore>,
    pieces: Arc<Semaphore>,
}

/// A share of memory, given back when dropped.
#[derive(Debug, Default)]
pub(crate) struct Held {
    bytes: usize,
    pieces: Vec<OwnedSemaphorePermit>,
}

/// A call's place among those in flight, given back when dropped.
pub(crate) type Place = OwnedSemaphorePermit;

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
}

/// A panic elsewhere cannot leave a counter half-written: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

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
