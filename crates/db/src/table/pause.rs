//! Pauses: instances whose model calls are refused until their owner resumes them.

use creel_domain::{InstanceId, TenantId, Timestamp};
use sea_orm::{
    ActiveValue::Set, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instance_pauses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub instance_id: Uuid,
        pub tenant_id: Uuid,
        pub reason: String,
        pub detail: String,
        pub paused_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// Why: the instance went round in circles.
pub const LOOP: &str = "loop";

/// A paused instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Which.
    pub instance: InstanceId,
    /// Whose.
    pub tenant: TenantId,
    /// Why, as a word: [`LOOP`].
    pub reason: String,
    /// Why, in words for the owner; nothing of what was said.
    pub detail: String,
    /// Since when.
    pub paused_at: Timestamp,
}

/// Every paused instance.
pub async fn list(conn: &impl Conn) -> Result<Vec<Pause>> {
    let rows = entity::Entity::find().all(conn).await?;
    Ok(rows.into_iter().map(Pause::from).collect())
}

/// A tenant's paused instances, the newest first.
pub async fn list_of(conn: &impl Conn, tenant: TenantId) -> Result<Vec<Pause>> {
    let rows = entity::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .order_by_desc(Column::PausedAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Pause::from).collect())
}

/// The instance's pause, if it has one.
pub async fn find(
    conn: &impl Conn,
    tenant: TenantId,
    instance: InstanceId,
) -> Result<Option<Pause>> {
    let row = entity::Entity::find_by_id(instance.uuid())
        .filter(Column::TenantId.eq(tenant.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(Pause::from))
}

/// Pauses an instance; false when it was paused already, which stays as it was.
pub async fn put(conn: &impl Conn, pause: &Pause) -> Result<bool> {
    let row = entity::ActiveModel {
        instance_id: Set(pause.instance.uuid()),
        tenant_id: Set(pause.tenant.uuid()),
        reason: Set(pause.reason.clone()),
        detail: Set(pause.detail.clone()),
        paused_at: Set(pause.paused_at.micros()),
    };
    let keep = OnConflict::column(Column::InstanceId)
        .do_nothing()
        .to_owned();
    let done = entity::Entity::insert(row)
        .on_conflict(keep)
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    Ok(matches!(done, sea_orm::TryInsertResult::Inserted(rows) if rows > 0))
}

/// Resumes an instance; false when it was not paused.
pub async fn delete(conn: &impl Conn, tenant: TenantId, instance: InstanceId) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .filter(Column::TenantId.eq(tenant.uuid()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Removes the pause of an instance that is no more.
pub(crate) async fn forget(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_by_id(instance.uuid())
        .exec(conn)
        .await?;
    Ok(())
}

/// When an instance was last paused, and how many are; part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<(i64, i64)> {
    #[derive(FromQueryResult)]
    struct Last {
        newest: Option<i64>,
        number: i64,
    }
    let last = entity::Entity::find()
        .select_only()
        .expr_as(Column::PausedAt.max(), "newest")
        .expr_as(Column::InstanceId.count(), "number")
        .into_model::<Last>()
        .one(conn)
        .await?;
    Ok(last.map_or((0, 0), |last| (last.newest.unwrap_or(0), last.number)))
}

impl From<entity::Model> for Pause {
    fn from(m: entity::Model) -> Self {
        Self {
            instance: InstanceId::from_uuid(m.instance_id),
            tenant: TenantId::from_uuid(m.tenant_id),
            reason: m.reason,
            detail: m.detail,
            paused_at: Timestamp::from_micros(m.paused_at),
        }
    }
}
