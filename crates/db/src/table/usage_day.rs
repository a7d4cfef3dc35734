//! Usage by day: the sums of `usage_events`, written in the transaction of the events and read by everybody who wants figures.
//!
//! Three tables of sums, each for one kind of question: by instance and model (`usage_days`), by instance or tenant and cause ([`cause`]),
//! by tenant, model and whose key paid ([`tenant`]). Audio and images are not summed; the events have them.

mod cause;
mod line;
mod tenant;

use std::collections::{BTreeMap, HashMap};

use creel_domain::{InstanceId, TenantId, Timestamp, usage::Usage};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, FromQueryResult, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use super::usage::{UsageEvent, booked, booked_cost};
use crate::{
    Conn, Result, Tx,
    error::{count, signed},
};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "usage_days")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub instance_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub model: String,
        pub tenant_id: Uuid,
        pub calls: i64,
        pub input_tokens: i64,
        pub output_tokens: i64,
        pub cache_read_tokens: i64,
        pub cache_write_tokens: i64,
        pub cache_write_1h_tokens: i64,
        pub reasoning_tokens: i64,
        pub cost_nano_usd: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

pub use cause::{DayCause, Whose, by_cause};
pub use line::{InstanceDay, lines};
pub use tenant::{
    ProviderDay, TenantUsed, by_day_and_model, by_tenant, month_by_tenant, of_provider, total,
};

/// Microseconds of a day.
const DAY_MICROS: i64 = 86_400_000_000;
/// Rows of one statement: both engines bound the number of its values.
const BATCH: usize = 500;

/// A calendar day, UTC: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

/// What calls have used and cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Calls, failed ones too.
    pub calls: u64,
    /// Tokens.
    pub usage: Usage,
    /// What they cost at list price; calls of unknown price add nothing.
    pub cost_nano_usd: u64,
}

/// One day's calls of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayModel {
    /// The day.
    pub day: Day,
    /// `provider/model`.
    pub model: String,
    /// What was used.
    pub used: Used,
}

// === impl Day ===

impl Day {
    /// The day of this moment.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.micros().div_euclid(DAY_MICROS))
    }

    /// So many days earlier.
    #[must_use]
    pub fn minus(self, days: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(days)))
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Days since 1970-01-01, as it is stored.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }

    /// `2026-11-21`.
    pub fn date(self) -> String {
        Timestamp::from_micros(self.0.saturating_mul(DAY_MICROS)).date()
    }
}

// === impl Used ===

impl Used {
    /// Adds, saturating.
    pub fn add(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.cost_nano_usd = self.cost_nano_usd.saturating_add(other.cost_nano_usd);
        self.usage.add(other.usage);
    }

    /// Tokens that count against a plan.
    pub fn tokens(self) -> u64 {
        self.usage.total()
    }
}

impl std::iter::Sum for Used {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut sum, part| {
            sum.add(part);
            sum
        })
    }
}

/// An event by itself, as it is booked.
fn used(event: &UsageEvent) -> Used {
    Used {
        calls: 1,
        usage: booked(event.usage),
        cost_nano_usd: booked_cost(event),
    }
}

/// Adds events to their days. In the transaction that inserts them, so that an event counts exactly once.
pub(super) async fn add(tx: &Tx, events: &[&UsageEvent]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    of_instances(tx, events).await?;
    cause::add(tx, events).await?;
    tenant::add(tx, events).await
}

async fn of_instances(tx: &Tx, events: &[&UsageEvent]) -> Result<()> {
    // In order: two replicas that add to the same days must take their rows in the same order, or they wait for each other.
    let mut days: BTreeMap<(Uuid, i64, &str, &str), (TenantId, Used)> = BTreeMap::new();
    for event in events {
        let key = (
            event.instance.uuid(),
            Day::of(event.started_at).0,
            event.provider.as_str(),
            event.model.as_str(),
        );
        let (_, sum) = days
            .entry(key)
            .or_insert_with(|| (event.tenant, Used::default()));
        sum.add(used(event));
    }
    let rows: Vec<_> = days
        .into_iter()
        .map(|((instance, day, provider, model), (tenant, used))| {
            row(instance, day, provider, model, tenant, used)
        })
        .collect();
    for some in rows.chunks(BATCH) {
        entity::Entity::insert_many(some.to_vec())
            .on_conflict(adding())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row(
    instance: Uuid,
    day: i64,
    provider: &str,
    model: &str,
    tenant: TenantId,
    used: Used,
) -> entity::ActiveModel {
    entity::ActiveModel {
        instance_id: Set(instance),
        day: Set(day),
        provider: Set(provider.to_owned()),
        model: Set(model.to_owned()),
        tenant_id: Set(tenant.uuid()),
        calls: Set(signed(used.calls)),
        input_tokens: Set(signed(used.usage.input)),
        output_tokens: Set(signed(used.usage.output)),
        cache_read_tokens: Set(signed(used.usage.cache_read)),
        cache_write_tokens: Set(signed(used.usage.cache_write)),
        cache_write_1h_tokens: Set(signed(used.usage.cache_write_1h)),
        reasoning_tokens: Set(signed(used.usage.reasoning)),
        cost_nano_usd: Set(signed(used.cost_nano_usd)),
    }
}

const SUMMED: [Column; 8] = [
    Column::Calls,
    Column::InputTokens,
    Column::OutputTokens,
    Column::CacheReadTokens,
    Column::CacheWriteTokens,
    Column::CacheWrite1hTokens,
    Column::ReasoningTokens,
    Column::CostNanoUsd,
];

fn adding() -> OnConflict {
    let added = SUMMED.map(|column| {
        let there = Expr::col((entity::Entity, column));
        (column, there.add(Expr::col(("excluded", column))))
    });
    OnConflict::columns([
        Column::InstanceId,
        Column::Day,
        Column::Provider,
        Column::Model,
    ])
    .values(added)
    .to_owned()
}

/// Sums as the database gives them; all absent where there is no row.
#[derive(Debug, Default, FromQueryResult)]
struct Sums {
    calls: Option<i64>,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    cache_read_tokens: Option<i64>,
    cache_write_tokens: Option<i64>,
    cache_write_1h_tokens: Option<i64>,
    reasoning_tokens: Option<i64>,
    cost_nano_usd: Option<i64>,
}

#[derive(FromQueryResult)]
struct OfInstance {
    instance_id: Uuid,
    #[sea_orm(nested)]
    sums: Sums,
}

/// Postgres sums bigints into a numeric; both engines must give a bigint back.
pub(super) fn sum(column: impl ColumnTrait) -> sea_orm::sea_query::SimpleExpr {
    column.sum().cast_as("bigint")
}

fn summed(rows: sea_orm::Select<entity::Entity>) -> sea_orm::Select<entity::Entity> {
    SUMMED.into_iter().fold(rows.select_only(), |rows, column| {
        rows.expr_as(sum(column), column.as_str())
    })
}

impl From<Sums> for Used {
    fn from(sums: Sums) -> Self {
        let number = |sum: Option<i64>| count(sum.unwrap_or(0));
        Self {
            calls: number(sums.calls),
            usage: Usage {
                input: number(sums.input_tokens),
                output: number(sums.output_tokens),
                cache_read: number(sums.cache_read_tokens),
                cache_write: number(sums.cache_write_tokens),
                cache_write_1h: number(sums.cache_write_1h_tokens),
                reasoning: number(sums.reasoning_tokens),
                ..Usage::default()
            },
            cost_nano_usd: number(sums.cost_nano_usd),
        }
    }
}

/// An instance's days from `from` on, oldest first, each model by itself.
pub async fn of_instance(
    conn: &impl Conn,
    instance: InstanceId,
    from: Day,
) -> Result<Vec<DayModel>> {
    let rows = entity::Entity::find()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .filter(Column::Day.gte(from.0))
        .order_by_asc(Column::Day)
        .order_by_asc(Column::Provider)
        .order_by_asc(Column::Model)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// What each instance of a tenant has used from `from` on; instances without a call are left out, deleted ones are not.
pub async fn by_instance(
    conn: &impl Conn,
    tenant: TenantId,
    from: Day,
) -> Result<HashMap<InstanceId, Used>> {
    let rows = entity::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::Day.gte(from.0));
    grouped(conn, rows).await
}

/// What these instances have used since the month of `now` began; those without a call are left out. For a page of a list: at most a few hundred.
pub async fn month_by_instance(
    conn: &impl Conn,
    instances: &[InstanceId],
    now: Timestamp,
) -> Result<HashMap<InstanceId, Used>> {
    let ids = instances.iter().map(InstanceId::uuid);
    let rows = entity::Entity::find()
        .filter(Column::InstanceId.is_in(ids))
        .filter(Column::Day.gte(Day::of(now.month_start()).0));
    grouped(conn, rows).await
}

async fn grouped(
    conn: &impl Conn,
    rows: sea_orm::Select<entity::Entity>,
) -> Result<HashMap<InstanceId, Used>> {
    let rows = summed(rows)
        .column(Column::InstanceId)
        .group_by(Column::InstanceId)
        .into_model::<OfInstance>()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (InstanceId::from_uuid(row.instance_id), row.sums.into()))
        .collect())
}

fn read(m: entity::Model) -> DayModel {
    let used = Used {
        calls: count(m.calls),
        usage: Usage {
            input: count(m.input_tokens),
            output: count(m.output_tokens),
            cache_read: count(m.cache_read_tokens),
            cache_write: count(m.cache_write_tokens),
            cache_write_1h: count(m.cache_write_1h_tokens),
            reasoning: count(m.reasoning_tokens),
            ..Usage::default()
        },
        cost_nano_usd: count(m.cost_nano_usd),
    };
    DayModel {
        day: Day(m.day),
        model: format!("{}/{}", m.provider, m.model),
        used,
    }
}
