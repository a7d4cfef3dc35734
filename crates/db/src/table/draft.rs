//! Drafts of instances: one per person and tenant. Its instance id is minted with it, so that a key can be sealed before the instance exists.
//!
//! A draft that became an instance stays as a stub with the operation's id, so that asking to create it twice makes one.

use creel_domain::{ClaimId, InstanceId, OperationId, TenantId, Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "drafts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub instance_id: Uuid,
        pub body: String,
        pub claim_id: Option<Uuid>,
        pub operation_id: Option<Uuid>,
        pub updated_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// In which tenant.
    pub tenant: TenantId,
    /// Whose.
    pub user: UserId,
    /// The instance it will become.
    pub instance: InstanceId,
    /// JSON, as the use case wrote it.
    pub body: String,
    /// The bot that waits for it.
    pub claim: Option<ClaimId>,
    /// The operation that creates it, once it was asked for.
    pub operation: Option<OperationId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl From<entity::Model> for Draft {
    fn from(m: entity::Model) -> Self {
        Self {
            tenant: TenantId::from_uuid(m.tenant_id),
            user: UserId::from_uuid(m.user_id),
            instance: InstanceId::from_uuid(m.instance_id),
            body: m.body,
            claim: m.claim_id.map(ClaimId::from_uuid),
            operation: m.operation_id.map(OperationId::from_uuid),
            updated_at: Timestamp::from_micros(m.updated_at),
        }
    }
}

/// The person's draft in this tenant.
pub async fn find(conn: &impl Conn, tenant: TenantId, user: UserId) -> Result<Option<Draft>> {
    let row = entity::Entity::find_by_id((tenant.uuid(), user.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(Draft::from))
}

/// Writes a draft, replacing the person's one.
pub async fn put(conn: &impl Conn, draft: &Draft) -> Result<()> {
    let row = entity::ActiveModel {
        tenant_id: Set(draft.tenant.uuid()),
        user_id: Set(draft.user.uuid()),
        instance_id: Set(draft.instance.uuid()),
        body: Set(draft.body.clone()),
        claim_id: Set(draft.claim.map(|id| id.uuid())),
        operation_id: Set(draft.operation.map(|id| id.uuid())),
        updated_at: Set(draft.updated_at.micros()),
    };
    let replace = OnConflict::columns([Column::TenantId, Column::UserId])
        .update_columns([
            Column::InstanceId,
            Column::Body,
            Column::ClaimId,
            Column::OperationId,
            Column::UpdatedAt,
        ])
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Removes the person's draft. Idempotent; its secrets are the caller's to remove.
pub async fn delete(conn: &impl Conn, tenant: TenantId, user: UserId) -> Result<()> {
    entity::Entity::delete_by_id((tenant.uuid(), user.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Drafts that nobody has touched since `before`, oldest first.
pub async fn stale(conn: &impl Conn, before: Timestamp, limit: u64) -> Result<Vec<Draft>> {
    let rows = entity::Entity::find()
        .filter(Column::UpdatedAt.lt(before.micros()))
        .order_by_asc(Column::UpdatedAt)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Draft::from).collect())
}
