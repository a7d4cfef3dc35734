//! The audit log: append only. Identifiers and words, never a secret.

use creel_domain::{AuditId, TenantId, Timestamp};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect, entity::prelude::*};

use crate::{Conn, Result, error::parse_json};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_log")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub tenant_id: Option<Uuid>,
        pub actor: String,
        pub action: String,
        pub target: String,
        pub detail: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One line.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// In whose tenant; none for the platform itself.
    pub tenant: Option<TenantId>,
    /// Who: `usr_…`, `inst_…`, `system`.
    pub actor: String,
    /// What, `area.verb`.
    pub action: String,
    /// To what.
    pub target: String,
    /// More, as JSON.
    pub detail: serde_json::Value,
}

/// Appends a line, in the transaction of what it tells.
pub async fn append(conn: &impl Conn, entry: &Entry) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(entry.id.uuid()),
        at: Set(entry.at.micros()),
        tenant_id: Set(entry.tenant.map(|t| t.uuid())),
        actor: Set(entry.actor.clone()),
        action: Set(entry.action.clone()),
        target: Set(entry.target.clone()),
        detail: Set(entry.detail.to_string()),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The newest lines, at most `limit`; of one tenant or of all.
pub async fn list(conn: &impl Conn, tenant: Option<TenantId>, limit: u64) -> Result<Vec<Entry>> {
    let mut query = entity::Entity::find()
        .order_by_desc(entity::Column::At)
        .limit(limit);
    if let Some(tenant) = tenant {
        query = query.filter(entity::Column::TenantId.eq(tenant.uuid()));
    }
    query.all(conn).await?.into_iter().map(read).collect()
}

fn read(m: entity::Model) -> Result<Entry> {
    Ok(Entry {
        id: AuditId::from_uuid(m.id),
        at: Timestamp::from_micros(m.at),
        tenant: m.tenant_id.map(TenantId::from_uuid),
        actor: m.actor,
        action: m.action,
        target: m.target,
        detail: parse_json("audit_log.detail", &m.detail)?,
    })
}
