//! Limits beside those of a plan: an owner's for an instance, the operator's for a tenant or for a platform key.
//!
//! The strictest limit holds, so a row here can only narrow what a plan allows; nothing here needs to know the plan.

use creel_domain::{
    InstanceId, Timestamp,
    limit::{Limit, Scope, Unit, Window},
};
use sea_orm::{
    ActiveValue::Set, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};

use crate::{
    Conn, Result, Tx,
    error::{count, parse, signed},
};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "spending_limits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub span: String,
        pub amount: i64,
        pub changed_at: i64,
        pub changed_by: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// A limit of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendingLimit {
    /// Whose.
    pub scope: Scope,
    /// The limit.
    pub limit: Limit,
    /// When it was set.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// The limits of one scope.
pub async fn list(conn: &impl Conn, scope: &Scope) -> Result<Vec<SpendingLimit>> {
    let rows = entity::Entity::find()
        .filter(Column::Scope.eq(scope.to_string()))
        .order_by_asc(Column::Unit)
        .order_by_asc(Column::Span)
        .all(conn)
        .await?;
    rows.into_iter().map(SpendingLimit::try_from).collect()
}

/// All of them.
pub async fn list_all(conn: &impl Conn) -> Result<Vec<SpendingLimit>> {
    let rows = entity::Entity::find()
        .order_by_asc(Column::Scope)
        .order_by_asc(Column::Unit)
        .order_by_asc(Column::Span)
        .all(conn)
        .await?;
    rows.into_iter().map(SpendingLimit::try_from).collect()
}

/// Adds or replaces a limit.
pub async fn put(conn: &impl Conn, row: &SpendingLimit) -> Result<()> {
    let replace = OnConflict::columns([Column::Scope, Column::Unit, Column::Span])
        .update_columns([Column::Amount, Column::ChangedAt, Column::ChangedBy])
        .to_owned();
    let row = entity::ActiveModel {
        scope: Set(row.scope.to_string()),
        unit: Set(row.limit.unit.as_str().to_owned()),
        span: Set(row.limit.window.as_str().to_owned()),
        amount: Set(signed(row.limit.amount)),
        changed_at: Set(row.changed_at.micros()),
        changed_by: Set(row.changed_by.clone()),
    };
    entity::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Removes a limit; false when there was none.
pub async fn delete(conn: &impl Conn, scope: &Scope, unit: Unit, window: Window) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(Column::Scope.eq(scope.to_string()))
        .filter(Column::Unit.eq(unit.as_str()))
        .filter(Column::Span.eq(window.as_str()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Makes these the limits of the scope. Those that stay as they are keep who set them and when.
pub async fn replace(
    tx: &Tx,
    scope: &Scope,
    limits: &[Limit],
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let before = list(tx, scope).await?;
    for old in &before {
        let Limit { unit, window, .. } = old.limit;
        if !limits
            .iter()
            .any(|new| (new.unit, new.window) == (unit, window))
        {
            delete(tx, scope, unit, window).await?;
        }
    }
    let changed = |new: &&Limit| !before.iter().any(|old| old.limit == **new);
    for limit in limits.iter().filter(changed) {
        let row = SpendingLimit {
            scope: scope.clone(),
            limit: *limit,
            changed_at: now,
            changed_by: by.to_owned(),
        };
        put(tx, &row).await?;
    }
    Ok(())
}

/// Removes the limits of an instance that is no more.
pub(crate) async fn forget(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_many()
        .filter(Column::Scope.eq(Scope::Instance(instance).to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// When any limit last changed, how many there are, and what they come to; part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<(i64, i64)> {
    #[derive(FromQueryResult)]
    struct Last {
        newest: Option<i64>,
        number: i64,
    }
    let last = entity::Entity::find()
        .select_only()
        .expr_as(Column::ChangedAt.max(), "newest")
        .expr_as(Column::Scope.count(), "number")
        .into_model::<Last>()
        .one(conn)
        .await?;
    Ok(last.map_or((0, 0), |last| (last.newest.unwrap_or(0), last.number)))
}

impl TryFrom<entity::Model> for SpendingLimit {
    type Error = crate::Error;
    fn try_from(m: entity::Model) -> Result<Self> {
        Ok(Self {
            scope: parse("spending_limits.scope", &m.scope)?,
            limit: Limit {
                unit: parse("spending_limits.unit", &m.unit)?,
                window: parse("spending_limits.span", &m.span)?,
                amount: count(m.amount),
            },
            changed_at: Timestamp::from_micros(m.changed_at),
            changed_by: m.changed_by,
        })
    }
}
