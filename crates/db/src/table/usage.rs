//! Usage events: one row per metered model call, written by the ledger of the llm proxy, never changed.

use creel_domain::{InstanceId, TenantId, Timestamp, UsageEventId, usage::Usage};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _},
};

use super::usage_day;
use crate::{
    Conn, Result, Tx,
    error::{count, signed},
};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "usage_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub instance_id: Uuid,
        pub provider: String,
        pub model: String,
        pub input_tokens: i64,
        pub output_tokens: i64,
        pub cache_read_tokens: i64,
        pub cache_write_tokens: i64,
        pub status: i64,
        pub estimated: bool,
        pub started_at: i64,
        pub latency_ms: i64,
        pub cost_nano_usd: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One metered call.
#[derive(Debug, Clone)]
pub struct UsageEvent {
    /// Id, made before the insert: writing the same event twice is refused, so a retry cannot count double.
    pub id: UsageEventId,
    /// Tenant.
    pub tenant: TenantId,
    /// Instance.
    pub instance: InstanceId,
    /// Provider id.
    pub provider: String,
    /// The vendor's model id.
    pub model: String,
    /// Tokens.
    pub usage: Usage,
    /// HTTP status of the vendor's answer.
    pub status: u16,
    /// The stream was cut; counted from what passed.
    pub estimated: bool,
    /// When the call came in.
    pub started_at: Timestamp,
    /// From call to last byte, milliseconds.
    pub latency_ms: u64,
}

/// Sums over a range of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Calls, failed ones too.
    pub calls: u64,
    /// Tokens.
    pub usage: Usage,
}

/// Most tokens of one kind that a call is booked with. No model takes a thousandth of it, but a tenant's own one may claim anything: without
/// a bound its numbers would run over the sums of everybody.
const MOST_TOKENS: u64 = 1_000_000_000_000;

/// Usage as it is booked.
pub(super) fn booked(usage: Usage) -> Usage {
    let bounded = |tokens: u64| Ord::min(tokens, MOST_TOKENS);
    Usage {
        input: bounded(usage.input),
        output: bounded(usage.output),
        cache_read: bounded(usage.cache_read),
        cache_write: bounded(usage.cache_write),
        ..Usage::default()
    }
}

/// Writes a batch with its costs and adds it to its days; all or none. An event that is there already refuses the batch, so nothing counts twice.
pub async fn insert_many(tx: &Tx, events: &[UsageEvent]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.iter().map(row);
    entity::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    usage_day::add(tx, events).await
}

fn row(event: &UsageEvent) -> entity::ActiveModel {
    let usage = booked(event.usage);
    entity::ActiveModel {
        id: Set(event.id.uuid()),
        tenant_id: Set(event.tenant.uuid()),
        instance_id: Set(event.instance.uuid()),
        provider: Set(event.provider.clone()),
        model: Set(event.model.clone()),
        input_tokens: Set(signed(usage.input)),
        output_tokens: Set(signed(usage.output)),
        cache_read_tokens: Set(signed(usage.cache_read)),
        cache_write_tokens: Set(signed(usage.cache_write)),
        status: Set(i64::from(event.status)),
        estimated: Set(event.estimated),
        started_at: Set(event.started_at.micros()),
        latency_ms: Set(signed(event.latency_ms)),
        cost_nano_usd: Set(usage_day::cost(event)),
    }
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

// Postgres sums bigints into a numeric; both engines must give a bigint back.
pub(super) fn sum(column: impl ColumnTrait) -> sea_orm::sea_query::SimpleExpr {
    column.sum().cast_as("bigint")
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

impl From<entity::Model> for UsageEvent {
    fn from(m: entity::Model) -> Self {
        Self {
            id: UsageEventId::from_uuid(m.id),
            tenant: TenantId::from_uuid(m.tenant_id),
            instance: InstanceId::from_uuid(m.instance_id),
            provider: m.provider,
            model: m.model,
            usage: Usage {
                input: count(m.input_tokens),
                output: count(m.output_tokens),
                cache_read: count(m.cache_read_tokens),
                cache_write: count(m.cache_write_tokens),
                ..Usage::default()
            },
            status: u16::try_from(m.status).unwrap_or(0),
            estimated: m.estimated,
            started_at: Timestamp::from_micros(m.started_at),
            latency_ms: count(m.latency_ms),
        }
    }
}
