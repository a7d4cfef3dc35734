//! Where slices of budget come from: the database, and for tests a table in memory with the same rules.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use creel_db::budget::{Purse, Slice};

use crate::ledger::{SinkError, UsageRecord};

/// A wish for more of a purse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The purse.
    pub purse: Purse,
    /// Its limit.
    pub limit: u64,
    /// Less than this is of no use.
    pub need: u64,
    /// This would be best.
    pub want: u64,
}

/// What is done in one step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// What is not needed.
    pub returns: Vec<(Purse, u64)>,
    /// What is.
    pub asks: Vec<Ask>,
    /// Purses that hold less than a call may cost, with their limit: as good as empty, which their owner is told.
    pub used_up: Vec<(Purse, u64)>,
}

/// The keeper of all purses, as one replica sees it. It answers late or not at all when the database is away; an error may mean that it was done.
#[async_trait]
pub trait Treasury: Send + Sync + 'static {
    /// Takes back what is not needed, then leases; all of it or nothing. One slice for each ask, in their order.
    async fn exchange(&self, exchange: &Exchange) -> Result<Vec<Slice>, SinkError>;
    /// What it believes it granted to this replica and was not given back, booked or not. A purse without an entry was granted nothing.
    async fn granted(&self) -> Result<HashMap<Purse, u64>, SinkError>;
    /// Ends all leases of this replica. What is left of them is counted as spent where it is `forfeit`, and free for others where it is not.
    async fn release(&self, forfeit: bool) -> Result<(), SinkError>;
    /// These are in the ledger now. A treasury that shares its transaction with the ledger knows already.
    async fn booked(&self, _records: &[UsageRecord]) {}
}

/// Purses in memory, of one replica. For tests: nothing is kept.
#[derive(Debug, Default)]
pub struct MemoryTreasury(Mutex<HashMap<Purse, Row>>);

#[derive(Debug, Clone, Copy, Default)]
struct Row {
    spent: u64,
    granted: u64,
    leased: u64,
}

// === impl MemoryTreasury ===

impl MemoryTreasury {
    /// What is spent and what is leased of a purse.
    pub fn stands(&self, purse: &Purse) -> (u64, u64) {
        let row = self.rows().get(purse).copied().unwrap_or_default();
        (row.spent, row.leased)
    }

    /// Something was spent that no call of this replica knows.
    pub fn spend(&self, purse: Purse, amount: u64) {
        self.rows().entry(purse).or_default().spent += amount;
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<Purse, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Row {
    fn lease(&mut self, ask: &Ask) -> Slice {
        let left = ask.limit.saturating_sub(self.spent + self.leased);
        let granted = if left < ask.need {
            0
        } else {
            ask.want.max(ask.need).min(left)
        };
        self.leased += granted;
        self.granted += granted;
        Slice {
            granted,
            spent: self.spent,
            leased: self.leased,
        }
    }

    fn give_back(&mut self, amount: u64) {
        self.leased = self.leased.saturating_sub(amount);
        self.granted = self.granted.saturating_sub(amount);
    }

    fn book(&mut self, amount: u64) {
        self.spent += amount;
        self.leased = self.leased.saturating_sub(amount);
    }
}

#[async_trait]
impl Treasury for MemoryTreasury {
    async fn exchange(&self, exchange: &Exchange) -> Result<Vec<Slice>, SinkError> {
        let mut rows = self.rows();
        for (purse, amount) in &exchange.returns {
            rows.entry(purse.clone()).or_default().give_back(*amount);
        }
        let lease = |ask: &Ask| rows.entry(ask.purse.clone()).or_default().lease(ask);
        Ok(exchange.asks.iter().map(lease).collect())
    }

    async fn granted(&self) -> Result<HashMap<Purse, u64>, SinkError> {
        let rows = self.rows();
        Ok(rows
            .iter()
            .map(|(p, row)| (p.clone(), row.granted))
            .collect())
    }

    async fn release(&self, forfeit: bool) -> Result<(), SinkError> {
        for row in self.rows().values_mut() {
            if forfeit {
                row.spent += row.leased;
            }
            (row.leased, row.granted) = (0, 0);
        }
        Ok(())
    }

    async fn booked(&self, records: &[UsageRecord]) {
        let mut rows = self.rows();
        for claim in records.iter().flat_map(|record| &record.claims) {
            let purse = (*claim.purse).clone();
            rows.entry(purse).or_default().book(claim.amount);
        }
    }
}
