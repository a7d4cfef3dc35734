//! People who sign in.

use creel_domain::{Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait as _, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*, sea_query::Expr,
};

use crate::{Conn, Error, Result, Tx};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub password_hash: String,
        pub is_operator: bool,
        pub created_at: i64,
        pub disabled_at: Option<i64>,
        pub notifications_seen_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Normalised address.
    pub email: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Platform staff.
    pub is_operator: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
}

impl From<entity::Model> for User {
    fn from(m: entity::Model) -> Self {
        Self {
            id: UserId::from_uuid(m.id),
            email: m.email,
            password_hash: m.password_hash,
            is_operator: m.is_operator,
            created_at: Timestamp::from_micros(m.created_at),
            disabled_at: m.disabled_at.map(Timestamp::from_micros),
        }
    }
}

/// Adds a person.
///
/// # Errors
/// [`Error::Conflict`] when the address is taken.
pub async fn insert(conn: &impl Conn, user: &User) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(user.id.uuid()),
        email: Set(user.email.clone()),
        password_hash: Set(user.password_hash.clone()),
        is_operator: Set(user.is_operator),
        created_at: Set(user.created_at.micros()),
        disabled_at: Set(None),
        notifications_seen_at: Set(None),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// By normalised address.
pub async fn find_by_email(conn: &impl Conn, email: &str) -> Result<Option<User>> {
    Ok(entity::Entity::find()
        .filter(entity::Column::Email.eq(email))
        .one(conn)
        .await?
        .map(User::from))
}

/// By id.
pub async fn get(conn: &impl Conn, id: UserId) -> Result<User> {
    entity::Entity::find_by_id(id.uuid())
        .one(conn)
        .await?
        .map(User::from)
        .ok_or(Error::NotFound)
}

/// Until when the person has seen their notifications.
pub async fn notifications_seen_at(conn: &impl Conn, id: UserId) -> Result<Option<Timestamp>> {
    let row = entity::Entity::find_by_id(id.uuid()).one(conn).await?;
    Ok(row
        .and_then(|m| m.notifications_seen_at)
        .map(Timestamp::from_micros))
}

/// The person has seen their notifications until now.
pub async fn set_notifications_seen(conn: &impl Conn, id: UserId, now: Timestamp) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(
            entity::Column::NotificationsSeenAt,
            Expr::value(now.micros()),
        )
        .filter(entity::Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Replaces the password's hash, unless another request was quicker than the reader of `old`.
pub async fn replace_password(conn: &impl Conn, id: UserId, old: &str, new: &str) -> Result<bool> {
    let changed = entity::Entity::update_many()
        .col_expr(entity::Column::PasswordHash, Expr::value(new))
        .filter(entity::Column::Id.eq(id.uuid()))
        .filter(entity::Column::PasswordHash.eq(old))
        .exec(conn)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// Gives the person another address.
///
/// # Errors
/// [`Error::Conflict`] when it is taken.
pub async fn set_email(conn: &impl Conn, id: UserId, email: &str) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Email, Expr::value(email))
        .filter(entity::Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// How many operators there are; none means that the setup code is still open.
pub async fn count_operators(conn: &impl Conn) -> Result<u64> {
    Ok(entity::Entity::find()
        .filter(entity::Column::IsOperator.eq(true))
        .count(conn)
        .await?)
}

/// The operators who may sign in, held until the transaction ends, so that nobody else makes one fewer meanwhile. SQLite has one writer anyway.
pub async fn lock_operators(tx: &Tx) -> Result<Vec<UserId>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::IsOperator.eq(true))
        .filter(entity::Column::DisabledAt.is_null())
        .order_by_asc(entity::Column::Id);
    let rows = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => rows.lock_exclusive().all(tx).await?,
        _ => rows.all(tx).await?,
    };
    Ok(rows.into_iter().map(|m| UserId::from_uuid(m.id)).collect())
}

/// Closes an account since then, or opens it.
pub async fn set_disabled(conn: &impl Conn, id: UserId, since: Option<Timestamp>) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(
            entity::Column::DisabledAt,
            Expr::value(since.map(Timestamp::micros)),
        )
        .filter(entity::Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a person and nothing else; for the self-test's own account.
pub async fn delete(conn: &impl Conn, id: UserId) -> Result<()> {
    entity::Entity::delete_by_id(id.uuid()).exec(conn).await?;
    Ok(())
}
