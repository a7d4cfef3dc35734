//! Instance keys: the bearer with which an instance calls the llm proxy. Only a hash is kept here; the text is a sealed secret.

use creel_domain::{InstanceId, InstanceKeyId, Timestamp};
use sea_orm::{ActiveValue::Set, EntityTrait, entity::prelude::*};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instance_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub instance_id: Uuid,
        pub public: String,
        pub secret_hash: Vec<u8>,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A key as the proxy knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceKey {
    /// Id.
    pub id: InstanceKeyId,
    /// Whose key.
    pub instance: InstanceId,
    /// Public part.
    pub public: String,
    /// SHA-256 of the whole text.
    pub secret_hash: Vec<u8>,
}

impl From<entity::Model> for InstanceKey {
    fn from(m: entity::Model) -> Self {
        Self {
            id: InstanceKeyId::from_uuid(m.id),
            instance: InstanceId::from_uuid(m.instance_id),
            public: m.public,
            secret_hash: m.secret_hash,
        }
    }
}

/// Adds a key.
pub async fn insert(conn: &impl Conn, key: &InstanceKey, now: Timestamp) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(key.id.uuid()),
        instance_id: Set(key.instance.uuid()),
        public: Set(key.public.clone()),
        secret_hash: Set(key.secret_hash.clone()),
        created_at: Set(now.micros()),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Every key there is.
pub(crate) async fn list_all(conn: &impl Conn) -> Result<Vec<InstanceKey>> {
    Ok(entity::Entity::find()
        .all(conn)
        .await?
        .into_iter()
        .map(InstanceKey::from)
        .collect())
}

/// Revokes every key of an instance.
pub async fn delete_all(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}
