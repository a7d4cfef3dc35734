//! Tenants and who belongs to them.

use creel_domain::{Role, TenantId, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect, entity::prelude::*};

use crate::{Conn, Result, error::parse};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod tenants {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod memberships {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub role: String,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A tenant as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantId,
    /// What its member may do.
    pub role: Role,
}

/// Makes a tenant.
pub async fn insert(conn: &impl Conn, id: TenantId, name: &str, now: Timestamp) -> Result<()> {
    let row = tenants::ActiveModel {
        id: Set(id.uuid()),
        name: Set(name.to_owned()),
        created_at: Set(now.micros()),
    };
    tenants::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Makes a user a member.
pub async fn add_member(
    conn: &impl Conn,
    tenant: TenantId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    let row = memberships::ActiveModel {
        tenant_id: Set(tenant.uuid()),
        user_id: Set(user.uuid()),
        role: Set(role.to_string()),
        created_at: Set(now.micros()),
    };
    memberships::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The tenants a user belongs to, oldest first.
pub async fn memberships(conn: &impl Conn, user: UserId) -> Result<Vec<Membership>> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user.uuid()))
        .order_by_asc(memberships::Column::CreatedAt)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|m| {
            Ok(Membership {
                tenant: TenantId::from_uuid(m.tenant_id),
                role: parse("memberships.role", &m.role)?,
            })
        })
        .collect()
}

/// Holds the tenant until the transaction ends, so that two creates at once cannot both take the last place of a plan. SQLite has one writer anyway.
pub async fn lock(conn: &impl Conn, tenant: TenantId) -> Result<()> {
    let row = tenants::Entity::find_by_id(tenant.uuid());
    match conn.get_database_backend() {
        sea_orm::DbBackend::Postgres => row.lock_exclusive().one(conn).await?,
        _ => row.one(conn).await?,
    };
    Ok(())
}

/// Removes a tenant and its memberships; for the self-test's own tenant, once it has no live instance.
pub async fn delete(conn: &impl Conn, tenant: TenantId) -> Result<()> {
    memberships::Entity::delete_many()
        .filter(memberships::Column::TenantId.eq(tenant.uuid()))
        .exec(conn)
        .await?;
    tenants::Entity::delete_by_id(tenant.uuid())
        .exec(conn)
        .await?;
    Ok(())
}
