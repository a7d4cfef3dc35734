//! Plans: shipped once, then the operator's to edit.

use creel_domain::{Plan, PlanId, Timestamp};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, sea_query::OnConflict};

use crate::{Conn, Error, Result, error::parse_json};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "plans")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub body: String,
        pub updated_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

fn row(plan: &Plan, now: Timestamp) -> Result<entity::ActiveModel> {
    let body = serde_json::to_string(plan).map_err(|e| Error::Corrupt {
        column: "plans.body",
        problem: e.to_string(),
    })?;
    Ok(entity::ActiveModel {
        id: Set(plan.id.to_string()),
        body: Set(body),
        updated_at: Set(now.micros()),
    })
}

/// Adds the shipped plans that are not there yet; never overwrites an edited one.
pub async fn seed(conn: &impl Conn, plans: &[Plan], now: Timestamp) -> Result<()> {
    for plan in plans {
        let keep = OnConflict::column(entity::Column::Id)
            .do_nothing()
            .to_owned();
        entity::Entity::insert(row(plan, now)?)
            .on_conflict(keep)
            .try_insert()
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Adds or replaces a plan.
pub async fn put(conn: &impl Conn, plan: &Plan, now: Timestamp) -> Result<()> {
    let replace = OnConflict::column(entity::Column::Id)
        .update_columns([entity::Column::Body, entity::Column::UpdatedAt])
        .to_owned();
    entity::Entity::insert(row(plan, now)?)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// One plan.
pub async fn find(conn: &impl Conn, id: &PlanId) -> Result<Option<Plan>> {
    let found = entity::Entity::find_by_id(id.as_str()).one(conn).await?;
    found.map(|m| parse_json("plans.body", &m.body)).transpose()
}

/// All plans, by name.
pub async fn list(conn: &impl Conn) -> Result<Vec<Plan>> {
    let rows = entity::Entity::find()
        .order_by_asc(entity::Column::Id)
        .all(conn)
        .await?;
    rows.iter()
        .map(|m| parse_json("plans.body", &m.body))
        .collect()
}

/// When any plan last changed; part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<i64> {
    let newest = entity::Entity::find()
        .order_by_desc(entity::Column::UpdatedAt)
        .one(conn)
        .await?;
    Ok(newest.map_or(0, |m| m.updated_at))
}
