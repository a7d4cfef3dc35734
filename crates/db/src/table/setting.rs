//! Settings of the installation itself: cluster id, the hash of the setup code. One word each.

use sea_orm::{ActiveValue::Set, EntityTrait, entity::prelude::*, sea_query::OnConflict};

use crate::{Conn, Result};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub value: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The random id that labels everything this installation owns in an engine.
pub const CLUSTER: &str = "cluster";
/// SHA-256 (hex) of the one-time code that makes the first operator; absent once used.
pub const SETUP_CODE: &str = "setup_code";

/// The value, if set.
pub async fn find(conn: &impl Conn, key: &str) -> Result<Option<String>> {
    Ok(entity::Entity::find_by_id(key)
        .one(conn)
        .await?
        .map(|m| m.value))
}

/// Sets the value unless there is one, and gives the one that holds: of two starters, both get the same.
pub async fn get_or_insert(conn: &impl Conn, key: &str, value: &str) -> Result<String> {
    let row = entity::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value.to_owned()),
    };
    let keep = OnConflict::column(entity::Column::Key)
        .do_nothing()
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(keep)
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    find(conn, key).await?.ok_or(crate::Error::NotFound)
}

/// Sets or replaces the value.
pub async fn put(conn: &impl Conn, key: &str, value: &str) -> Result<()> {
    let row = entity::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value.to_owned()),
    };
    let replace = OnConflict::column(entity::Column::Key)
        .update_column(entity::Column::Value)
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Removes the value if it still is `value`; true for the one caller that removed it.
pub async fn take(conn: &impl Conn, key: &str, value: &str) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::Key.eq(key))
        .filter(entity::Column::Value.eq(value))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}
