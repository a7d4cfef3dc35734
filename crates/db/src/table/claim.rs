//! Telegram bots on their way to an instance: checked, sealed, waiting for their person to press Start. The token is a secret under the claim's id.

use std::time::Duration;

use creel_domain::{ClaimId, InstanceId, TenantId, Timestamp};
use sea_orm::{
    ActiveValue::Set, Condition, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*, sea_query::Expr,
};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "telegram_claims")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub bot_id: String,
        pub bot_username: String,
        pub bot_name: String,
        pub last_four: String,
        pub code: String,
        pub api_base: Option<String>,
        pub claimed_id: Option<i64>,
        pub claimed_name: Option<String>,
        pub claimed_username: Option<String>,
        pub unconfirmed: Option<i64>,
        pub looked_at: Option<i64>,
        pub expires_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// A bot on its way.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Id.
    pub id: ClaimId,
    /// Whose.
    pub tenant: TenantId,
    /// The bot's id at Telegram.
    pub bot_id: String,
    /// The bot's user name, without `@`.
    pub bot_username: String,
    /// The bot's name for people.
    pub bot_name: String,
    /// Last four characters of the token.
    pub last_four: String,
    /// What the right person's `/start` carries.
    pub code: String,
    /// Where the Bot API is reached instead of the usual place.
    pub api_base: Option<String>,
    /// Who pressed Start.
    pub claimed: Option<Claimant>,
    /// The update that Telegram must still be told we have read.
    pub unconfirmed: Option<i64>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The person who pressed Start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    /// Numeric id.
    pub id: i64,
    /// Name for people.
    pub name: String,
    /// User name, without `@`.
    pub username: Option<String>,
}

impl Claim {
    /// What its token is sealed under: the envelope binds to an instance, and a claim stands in for one that has no bot yet.
    pub fn pseudo_instance(&self) -> InstanceId {
        pseudo_instance(self.id)
    }
}

/// The same from the id alone.
pub fn pseudo_instance(id: ClaimId) -> InstanceId {
    InstanceId::from_uuid(id.uuid())
}

impl From<entity::Model> for Claim {
    fn from(m: entity::Model) -> Self {
        let claimed = m.claimed_id.map(|id| Claimant {
            id,
            name: m.claimed_name.unwrap_or_default(),
            username: m.claimed_username,
        });
        Self {
            id: ClaimId::from_uuid(m.id),
            tenant: TenantId::from_uuid(m.tenant_id),
            bot_id: m.bot_id,
            bot_username: m.bot_username,
            bot_name: m.bot_name,
            last_four: m.last_four,
            code: m.code,
            api_base: m.api_base,
            claimed,
            unconfirmed: m.unconfirmed,
            expires_at: Timestamp::from_micros(m.expires_at),
        }
    }
}

/// Adds a claim.
pub async fn insert(conn: &impl Conn, claim: &Claim) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(claim.id.uuid()),
        tenant_id: Set(claim.tenant.uuid()),
        bot_id: Set(claim.bot_id.clone()),
        bot_username: Set(claim.bot_username.clone()),
        bot_name: Set(claim.bot_name.clone()),
        last_four: Set(claim.last_four.clone()),
        code: Set(claim.code.clone()),
        api_base: Set(claim.api_base.clone()),
        claimed_id: Set(None),
        claimed_name: Set(None),
        claimed_username: Set(None),
        unconfirmed: Set(None),
        looked_at: Set(None),
        expires_at: Set(claim.expires_at.micros()),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A tenant's claim that has not ended.
pub async fn find(
    conn: &impl Conn,
    tenant: TenantId,
    id: ClaimId,
    now: Timestamp,
) -> Result<Option<Claim>> {
    let row = entity::Entity::find_by_id(id.uuid())
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::ExpiresAt.gt(now.micros()))
        .one(conn)
        .await?;
    Ok(row.map(Claim::from))
}

/// How many claims of a tenant have not ended.
pub async fn count(conn: &impl Conn, tenant: TenantId, now: Timestamp) -> Result<u64> {
    Ok(entity::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::ExpiresAt.gt(now.micros()))
        .count(conn)
        .await?)
}

/// Takes the turn to ask Telegram; false when somebody asked within `pause`.
pub async fn take_turn(
    conn: &impl Conn,
    id: ClaimId,
    now: Timestamp,
    pause: Duration,
) -> Result<bool> {
    let due = Condition::any()
        .add(Column::LookedAt.is_null())
        .add(Column::LookedAt.lte(now.minus(pause).micros()));
    let changed = entity::Entity::update_many()
        .col_expr(Column::LookedAt, Expr::value(now.micros()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(due)
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Remembers who pressed Start, and the update that Telegram must be told of; false when somebody was first.
pub async fn set_claimed(
    conn: &impl Conn,
    id: ClaimId,
    who: &Claimant,
    update: i64,
) -> Result<bool> {
    let changed = entity::Entity::update_many()
        .col_expr(Column::ClaimedId, Expr::value(who.id))
        .col_expr(Column::ClaimedName, Expr::value(who.name.clone()))
        .col_expr(Column::ClaimedUsername, Expr::value(who.username.clone()))
        .col_expr(Column::Unconfirmed, Expr::value(update))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ClaimedId.is_null())
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Telegram knows that we have read the update.
pub async fn set_confirmed(conn: &impl Conn, id: ClaimId) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::Unconfirmed, Expr::value(Option::<i64>::None))
        .filter(Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a claim; false when there was none. Its secret is the caller's to remove.
pub async fn delete(conn: &impl Conn, tenant: TenantId, id: ClaimId) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::TenantId.eq(tenant.uuid()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Claims that have ended, oldest first.
pub async fn ended(conn: &impl Conn, now: Timestamp, limit: u64) -> Result<Vec<Claim>> {
    let rows = entity::Entity::find()
        .filter(Column::ExpiresAt.lte(now.micros()))
        .order_by_asc(Column::ExpiresAt)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Claim::from).collect())
}
