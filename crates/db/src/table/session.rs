//! Browser sessions: the cookie's public part finds the row, the secret part is compared as a hash.

use creel_domain::{SessionId, Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set, EntityTrait, QueryOrder as _, QuerySelect as _, entity::prelude::*,
    sea_query::Expr,
};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub public: String,
        pub secret_hash: Vec<u8>,
        pub user_agent: Option<String>,
        pub created_at: i64,
        pub last_seen_at: i64,
        pub expires_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Public part of the cookie.
    pub public: String,
    /// SHA-256 of the whole cookie value.
    pub secret_hash: Vec<u8>,
    /// What the browser calls itself, cut to 200 characters.
    pub user_agent: Option<String>,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

impl From<entity::Model> for Session {
    fn from(m: entity::Model) -> Self {
        Self {
            id: SessionId::from_uuid(m.id),
            user: UserId::from_uuid(m.user_id),
            public: m.public,
            secret_hash: m.secret_hash,
            user_agent: m.user_agent,
            created_at: Timestamp::from_micros(m.created_at),
            last_seen_at: Timestamp::from_micros(m.last_seen_at),
            expires_at: Timestamp::from_micros(m.expires_at),
        }
    }
}

/// Adds a session.
pub async fn insert(conn: &impl Conn, session: &Session) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(session.id.uuid()),
        user_id: Set(session.user.uuid()),
        public: Set(session.public.clone()),
        secret_hash: Set(session.secret_hash.clone()),
        user_agent: Set(session.user_agent.clone()),
        created_at: Set(session.created_at.micros()),
        last_seen_at: Set(session.last_seen_at.micros()),
        expires_at: Set(session.expires_at.micros()),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// By the cookie's public part.
pub async fn find_by_public(conn: &impl Conn, public: &str) -> Result<Option<Session>> {
    let row = entity::Entity::find()
        .filter(entity::Column::Public.eq(public))
        .one(conn)
        .await?;
    Ok(row.map(Session::from))
}

/// A user's sessions that were used after `since` and have not ended at `now`, the last used first; at most two hundred.
pub async fn list_alive(
    conn: &impl Conn,
    user: UserId,
    now: Timestamp,
    since: Timestamp,
) -> Result<Vec<Session>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::UserId.eq(user.uuid()))
        .filter(entity::Column::ExpiresAt.gt(now.micros()))
        .filter(entity::Column::LastSeenAt.gt(since.micros()))
        .order_by_desc(entity::Column::LastSeenAt)
        .order_by_desc(entity::Column::Id)
        .limit(200)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Notes that it was used.
pub async fn touch(conn: &impl Conn, id: SessionId, now: Timestamp) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(entity::Column::LastSeenAt, Expr::value(now.micros()))
        .filter(entity::Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends one session of this user; whether there was one.
pub async fn delete(conn: &impl Conn, user: UserId, id: SessionId) -> Result<bool> {
    let ended = entity::Entity::delete_many()
        .filter(entity::Column::Id.eq(id.uuid()))
        .filter(entity::Column::UserId.eq(user.uuid()))
        .exec(conn)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Ends all sessions of a user but this one.
pub async fn delete_others(conn: &impl Conn, user: UserId, kept: SessionId) -> Result<u64> {
    Ok(entity::Entity::delete_many()
        .filter(entity::Column::UserId.eq(user.uuid()))
        .filter(entity::Column::Id.ne(kept.uuid()))
        .exec(conn)
        .await?
        .rows_affected)
}

/// Ends all sessions of a user.
pub async fn delete_all(conn: &impl Conn, user: UserId) -> Result<u64> {
    Ok(entity::Entity::delete_many()
        .filter(entity::Column::UserId.eq(user.uuid()))
        .exec(conn)
        .await?
        .rows_affected)
}
