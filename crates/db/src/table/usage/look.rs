//! Events and their sums for those who ask.

use creel_domain::{InstanceId, TenantId, Timestamp, UsageEventId, usage::Usage};
use sea_orm::{
    EntityTrait, QueryOrder, QuerySelect, QueryTrait as _,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _},
};

use super::{UsageEvent, entity};
use crate::{
    Conn, Result,
    error::{count, signed},
    table::usage_day::sum,
};

/// Sums over a range of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Calls, failed ones too.
    pub calls: u64,
    /// Tokens.
    pub usage: Usage,
}

/// Which events are looked for; the default matches all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Matching {
    /// Of this tenant. Whoever asks for people names one.
    pub tenant: Option<TenantId>,
    /// Of this instance.
    pub instance: Option<InstanceId>,
    /// Only those that failed, here or at the vendor.
    pub failed: bool,
    /// Only what came before this event: the last one of the page before.
    pub before: Option<(Timestamp, UsageEventId)>,
}

/// Events, the newest first, a page at a time.
pub async fn recent(conn: &impl Conn, matching: Matching, limit: u64) -> Result<Vec<UsageEvent>> {
    use entity::Column;
    let rows = entity::Entity::find()
        .apply_if(matching.tenant, |query, tenant| {
            query.filter(Column::TenantId.eq(tenant.uuid()))
        })
        .apply_if(matching.instance, |query, instance| {
            query.filter(Column::InstanceId.eq(instance.uuid()))
        })
        // Written out, not bound: only so the partial indexes on failed calls are used.
        .apply_if(
            matching.failed.then_some("status >= 400"),
            |query, failed| query.filter(Expr::cust(failed)),
        )
        .apply_if(matching.before, |query, (at, id)| {
            query.filter(earlier(at, id))
        })
        .order_by_desc(Column::StartedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(UsageEvent::from).collect())
}

fn earlier(at: Timestamp, id: UsageEventId) -> sea_orm::sea_query::SimpleExpr {
    use entity::Column;
    let row = Expr::tuple([Expr::col(Column::StartedAt), Expr::col(Column::Id)]);
    let last = Expr::tuple([Expr::value(at.micros()), Expr::value(id.uuid())]);
    row.lt(last)
}

/// The sum of an instance's events from `since` on. Restarting a month's budget is a matter of `since`, so nothing is ever reset.
pub async fn total(conn: &impl Conn, instance: InstanceId, since: Timestamp) -> Result<Total> {
    type Sums = (i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Sums> = entity::Entity::find()
        .select_only()
        .expr(entity::Column::Id.count())
        .expr(sum(entity::Column::InputTokens))
        .expr(sum(entity::Column::OutputTokens))
        .expr(sum(entity::Column::CacheReadTokens))
        .expr(sum(entity::Column::CacheWriteTokens))
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .filter(entity::Column::StartedAt.gte(since.micros()))
        .into_tuple()
        .one(conn)
        .await?;
    let (calls, input, output, cache_read, cache_write) = row.unwrap_or_default();
    let tokens = |sum: Option<i64>| count(sum.unwrap_or(0));
    Ok(Total {
        calls: count(calls),
        usage: Usage {
            input: tokens(input),
            output: tokens(output),
            cache_read: tokens(cache_read),
            cache_write: tokens(cache_write),
            ..Usage::default()
        },
    })
}

/// Tokens of each instance that called since `since`: what the proxy starts counting from.
pub async fn totals_by_instance(
    conn: &impl Conn,
    since: Timestamp,
) -> Result<Vec<(InstanceId, u64)>> {
    let rows: Vec<(Uuid, Option<i64>, Option<i64>)> = entity::Entity::find()
        .select_only()
        .column(entity::Column::InstanceId)
        .expr(sum(entity::Column::InputTokens))
        .expr(sum(entity::Column::OutputTokens))
        .filter(entity::Column::StartedAt.gte(since.micros()))
        .group_by(entity::Column::InstanceId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, input, output)| {
            (
                InstanceId::from_uuid(id),
                count(input.unwrap_or(0)) + count(output.unwrap_or(0)),
            )
        })
        .collect())
}

/// An instance's events from `since` on, oldest first, at most 100,000.
pub async fn list(
    conn: &impl Conn,
    instance: InstanceId,
    since: Timestamp,
) -> Result<Vec<UsageEvent>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .filter(entity::Column::StartedAt.gte(since.micros()))
        .order_by_asc(entity::Column::StartedAt)
        .limit(100_000)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(UsageEvent::from).collect())
}

/// The instance's newest event.
pub async fn newest(conn: &impl Conn, instance: InstanceId) -> Result<Option<UsageEvent>> {
    let row = entity::Entity::find()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .order_by_desc(entity::Column::StartedAt)
        .one(conn)
        .await?;
    Ok(row.map(UsageEvent::from))
}

/// When a vendor last refused the key of each of a tenant's instances since `since`, the newest first.
pub async fn refused_since(
    conn: &impl Conn,
    tenant: TenantId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<(InstanceId, Timestamp)>> {
    let rows: Vec<(Uuid, Option<i64>)> = entity::Entity::find()
        .select_only()
        .column(entity::Column::InstanceId)
        .expr(entity::Column::StartedAt.max())
        .filter(entity::Column::TenantId.eq(tenant.uuid()))
        .filter(entity::Column::StartedAt.gte(since.micros()))
        // Written out, not bound: only so the partial index on refused calls is used.
        .filter(Expr::cust("status IN (401, 403)"))
        .group_by(entity::Column::InstanceId)
        .order_by_desc(entity::Column::StartedAt.max())
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let newest = |(id, at): (Uuid, Option<i64>)| {
        Some((InstanceId::from_uuid(id), Timestamp::from_micros(at?)))
    };
    Ok(rows.into_iter().filter_map(newest).collect())
}

/// When an instance's tokens since `since` reached `tokens`, if they did.
pub async fn reached_at(
    conn: &impl Conn,
    instance: InstanceId,
    since: Timestamp,
    tokens: u64,
) -> Result<Option<Timestamp>> {
    let running = "SELECT MIN(started_at) AS at FROM (SELECT started_at, \
        SUM(input_tokens + output_tokens) OVER (ORDER BY started_at, id) AS so_far \
        FROM usage_events WHERE instance_id = $1 AND started_at >= $2) AS calls WHERE so_far >= $3";
    let values: [sea_orm::Value; 3] = [
        instance.uuid().into(),
        since.micros().into(),
        signed(tokens).into(),
    ];
    let statement =
        sea_orm::Statement::from_sql_and_values(conn.get_database_backend(), running, values);
    let row = conn.query_one_raw(statement).await?;
    let at: Option<i64> = row.map(|row| row.try_get("", "at")).transpose()?.flatten();
    Ok(at.map(Timestamp::from_micros))
}
