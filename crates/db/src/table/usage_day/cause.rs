//! Sums by cause and channel. Each call is added to its instance and to its tenant, so that a tenant with many instances is read as quickly as one.

use std::collections::BTreeMap;

use creel_domain::{InstanceId, TenantId, usage::Cause};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, QueryOrder,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use super::{BATCH, Day, UsageEvent, Used, used};
use crate::{
    Conn, Result, Tx,
    error::{count, signed},
};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "usage_day_causes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub cause: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        pub calls: i64,
        pub tokens: i64,
        pub cost_nano_usd: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// Whose calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One instance's. Whoever asks has looked whose instance it is.
    Instance(InstanceId),
    /// All instances' of a tenant, deleted ones' too.
    Tenant(TenantId),
}

/// One day's calls for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCause {
    /// The day.
    pub day: Day,
    /// Why they were made.
    pub cause: Cause,
    /// The channel on which somebody wrote; empty for none.
    pub channel: String,
    /// Calls, failed ones too.
    pub calls: u64,
    /// Tokens that count against limits.
    pub tokens: u64,
    /// What they cost at list price; calls of unknown price add nothing.
    pub cost_nano_usd: u64,
}

/// Days from `from` on, oldest first, each cause and channel by itself.
pub async fn by_cause(conn: &impl Conn, whose: Whose, from: Day) -> Result<Vec<DayCause>> {
    let owner = match whose {
        Whose::Instance(id) => id.uuid(),
        Whose::Tenant(id) => id.uuid(),
    };
    let rows = entity::Entity::find()
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::Day.gte(from.0))
        .order_by_asc(Column::Day)
        .order_by_asc(Column::Cause)
        .order_by_asc(Column::Channel)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

fn read(m: entity::Model) -> DayCause {
    DayCause {
        day: Day(m.day),
        cause: m.cause.parse().unwrap_or(Cause::Unknown),
        channel: m.channel,
        calls: count(m.calls),
        tokens: count(m.tokens),
        cost_nano_usd: count(m.cost_nano_usd),
    }
}

pub(super) async fn add(tx: &Tx, events: &[&UsageEvent]) -> Result<()> {
    // In order, as all sums.
    let mut days: BTreeMap<(Uuid, i64, &str, &str), Used> = BTreeMap::new();
    for event in events {
        for owner in [event.instance.uuid(), event.tenant.uuid()] {
            let day = Day::of(event.started_at).0;
            let key = (owner, day, event.cause.as_str(), event.channel.as_str());
            days.entry(key).or_default().add(used(event));
        }
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

fn row((key, used): ((Uuid, i64, &str, &str), Used)) -> entity::ActiveModel {
    let (owner, day, cause, channel) = key;
    entity::ActiveModel {
        owner_id: Set(owner),
        day: Set(day),
        cause: Set(cause.to_owned()),
        channel: Set(channel.to_owned()),
        calls: Set(signed(used.calls)),
        tokens: Set(signed(used.tokens())),
        cost_nano_usd: Set(signed(used.cost_nano_usd)),
    }
}

fn adding() -> OnConflict {
    let added = [Column::Calls, Column::Tokens, Column::CostNanoUsd].map(|column| {
        let there = Expr::col((entity::Entity, column));
        (column, there.add(Expr::col(("excluded", column))))
    });
    OnConflict::columns([Column::OwnerId, Column::Day, Column::Cause, Column::Channel])
        .values(added)
        .to_owned()
}
