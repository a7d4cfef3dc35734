//! Usage events: one row per metered model call, written by the ledger of the llm proxy, never changed.
//!
//! An event's id is made before it is written and its sums are added in the transaction that inserts it, so that it counts once however often it
//! comes. Prices are not looked up here: an event brings its cost.

mod look;

use std::collections::HashSet;

use creel_domain::{
    InstanceId, TenantId, Timestamp, UsageEventId,
    usage::{Cause, Usage},
};
use sea_orm::{
    ActiveValue::Set, EntityTrait, QueryTrait as _, entity::prelude::*, sea_query::OnConflict,
};

use super::usage_day;
use crate::{
    Result, Tx,
    error::{count, signed},
};

pub use super::usage_day::of_provider;
pub use look::{
    Matching, Total, list, newest, reached_at, recent, refused_since, total, totals_by_instance,
};

#[expect(
    clippy::struct_excessive_bools,
    reason = "a row is what its columns are"
)]
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
        pub cache_write_1h_tokens: i64,
        pub reasoning_tokens: i64,
        pub input_audio_tokens: i64,
        pub output_audio_tokens: i64,
        pub input_image_tokens: i64,
        pub output_image_tokens: i64,
        pub cause: String,
        pub channel: String,
        pub own_key: bool,
        pub streamed: bool,
        pub status: i64,
        pub estimated: bool,
        pub started_at: i64,
        pub latency_ms: i64,
        pub ttft_ms: Option<i64>,
        pub cost_nano_usd: i64,
        pub cost_known: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One metered call.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Nano-dollars at the list price of the moment; `None` where the price is unknown, which is booked as nothing.
    pub cost_nano_usd: Option<u64>,
    /// HTTP status of the vendor's answer.
    pub status: u16,
    /// The stream was cut; counted from what passed.
    pub estimated: bool,
    /// Whether the answer was streamed.
    pub streamed: bool,
    /// Whether the tenant's own key paid.
    pub own_key: bool,
    /// Why the instance called.
    pub cause: Cause,
    /// The channel on which somebody wrote; empty for none.
    pub channel: String,
    /// When the call came in.
    pub started_at: Timestamp,
    /// From call to last byte, milliseconds.
    pub latency_ms: u64,
    /// From call to the first byte of the answer, milliseconds.
    pub ttft_ms: Option<u64>,
}

/// Most tokens of one kind that a call is booked with. No model takes a thousandth of it, but a tenant's own one may claim anything: without
/// a bound its numbers would run over the sums of everybody.
const MOST_TOKENS: u64 = 1_000_000_000_000;
/// The same for its cost: a million dollars.
const MOST_NANO_USD: u64 = 1_000_000_000_000_000;
/// Rows of one statement: both engines bound the number of its values.
const BATCH: usize = 500;

/// Usage as it is booked.
pub(super) fn booked(usage: Usage) -> Usage {
    let bounded = |tokens: u64| Ord::min(tokens, MOST_TOKENS);
    Usage {
        input: bounded(usage.input),
        output: bounded(usage.output),
        cache_read: bounded(usage.cache_read),
        cache_write: bounded(usage.cache_write),
        cache_write_1h: bounded(usage.cache_write_1h),
        reasoning: bounded(usage.reasoning),
        input_audio: bounded(usage.input_audio),
        output_audio: bounded(usage.output_audio),
        input_image: bounded(usage.input_image),
        output_image: bounded(usage.output_image),
    }
}

/// Cost as it is booked.
pub(super) fn booked_cost(event: &UsageEvent) -> u64 {
    event.cost_nano_usd.unwrap_or(0).min(MOST_NANO_USD)
}

/// Writes a batch and adds it to its days; all or none. An event that is there already refuses the batch, so nothing counts twice.
pub async fn insert_many(tx: &Tx, events: &[UsageEvent]) -> Result<()> {
    for some in events.chunks(BATCH) {
        entity::Entity::insert_many(some.iter().map(row))
            .exec_without_returning(tx)
            .await?;
    }
    usage_day::add(tx, &events.iter().collect::<Vec<_>>()).await
}

/// Writes those events of a batch that are not there yet, adds them to their days, and says which they were.
pub async fn insert_missing(tx: &Tx, events: &[UsageEvent]) -> Result<HashSet<UsageEventId>> {
    let mut missing = HashSet::with_capacity(events.len());
    let mut added = Vec::with_capacity(events.len());
    for some in events.chunks(BATCH) {
        let written = insert_some(tx, some).await?;
        // A batch may name an event twice; the second time it is not new.
        added.extend(
            some.iter()
                .filter(|event| written.contains(&event.id) && missing.insert(event.id)),
        );
    }
    usage_day::add(tx, &added).await?;
    Ok(missing)
}

async fn insert_some(tx: &Tx, events: &[UsageEvent]) -> Result<HashSet<UsageEventId>> {
    let keep = OnConflict::column(entity::Column::Id)
        .do_nothing()
        .to_owned();
    let mut insert = entity::Entity::insert_many(events.iter().map(row))
        .on_conflict(keep)
        .into_query();
    insert.returning_col(entity::Column::Id);
    let written = tx.query_all(&insert).await?;
    let id = |row: &sea_orm::QueryResult| Ok(UsageEventId::from_uuid(row.try_get("", "id")?));
    written.iter().map(id).collect()
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
        cache_write_1h_tokens: Set(signed(usage.cache_write_1h)),
        reasoning_tokens: Set(signed(usage.reasoning)),
        input_audio_tokens: Set(signed(usage.input_audio)),
        output_audio_tokens: Set(signed(usage.output_audio)),
        input_image_tokens: Set(signed(usage.input_image)),
        output_image_tokens: Set(signed(usage.output_image)),
        cause: Set(event.cause.as_str().to_owned()),
        channel: Set(event.channel.clone()),
        own_key: Set(event.own_key),
        streamed: Set(event.streamed),
        status: Set(i64::from(event.status)),
        estimated: Set(event.estimated),
        started_at: Set(event.started_at.micros()),
        latency_ms: Set(signed(event.latency_ms)),
        ttft_ms: Set(event.ttft_ms.map(signed)),
        cost_nano_usd: Set(signed(booked_cost(event))),
        cost_known: Set(event.cost_nano_usd.is_some()),
    }
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
                cache_write_1h: count(m.cache_write_1h_tokens),
                reasoning: count(m.reasoning_tokens),
                input_audio: count(m.input_audio_tokens),
                output_audio: count(m.output_audio_tokens),
                input_image: count(m.input_image_tokens),
                output_image: count(m.output_image_tokens),
            },
            cost_nano_usd: m.cost_known.then(|| count(m.cost_nano_usd)),
            status: u16::try_from(m.status).unwrap_or(0),
            estimated: m.estimated,
            streamed: m.streamed,
            own_key: m.own_key,
            // A word that a later release wrote is read as that nothing is known.
            cause: m.cause.parse().unwrap_or(Cause::Unknown),
            channel: m.channel,
            started_at: Timestamp::from_micros(m.started_at),
            latency_ms: count(m.latency_ms),
            ttft_ms: m.ttft_ms.map(count),
        }
    }
}
