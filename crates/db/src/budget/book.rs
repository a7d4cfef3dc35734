//! What calls have really used, booked in the purses that they were reserved in; and the marks that a purse passes on its way to its limit.

use std::collections::BTreeMap;

use creel_domain::{Timestamp, limit::Scope};
use sea_orm::prelude::Uuid;

use super::{
    Purse, lease,
    purse::{self, Held, bounded, execute, number, values},
};
use crate::{Result, Tx};

/// So much of a purse was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Of which purse.
    pub purse: Purse,
    /// How much, in the purse's unit.
    pub amount: u64,
    /// The limit that held, for the marks.
    pub limit: Option<u64>,
    /// When.
    pub at: Timestamp,
}

/// Parts of a limit, per cent, that are told of.
const TOLD: [u64; 3] = [50, 80, 100];

/// Books amounts, which leave the proxy's leases. What exceeds a lease is booked all the same: it was used. The caller sees to it that a call is booked
/// once, by booking in the transaction that inserts its usage event and only what [`crate::usage::insert_missing`] says was missing.
pub async fn book(tx: &Tx, replica: Uuid, bookings: &[Booking]) -> Result<()> {
    // In order and each purse once: that is the order in which every proxy locks them.
    let mut sums: BTreeMap<&Purse, Booking> = BTreeMap::new();
    for booking in bookings {
        let sum = sums.entry(&booking.purse).or_insert_with(|| Booking {
            amount: 0,
            ..booking.clone()
        });
        sum.amount = sum.amount.saturating_add(bounded(booking.amount));
        sum.limit = booking.limit.or(sum.limit);
        sum.at = sum.at.max(booking.at);
    }
    for sum in sums.values() {
        one(tx, replica, sum).await?;
    }
    Ok(())
}

async fn one(tx: &Tx, replica: Uuid, booking: &Booking) -> Result<()> {
    let purse = &booking.purse;
    let held = purse::lock(tx, purse).await?;
    let amount = bounded(booking.amount);
    let leased = lease::find(tx, replica, purse).await?.rest().min(amount);
    let held = Held {
        spent: held.spent.saturating_add(amount),
        leased: held.leased.saturating_sub(leased),
    };
    purse::set(tx, purse, held).await?;
    if leased > 0 {
        lease::spend(tx, replica, purse, leased).await?;
    }
    match booking.limit {
        Some(limit) => mark(tx, purse, limit, held.spent, booking.at).await,
        None => Ok(()),
    }
}

/// Marks the purse's limit as reached: what is left of it is less than any call may cost.
pub async fn used_up(tx: &Tx, purse: &Purse, limit: u64, at: Timestamp) -> Result<()> {
    mark(tx, purse, limit, limit, at).await
}

/// Writes the marks that `spent` has passed, each once; once more only for a limit that was raised since.
async fn mark(tx: &Tx, purse: &Purse, limit: u64, spent: u64, at: Timestamp) -> Result<()> {
    let passed = |percent: &u64| {
        u128::from(spent) * 100 >= u128::from(limit) * u128::from(*percent) && limit > 0
    };
    for percent in TOLD.into_iter().filter(passed) {
        let instance = match &purse.scope {
            Scope::Instance(id) => Some(id.uuid()),
            Scope::Tenant(_) | Scope::PlatformKey(_) => None,
        };
        let tenant = match &purse.scope {
            Scope::Tenant(id) => Some(id.uuid()),
            Scope::Instance(_) | Scope::PlatformKey(_) => None,
        };
        let sql = "INSERT INTO budget_marks (scope, unit, span, starts_at, percent, reached_at, amount, tenant_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, COALESCE($8, (SELECT tenant_id FROM instances WHERE id = $9))) \
            ON CONFLICT (scope, unit, span, starts_at, percent) DO UPDATE SET reached_at = excluded.reached_at, amount = excluded.amount \
            WHERE budget_marks.amount < excluded.amount";
        let more = [
            number(percent),
            at.micros().into(),
            crate::error::signed(limit).into(),
            tenant.into(),
            instance.into(),
        ];
        execute(tx, sql, values(purse, more)).await?;
    }
    Ok(())
}
