//! Sums by tenant, model and whose key paid: what a tenant's page, the operator's spend and a vendor's invoice are read from.

use std::collections::{BTreeMap, HashMap};

use creel_domain::{TenantId, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, FromQueryResult, QueryOrder, QuerySelect, QueryTrait as _,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use super::{BATCH, Day, DayModel, Sums, UsageEvent, Used, sum, used};
use crate::{Conn, Result, Tx, error::signed};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "usage_day_tenants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub model: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub own_key: bool,
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

/// What a tenant has used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TenantUsed {
    /// With the platform's keys.
    pub platform: Used,
    /// With keys of its own.
    pub own: Used,
}

/// One day's calls of one model, with the platform's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDay {
    /// The day.
    pub day: Day,
    /// The vendor's model id.
    pub model: String,
    /// What was used.
    pub used: Used,
}

#[derive(FromQueryResult)]
struct OfModel {
    day: i64,
    provider: String,
    model: String,
    #[sea_orm(nested)]
    sums: Sums,
}

#[derive(FromQueryResult)]
struct OfTenant {
    tenant_id: Uuid,
    own_key: bool,
    #[sea_orm(nested)]
    sums: Sums,
}

/// Days from `from` on over all instances of a tenant, or of the platform, oldest first, each model by itself.
pub async fn by_day_and_model(
    conn: &impl Conn,
    tenant: Option<TenantId>,
    from: Day,
) -> Result<Vec<DayModel>> {
    let rows = models(conn, of(tenant, from)).await?;
    let day = |row: OfModel| DayModel {
        day: Day(row.day),
        model: format!("{}/{}", row.provider, row.model),
        used: row.sums.into(),
    };
    Ok(rows.into_iter().map(day).collect())
}

/// What the platform's keys of a provider have paid for on the days from that of `from` to that before which `to` lies, each model by itself:
/// what its invoice should say.
pub async fn of_provider(
    conn: &impl Conn,
    provider: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ProviderDay>> {
    let last = Day::of(Timestamp::from_micros(to.micros().saturating_sub(1)));
    let rows = of(None, Day::of(from))
        .filter(Column::Day.lte(last.0))
        .filter(Column::Provider.eq(provider))
        .filter(Column::OwnKey.eq(false));
    let day = |row: OfModel| ProviderDay {
        day: Day(row.day),
        model: row.model,
        used: row.sums.into(),
    };
    Ok(models(conn, rows).await?.into_iter().map(day).collect())
}

async fn models(conn: &impl Conn, rows: sea_orm::Select<entity::Entity>) -> Result<Vec<OfModel>> {
    let keys = [Column::Day, Column::Provider, Column::Model];
    let rows = keys.into_iter().fold(summed(rows), |rows, key| {
        rows.column(key).group_by(key).order_by_asc(key)
    });
    Ok(rows.into_model().all(conn).await?)
}

/// What each tenant has used from `from` on; tenants without a call are left out.
pub async fn by_tenant(conn: &impl Conn, from: Day) -> Result<Vec<(TenantId, TenantUsed)>> {
    Ok(tenants(conn, of(None, from)).await?.into_iter().collect())
}

/// What these tenants have used since the month of `now` began; those without a call are left out.
pub async fn month_by_tenant(
    conn: &impl Conn,
    tenants: &[TenantId],
    now: Timestamp,
) -> Result<HashMap<TenantId, Used>> {
    let ids = tenants.iter().map(TenantId::uuid);
    let rows = of(None, Day::of(now.month_start())).filter(Column::TenantId.is_in(ids));
    let all = self::tenants(conn, rows).await?;
    let both = |used: TenantUsed| [used.platform, used.own].into_iter().sum();
    Ok(all.into_iter().map(|(id, used)| (id, both(used))).collect())
}

async fn tenants(
    conn: &impl Conn,
    rows: sea_orm::Select<entity::Entity>,
) -> Result<BTreeMap<TenantId, TenantUsed>> {
    let keys = [Column::TenantId, Column::OwnKey];
    let rows = keys
        .into_iter()
        .fold(summed(rows), |rows, key| rows.column(key).group_by(key));
    let mut all: BTreeMap<TenantId, TenantUsed> = BTreeMap::new();
    for row in rows.into_model::<OfTenant>().all(conn).await? {
        let used = all.entry(TenantId::from_uuid(row.tenant_id)).or_default();
        if row.own_key {
            used.own = row.sums.into();
        } else {
            used.platform = row.sums.into();
        }
    }
    Ok(all)
}

/// The sum of everything from `from` on; of one tenant or of all.
pub async fn total(conn: &impl Conn, tenant: Option<TenantId>, from: Day) -> Result<Used> {
    let row = summed(of(tenant, from))
        .into_model::<Sums>()
        .one(conn)
        .await?;
    Ok(row.unwrap_or_default().into())
}

fn of(tenant: Option<TenantId>, from: Day) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find()
        .filter(Column::Day.gte(from.0))
        .apply_if(tenant, |query, tenant| {
            query.filter(Column::TenantId.eq(tenant.uuid()))
        })
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

fn summed(rows: sea_orm::Select<entity::Entity>) -> sea_orm::Select<entity::Entity> {
    SUMMED.into_iter().fold(rows.select_only(), |rows, column| {
        rows.expr_as(sum(column), column.as_str())
    })
}

type Key<'a> = (Uuid, i64, &'a str, &'a str, bool);

pub(super) async fn add(tx: &Tx, events: &[&UsageEvent]) -> Result<()> {
    // In order, as all sums.
    let mut days: BTreeMap<Key<'_>, Used> = BTreeMap::new();
    for event in events {
        let key = (
            event.tenant.uuid(),
            Day::of(event.started_at).0,
            event.provider.as_str(),
            event.model.as_str(),
            event.own_key,
        );
        days.entry(key).or_default().add(used(event));
    }
    let rows: Vec<_> = days.into_iter().map(row).collect();
    for some in rows.chunks(BATCH) {
        entity::Entity::insert_many(some.to_vec())
            .on_conflict(adding())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row((key, used): (Key<'_>, Used)) -> entity::ActiveModel {
    let (tenant, day, provider, model, own_key) = key;
    entity::ActiveModel {
        tenant_id: Set(tenant),
        day: Set(day),
        provider: Set(provider.to_owned()),
        model: Set(model.to_owned()),
        own_key: Set(own_key),
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

fn adding() -> OnConflict {
    let added = SUMMED.map(|column| {
        let there = Expr::col((entity::Entity, column));
        (column, there.add(Expr::col(("excluded", column))))
    });
    OnConflict::columns([
        Column::TenantId,
        Column::Day,
        Column::Provider,
        Column::Model,
        Column::OwnKey,
    ])
    .values(added)
    .to_owned()
}
