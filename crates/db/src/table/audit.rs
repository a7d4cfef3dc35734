//! The audit log: append only. Identifiers and words, never a secret.

use creel_domain::{AuditId, TenantId, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    Condition, EntityTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};

use crate::{Conn, Result, error::parse_json, fleet::containing};

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

/// Which lines are meant; what is absent is not asked about.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only this tenant's.
    pub tenant: Option<TenantId>,
    /// Only with exactly this action; with a dot at the end, every action of that area.
    pub action: Option<String>,
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only about this.
    pub target: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only lines that this finds.
    pub search: Option<Search>,
}

/// What was searched for, with the ids that stand for it.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Part of the action or of the target's id, in any letter case.
    pub text: String,
    /// Ids of actors and targets whose names hold it.
    pub ids: Vec<String>,
}

impl Wanted {
    fn condition(&self) -> Condition {
        use entity::Column;
        let action = self.action.as_deref().map(|action| {
            if action.ends_with('.') {
                Column::Action.starts_with(action)
            } else {
                Column::Action.eq(action)
            }
        });
        Condition::all()
            .add_option(self.tenant.map(|id| Column::TenantId.eq(id.uuid())))
            .add_option(action)
            .add_option(self.actor.as_deref().map(|actor| Column::Actor.eq(actor)))
            .add_option(
                self.target
                    .as_deref()
                    .map(|target| Column::Target.eq(target)),
            )
            .add_option(self.from.map(|at| Column::At.gte(at.micros())))
            .add_option(self.until.map(|at| Column::At.lt(at.micros())))
            .add_option(self.search.as_ref().map(Search::condition))
    }
}

impl Search {
    fn condition(&self) -> Condition {
        use entity::Column;
        let like = |column| {
            let lower = Func::lower(Expr::col((entity::Entity, column)));
            Expr::expr(lower).like(LikeExpr::new(containing(&self.text)).escape('\\'))
        };
        Condition::any()
            .add(like(Column::Action))
            .add(like(Column::Target))
            .add(Column::Actor.is_in(&self.ids))
            .add(Column::Target.is_in(&self.ids))
    }
}

/// A page of lines, newest first, before the given one.
pub async fn page(
    conn: &impl Conn,
    wanted: &Wanted,
    before: Option<AuditId>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let rows = entity::Entity::find()
        .filter(wanted.condition())
        .filter(Condition::all().add_option(before.map(|id| entity::Column::Id.lt(id.uuid()))))
        .order_by_desc(entity::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The newest lines, at most `limit`; of one tenant or of all.
pub async fn list(conn: &impl Conn, tenant: Option<TenantId>, limit: u64) -> Result<Vec<Entry>> {
    let wanted = Wanted {
        tenant,
        ..Wanted::default()
    };
    page(conn, &wanted, None, limit).await
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
