//! What purses hold and which marks they have passed, for people; and forgetting what is over.

use std::{collections::HashMap, time::Duration};

use creel_domain::{TenantId, Timestamp, limit::Window};
use sea_orm::{QueryResult, Value};

use super::{
    Purse,
    purse::{self, NAMED, column, execute, rows, values},
};
use crate::{Conn, Result, Tx};

/// Marks are kept for so long after their purse is forgotten: the console shows them.
const MARKS_KEPT: Duration = Duration::from_hours(92 * 24);
const DAY: Duration = Duration::from_hours(24);

/// A purse passed a part of its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which purse.
    pub purse: Purse,
    /// 50, 80 or 100.
    pub percent: u64,
    /// When.
    pub reached_at: Timestamp,
    /// The limit then.
    pub amount: u64,
}

/// What is booked in purses, and what is promised to proxies on top of it. A purse that nobody leases from shows what its stretch has really used.
pub async fn spent(conn: &impl Conn, purses: &[Purse]) -> Result<HashMap<Purse, (u64, u64)>> {
    let mut all = HashMap::with_capacity(purses.len());
    for purse in purses {
        let sql = format!("SELECT spent, leased FROM purses WHERE {NAMED}");
        let found = rows(conn, &sql, values(purse, [])).await?;
        let (mut spent, leased) = match found.first() {
            Some(row) => (column(row, "spent")?, column(row, "leased")?),
            None => (0, 0),
        };
        if leased == 0 {
            spent = spent.max(purse::used(conn, purse).await?);
        }
        all.insert(purse.clone(), (spent, leased));
    }
    Ok(all)
}

/// Marks of a tenant and its instances, the newest first.
pub async fn marks(conn: &impl Conn, tenant: TenantId, since: Timestamp) -> Result<Vec<Mark>> {
    let values = vec![tenant.uuid().into(), since.micros().into()];
    passed(conn, "tenant_id = $1 AND reached_at >= $2", values).await
}

/// Marks of the platform's own keys, the newest first.
pub async fn key_marks(conn: &impl Conn, since: Timestamp) -> Result<Vec<Mark>> {
    let keys = "tenant_id IS NULL AND reached_at >= $1 AND scope LIKE 'key%'";
    passed(conn, keys, vec![since.micros().into()]).await
}

async fn passed(conn: &impl Conn, which: &str, values: Vec<Value>) -> Result<Vec<Mark>> {
    let sql = format!(
        "SELECT scope, unit, span, starts_at, percent, reached_at, amount FROM budget_marks \
         WHERE {which} ORDER BY reached_at DESC, scope, unit, span, percent DESC"
    );
    let mark = |row: &QueryResult| {
        Ok(Mark {
            purse: purse::read(row)?,
            percent: column(row, "percent")?,
            reached_at: Timestamp::from_micros(row.try_get("", "reached_at")?),
            amount: column(row, "amount")?,
        })
    };
    rows(conn, &sql, values).await?.iter().map(mark).collect()
}

/// Forgets purses whose stretch was over at that moment, with what was leased from them, and marks a quarter of a year later. Says how many purses.
///
/// Give every proxy time to book what it reserved before: an amount booked in a forgotten purse makes a new one that nobody needs.
pub async fn forget_before(tx: &Tx, before: Timestamp) -> Result<u64> {
    let mut forgotten = 0;
    for window in Window::ALL {
        // A purse that began before this has ended.
        let last = match window {
            Window::Minute => before.minus(Duration::from_mins(1)),
            Window::Hour => before.minus(Duration::from_hours(1)),
            Window::Day => before.minus(DAY),
            Window::Month => before.minus(DAY * 31),
        };
        let values = || vec![window.as_str().into(), last.micros().into()];
        let of = |table: &str| format!("DELETE FROM {table} WHERE span = $1 AND starts_at < $2");
        forgotten += execute(tx, &of("purses"), values()).await?;
        execute(tx, &of("purse_leases"), values()).await?;
    }
    let old = before.minus(MARKS_KEPT).micros();
    let sql = "DELETE FROM budget_marks WHERE reached_at < $1";
    execute(tx, sql, vec![old.into()]).await?;
    Ok(forgotten)
}
