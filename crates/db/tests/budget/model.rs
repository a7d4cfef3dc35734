//! What the database must hold, kept in memory by the plainest arithmetic there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use creel_db::{
    budget::{Booking, Purse, Slice},
    usage::UsageEvent,
};
use creel_domain::{
    Timestamp,
    limit::{Scope, Unit, Window},
};

use crate::world::{amount, purses_of};

/// A purse's row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) spent: u64,
    pub(crate) leased: u64,
    /// The most that it may ever hold: the highest limit that something was granted under, and what vendors took beyond what was reserved.
    pub(crate) ceiling: u64,
}

/// A proxy's part of a purse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) granted: u64,
    pub(crate) spent: u64,
}

/// A call on its way.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) replica: usize,
    /// With the most that it may use.
    pub(crate) event: UsageEvent,
    pub(crate) claims: Vec<Purse>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) now: Timestamp,
    pub(crate) limits: BTreeMap<(Scope, Unit, Window), u64>,
    pub(crate) accounts: BTreeMap<Purse, Account>,
    pub(crate) shares: BTreeMap<(usize, Purse), Share>,
    pub(crate) used: BTreeMap<Purse, u64>,
    /// By purse and per cent, the limit then and when.
    pub(crate) marks: BTreeMap<(Purse, u64), (u64, Timestamp)>,
    pub(crate) calls: Vec<Call>,
    /// The last ones written, to be sent again.
    pub(crate) written: Vec<UsageEvent>,
    pub(crate) touched: BTreeSet<Purse>,
}

impl Model {
    pub(crate) fn limit(&self, purse: &Purse) -> Option<u64> {
        let key = (purse.scope.clone(), purse.unit, purse.window);
        self.limits.get(&key).copied()
    }

    /// What of a proxy's lease no call has reserved.
    pub(crate) fn unreserved(&self, replica: usize, purse: &Purse) -> u64 {
        let share = self.share(replica, purse);
        let mine = self.calls.iter().filter(|call| call.replica == replica);
        let reserved: u64 = mine
            .filter(|call| call.claims.contains(purse))
            .map(|call| amount(&call.event, purse.unit))
            .sum();
        (share.granted - share.spent).saturating_sub(reserved)
    }

    pub(crate) fn share(&self, replica: usize, purse: &Purse) -> Share {
        let key = (replica, purse.clone());
        self.shares.get(&key).copied().unwrap_or_default()
    }

    pub(crate) fn used(&self, purse: &Purse) -> u64 {
        self.used.get(purse).copied().unwrap_or(0)
    }

    fn account(&mut self, purse: &Purse) -> &mut Account {
        self.touched.insert(purse.clone());
        self.accounts.entry(purse.clone()).or_default()
    }

    pub(crate) fn lease(
        &mut self,
        replica: usize,
        purse: &Purse,
        limit: u64,
        need: u64,
        want: u64,
    ) -> Slice {
        let used = self.used(purse);
        let account = self.account(purse);
        if account.leased == 0 {
            account.ceiling += used.saturating_sub(account.spent);
            account.spent = account.spent.max(used);
        }
        let free = limit.saturating_sub(account.spent + account.leased);
        let granted = if need > free {
            0
        } else {
            want.max(need).min(free)
        };
        account.leased += granted;
        if granted > 0 {
            account.ceiling = account.ceiling.max(limit);
        }
        let slice = Slice {
            granted,
            spent: account.spent,
            leased: account.leased,
        };
        if granted > 0 {
            let key = (replica, purse.clone());
            self.shares.entry(key).or_default().granted += granted;
        }
        slice
    }

    pub(crate) fn write(&mut self, event: &UsageEvent) {
        for purse in purses_of(event) {
            *self.used.entry(purse.clone()).or_default() += amount(event, purse.unit);
        }
        self.written.push(event.clone());
        if self.written.len() > 50 {
            self.written.remove(0);
        }
    }

    pub(crate) fn book(&mut self, replica: usize, bookings: &[Booking]) {
        // Marks are looked at once for each purse, when all is booked.
        let mut limits = BTreeMap::new();
        for Booking {
            purse,
            amount,
            limit,
            ..
        } in bookings
        {
            let key = (replica, purse.clone());
            let share = self.shares.entry(key.clone()).or_default();
            let leased = (*amount).min(share.granted - share.spent);
            share.spent += leased;
            let over = amount - leased;
            if *share == Share::default() {
                self.shares.remove(&key);
            }
            let account = self.account(purse);
            account.spent += amount;
            account.leased -= leased;
            account.ceiling += over;
            limits.insert(purse.clone(), *limit);
        }
        for (purse, limit) in limits {
            if let Some(limit) = limit {
                let spent = self.accounts[&purse].spent;
                self.mark(&purse, limit, spent);
            }
        }
    }

    pub(crate) fn mark(&mut self, purse: &Purse, limit: u64, spent: u64) {
        for percent in [50, 80, 100] {
            if spent * 100 >= limit * percent {
                let new = (limit, self.now);
                let mark = self.marks.entry((purse.clone(), percent)).or_insert(new);
                if mark.0 < limit {
                    *mark = new;
                }
            }
        }
    }

    pub(crate) fn give_back(&mut self, replica: usize, purse: &Purse, amount: u64) {
        let key = (replica, purse.clone());
        let Some(share) = self.shares.get_mut(&key) else {
            return;
        };
        let amount = amount.min(share.granted - share.spent);
        share.granted -= amount;
        self.account(purse).leased -= amount;
    }

    pub(crate) fn release(&mut self, replica: usize, forfeit: bool) -> u64 {
        let mine = |key: &&(usize, Purse)| key.0 == replica;
        let keys: Vec<_> = self.shares.keys().filter(mine).cloned().collect();
        for key in &keys {
            let share = self.shares.remove(key).unwrap();
            let rest = share.granted - share.spent;
            let account = self.account(&key.1);
            account.leased -= rest;
            account.spent += if forfeit { rest } else { 0 };
        }
        keys.len() as u64
    }

    pub(crate) fn forget_before(&mut self, before: Timestamp) -> u64 {
        let month = Duration::from_hours(31 * 24);
        let over = |purse: &Purse| match purse.window {
            Window::Month => purse.starts_at < before.minus(month),
            _ => purse.ends_at() < before,
        };
        let old = before.minus(Duration::from_hours(92 * 24));
        self.marks.retain(|_, (_, at)| *at >= old);
        let there = self.accounts.len();
        self.accounts.retain(|purse, _| !over(purse));
        self.shares.retain(|(_, purse), _| !over(purse));
        self.touched.retain(|purse| !over(purse));
        (there - self.accounts.len()) as u64
    }
}
