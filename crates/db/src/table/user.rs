//! People who sign in.

use creel_domain::{Timestamp, UserId};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, entity::prelude::*};

use crate::{Conn, Error, Result};

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

/// How many operators there are; none means that the setup code is still open.
pub async fn count_operators(conn: &impl Conn) -> Result<u64> {
    Ok(entity::Entity::find()
        .filter(entity::Column::IsOperator.eq(true))
        .count(conn)
        .await?)
}

/// Removes a person and nothing else; for the self-test's own account.
pub async fn delete(conn: &impl Conn, id: UserId) -> Result<()> {
    entity::Entity::delete_by_id(id.uuid()).exec(conn).await?;
    Ok(())
}
