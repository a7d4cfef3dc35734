//! Tombstones: proof that an instance was deleted on purpose. Only a volume with one is ever removed, so that a database restored from an older
//! backup cannot make Creel collect newer tenants' data.

use creel_domain::{InstanceId, Timestamp};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Conn, Result};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tombstones")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub instance_id: Uuid,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Marks the instance's volume as deleted on purpose. Idempotent.
pub async fn put(conn: &impl Conn, instance: InstanceId, now: Timestamp) -> Result<()> {
    let row = entity::ActiveModel {
        instance_id: Set(instance.uuid()),
        created_at: Set(now.micros()),
    };
    let keep = OnConflict::column(entity::Column::InstanceId)
        .do_nothing()
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(keep)
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whether the instance was deleted on purpose.
pub async fn exists(conn: &impl Conn, instance: InstanceId) -> Result<bool> {
    Ok(entity::Entity::find_by_id(instance.uuid())
        .one(conn)
        .await?
        .is_some())
}

/// Takes the mark back: the instance lives again after a failed create was cleaned.
pub async fn delete(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_by_id(instance.uuid())
        .exec(conn)
        .await?;
    Ok(())
}
