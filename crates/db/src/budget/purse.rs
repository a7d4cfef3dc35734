//! A purse's row: named, locked, opened with what was used before anybody asked, changed.

use creel_domain::limit::{Scope, Unit, Window};
use sea_orm::{QueryResult, Statement, Value};

use super::Purse;
use crate::{
    Conn, Error, Result, Tx,
    error::{count, parse, signed},
    usage_day::Day,
};

/// Most of anything that one statement adds. No call comes near it, but a vendor may claim anything, and a sum that overflows stops all booking.
const MOST: u64 = 1_000_000_000_000_000;

/// What a purse's row holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) spent: u64,
    pub(super) leased: u64,
}

/// `WHERE` of a purse: its name in the first four values.
pub(super) const NAMED: &str = "scope = $1 AND unit = $2 AND span = $3 AND starts_at = $4";

/// The columns and values of a purse's name, and then more.
pub(super) fn values<const N: usize>(purse: &Purse, more: [Value; N]) -> Vec<Value> {
    let name: [Value; 4] = [
        purse.scope.to_string().into(),
        purse.unit.as_str().into(),
        purse.window.as_str().into(),
        purse.starts_at.micros().into(),
    ];
    name.into_iter().chain(more).collect()
}

/// A number as it is stored, bounded.
pub(super) fn number(amount: u64) -> Value {
    signed(amount.min(MOST)).into()
}

pub(super) fn bounded(amount: u64) -> u64 {
    amount.min(MOST)
}

pub(super) async fn execute(conn: &impl Conn, sql: &str, values: Vec<Value>) -> Result<u64> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}

pub(super) async fn rows(
    conn: &impl Conn,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.query_all_raw(statement).await?)
}

/// A column of a row that is never negative.
pub(super) fn column(row: &QueryResult, name: &str) -> Result<u64> {
    Ok(count(row.try_get("", name)?))
}

/// The purse that a row names.
pub(super) fn read(row: &QueryResult) -> Result<Purse> {
    let text = |name: &str| row.try_get::<String>("", name);
    Ok(Purse {
        scope: parse::<Scope>("scope", &text("scope")?)?,
        unit: parse::<Unit>("unit", &text("unit")?)?,
        window: parse::<Window>("span", &text("span")?)?,
        starts_at: creel_domain::Timestamp::from_micros(row.try_get("", "starts_at")?),
    })
}

/// The purse's row, made if it is absent. Nobody else changes it until the transaction ends.
pub(super) async fn lock(tx: &Tx, purse: &Purse) -> Result<Held> {
    if let Some(held) = find(tx, purse).await? {
        return Ok(held);
    }
    let make = "INSERT INTO purses (scope, unit, span, starts_at, spent, leased) VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT DO NOTHING";
    execute(tx, make, values(purse, [])).await?;
    find(tx, purse).await?.ok_or(Error::NotFound)
}

/// The purse's row, locked, if there is one.
pub(super) async fn find(tx: &Tx, purse: &Purse) -> Result<Option<Held>> {
    let lock = match tx.engine() {
        crate::Engine::Postgres => " FOR UPDATE",
        crate::Engine::Sqlite => "",
    };
    let sql = format!("SELECT spent, leased FROM purses WHERE {NAMED}{lock}");
    let found = rows(tx, &sql, values(purse, [])).await?;
    let held = |row: &QueryResult| {
        Ok(Held {
            spent: column(row, "spent")?,
            leased: column(row, "leased")?,
        })
    };
    found.first().map(held).transpose()
}

/// Writes what the purse holds. Its row is locked by us.
pub(super) async fn set(tx: &Tx, purse: &Purse, held: Held) -> Result<()> {
    let sql = format!("UPDATE purses SET spent = $5, leased = $6 WHERE {NAMED}");
    let held = [signed(held.spent).into(), signed(held.leased).into()];
    execute(tx, &sql, values(purse, held)).await?;
    Ok(())
}

/// What was used in the purse's stretch according to the usage that is written, whoever it was booked for. Whole days are read from their sums.
pub(super) async fn used(conn: &impl Conn, purse: &Purse) -> Result<u64> {
    let whole_days = matches!(purse.window, Window::Day | Window::Month);
    let (from, to) = (purse.starts_at, purse.ends_at());
    let range = if whole_days {
        [Day::of(from).number(), Day::of(to).number()]
    } else {
        [from.micros(), to.micros()]
    };
    let (table, at) = match (&purse.scope, whole_days) {
        (_, false) => ("usage_events", "started_at"),
        (Scope::Instance(_), true) => ("usage_days", "day"),
        (Scope::Tenant(_) | Scope::PlatformKey(_), true) => ("usage_day_tenants", "day"),
    };
    let sum = match purse.unit {
        Unit::Calls if whole_days => "SUM(calls)",
        Unit::Calls => "COUNT(*)",
        Unit::Tokens => "SUM(input_tokens + output_tokens)",
        Unit::NanoUsd => "SUM(cost_nano_usd)",
    };
    let (whose, value): (_, Value) = match &purse.scope {
        Scope::Instance(id) => ("instance_id = $1", id.uuid().into()),
        Scope::Tenant(id) => ("tenant_id = $1", id.uuid().into()),
        Scope::PlatformKey(provider) => ("provider = $1 AND NOT own_key", provider.as_str().into()),
    };
    let sql = format!(
        "SELECT CAST(COALESCE({sum}, 0) AS bigint) AS used FROM {table} WHERE {whose} AND {at} >= $2 AND {at} < $3"
    );
    let values = vec![value, range[0].into(), range[1].into()];
    let found = rows(conn, &sql, values).await?;
    found.first().map_or(Ok(0), |row| column(row, "used"))
}
