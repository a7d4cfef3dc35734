//! API tokens of users.

use creel_domain::{Timestamp, TokenId, UserId};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, entity::prelude::*, sea_query::Expr};

use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub name: String,
        pub public: String,
        pub secret_hash: Vec<u8>,
        pub created_at: i64,
        pub expires_at: i64,
        pub last_used_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A bearer for programs.
#[derive(Debug, Clone)]
pub struct Token {
    /// Id.
    pub id: TokenId,
    /// Whose rights it has.
    pub user: UserId,
    /// What it is for, in the user's words.
    pub name: String,
    /// Public part.
    pub public: String,
    /// SHA-256 of the whole text.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl From<entity::Model> for Token {
    fn from(m: entity::Model) -> Self {
        Self {
            id: TokenId::from_uuid(m.id),
            user: UserId::from_uuid(m.user_id),
            name: m.name,
            public: m.public,
            secret_hash: m.secret_hash,
            created_at: Timestamp::from_micros(m.created_at),
            expires_at: Timestamp::from_micros(m.expires_at),
            last_used_at: m.last_used_at.map(Timestamp::from_micros),
        }
    }
}

/// Adds a token.
pub async fn insert(conn: &impl Conn, token: &Token) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(token.id.uuid()),
        user_id: Set(token.user.uuid()),
        name: Set(token.name.clone()),
        public: Set(token.public.clone()),
        secret_hash: Set(token.secret_hash.clone()),
        created_at: Set(token.created_at.micros()),
        expires_at: Set(token.expires_at.micros()),
        last_used_at: Set(None),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// By public part.
pub async fn find_by_public(conn: &impl Conn, public: &str) -> Result<Option<Token>> {
    Ok(entity::Entity::find()
        .filter(entity::Column::Public.eq(public))
        .one(conn)
        .await?
        .map(Token::from))
}

/// A user's tokens, newest first.
pub async fn list(conn: &impl Conn, user: UserId) -> Result<Vec<Token>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::UserId.eq(user.uuid()))
        .order_by_desc(entity::Column::CreatedAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// Notes that it was used.
pub async fn touch(conn: &impl Conn, id: TokenId, now: Timestamp) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(entity::Column::LastUsedAt, Expr::value(now.micros()))
        .filter(entity::Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Revokes a user's token at once; false when it is not theirs or gone.
pub async fn delete(conn: &impl Conn, user: UserId, id: TokenId) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::Id.eq(id.uuid()))
        .filter(entity::Column::UserId.eq(user.uuid()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Revokes every token of a user.
pub async fn delete_all(conn: &impl Conn, user: UserId) -> Result<u64> {
    Ok(entity::Entity::delete_many()
        .filter(entity::Column::UserId.eq(user.uuid()))
        .exec(conn)
        .await?
        .rows_affected)
}
