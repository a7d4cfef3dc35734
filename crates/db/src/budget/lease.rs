//! Slices of purses in the hands of proxies.

use sea_orm::{QueryResult, prelude::Uuid};

use super::{
    Purse, Slice,
    purse::{self, Held, NAMED, column, execute, number, rows, values},
};
use crate::{Conn, Result, Tx};

/// A proxy's part of a purse.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lease {
    granted: u64,
    spent: u64,
}

impl Lease {
    /// What of it can still be spent, given back or forfeited.
    pub(super) fn rest(self) -> u64 {
        self.granted.saturating_sub(self.spent)
    }
}

/// Leases a slice: `want` and at least `need`, less where the purse does not hold as much, nothing where it does not hold `need`.
///
/// While nobody holds a slice, what was used in the purse's stretch without being booked in it counts too: before the limit was made, or between two
/// times when it held. Calls in flight at the moment when a limit is made are not counted in it.
pub async fn lease(
    tx: &Tx,
    replica: Uuid,
    purse: &Purse,
    limit: u64,
    need: u64,
    want: u64,
) -> Result<Slice> {
    let mut held = purse::lock(tx, purse).await?;
    let before = held.spent;
    if held.leased == 0 {
        held.spent = held.spent.max(purse::used(tx, purse).await?);
    }
    let free = limit.saturating_sub(held.spent.saturating_add(held.leased));
    let granted = if need > free {
        0
    } else {
        want.max(need).min(free)
    };
    let granted = purse::bounded(granted);
    held.leased = held.leased.saturating_add(granted);
    if granted > 0 || held.spent > before {
        purse::set(tx, purse, held).await?;
    }
    if granted > 0 {
        grow(tx, replica, purse, granted).await?;
    }
    Ok(Slice {
        granted,
        spent: held.spent,
        leased: held.leased,
    })
}

/// Gives back what a proxy holds of a purse and will not spend: `amount`, or what is left if that is less.
pub async fn give_back(tx: &Tx, replica: Uuid, purse: &Purse, amount: u64) -> Result<()> {
    let Some(mut held) = purse::find(tx, purse).await? else {
        return Ok(());
    };
    let amount = find(tx, replica, purse).await?.rest().min(amount);
    if amount == 0 {
        return Ok(());
    }
    held.leased = held.leased.saturating_sub(amount);
    purse::set(tx, purse, held).await?;
    let sql =
        format!("UPDATE purse_leases SET granted = granted - $5 WHERE {NAMED} AND replica = $6");
    execute(tx, &sql, values(purse, [number(amount), replica.into()])).await?;
    Ok(())
}

/// Ends all leases of a proxy and says how many there were. What was left of them can be spent by others, or counts as spent if it is forfeited,
/// for a proxy that may have spent it and cannot know. Idempotent.
pub async fn release(tx: &Tx, replica: Uuid, forfeit: bool) -> Result<u64> {
    let mut open: Vec<_> = open_leases(tx, replica).await?;
    open.sort_unstable();
    for (purse, ..) in &open {
        end(tx, replica, purse, forfeit).await?;
    }
    Ok(open.len() as u64)
}

async fn end(tx: &Tx, replica: Uuid, purse: &Purse, forfeit: bool) -> Result<()> {
    if let Some(Held { spent, leased }) = purse::find(tx, purse).await? {
        let rest = find(tx, replica, purse).await?.rest();
        let held = Held {
            spent: if forfeit {
                spent.saturating_add(rest)
            } else {
                spent
            },
            leased: leased.saturating_sub(rest),
        };
        purse::set(tx, purse, held).await?;
    }
    let sql = format!("DELETE FROM purse_leases WHERE {NAMED} AND replica = $5");
    execute(tx, &sql, values(purse, [replica.into()])).await?;
    Ok(())
}

/// What a proxy holds: of each purse how much it was granted and how much of that is booked.
pub async fn open_leases(conn: &impl Conn, replica: Uuid) -> Result<Vec<(Purse, u64, u64)>> {
    let sql =
        "SELECT scope, unit, span, starts_at, granted, spent FROM purse_leases WHERE replica = $1";
    let found = rows(conn, sql, vec![replica.into()]).await?;
    let lease = |row: &QueryResult| {
        Ok((
            purse::read(row)?,
            column(row, "granted")?,
            column(row, "spent")?,
        ))
    };
    found.iter().map(lease).collect()
}

/// A proxy's lease of a purse whose row is locked.
pub(super) async fn find(tx: &Tx, replica: Uuid, purse: &Purse) -> Result<Lease> {
    let sql = format!("SELECT granted, spent FROM purse_leases WHERE {NAMED} AND replica = $5");
    let found = rows(tx, &sql, values(purse, [replica.into()])).await?;
    let lease = |row: &QueryResult| {
        Ok(Lease {
            granted: column(row, "granted")?,
            spent: column(row, "spent")?,
        })
    };
    found.first().map_or(Ok(Lease::default()), lease)
}

async fn grow(tx: &Tx, replica: Uuid, purse: &Purse, amount: u64) -> Result<()> {
    let sql = "INSERT INTO purse_leases (scope, unit, span, starts_at, replica, granted, spent) VALUES ($1, $2, $3, $4, $5, $6, 0) \
        ON CONFLICT (replica, scope, unit, span, starts_at) DO UPDATE SET granted = purse_leases.granted + excluded.granted";
    execute(tx, sql, values(purse, [replica.into(), number(amount)])).await?;
    Ok(())
}

/// Counts so much of a proxy's lease as booked.
pub(super) async fn spend(tx: &Tx, replica: Uuid, purse: &Purse, amount: u64) -> Result<()> {
    let sql = format!("UPDATE purse_leases SET spent = spent + $5 WHERE {NAMED} AND replica = $6");
    execute(tx, &sql, values(purse, [number(amount), replica.into()])).await?;
    Ok(())
}
