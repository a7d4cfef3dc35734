//! Idempotency keys: a create that is sent again gives what the first one made.

use creel_domain::{Timestamp, UserId};
use sea_orm::{ActiveValue::Set, EntityTrait, entity::prelude::*};

use crate::{Conn, Result};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub request_hash: Vec<u8>,
        pub resource: String,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What an earlier request with this key was and made.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// SHA-256 of that request.
    pub request_hash: Vec<u8>,
    /// Id of what it made.
    pub resource: String,
}

/// The earlier request of this user with this key, if any.
pub async fn find(conn: &impl Conn, user: UserId, key: &str) -> Result<Option<Earlier>> {
    let row = entity::Entity::find_by_id((user.uuid(), key.to_owned()))
        .one(conn)
        .await?;
    Ok(row.map(|m| Earlier {
        request_hash: m.request_hash,
        resource: m.resource,
    }))
}

/// Remembers a request, in the transaction of what it makes.
///
/// # Errors
/// [`crate::Error::Conflict`] when another request with the key came first.
pub async fn insert(
    conn: &impl Conn,
    user: UserId,
    key: &str,
    hash: &[u8],
    resource: &str,
    now: Timestamp,
) -> Result<()> {
    let row = entity::ActiveModel {
        user_id: Set(user.uuid()),
        key: Set(key.to_owned()),
        request_hash: Set(hash.to_vec()),
        resource: Set(resource.to_owned()),
        created_at: Set(now.micros()),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Forgets keys made before `before`; they are promised for a day.
pub async fn expire(conn: &impl Conn, before: Timestamp) -> Result<u64> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::CreatedAt.lt(before.micros()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
