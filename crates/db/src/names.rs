//! The names for people behind ids, as the audit log and lists of operations show them.
//!
//! With a tenant, only what its members may know: the addresses of its own people and the names of its own instances.

use std::collections::HashMap;

use creel_domain::{InstanceId, TenantId, UserId};
use sea_orm::{FromQueryResult, entity::prelude::Uuid};

use crate::{
    Conn, Result,
    fleet::{Query, containing},
};

/// Somebody behind an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Mail address.
    pub email: String,
    /// Platform staff.
    pub is_operator: bool,
    /// Belongs to the tenant that was asked for; true if none was.
    pub is_member: bool,
}

/// The people behind these ids; unknown ones are left out.
pub async fn people(
    conn: &impl Conn,
    tenant: Option<TenantId>,
    ids: &[UserId],
) -> Result<HashMap<UserId, Person>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        email: String,
        is_operator: bool,
        memberships: i64,
    }
    let mut query = Query::new("SELECT u.id, u.email, u.is_operator, ");
    match tenant {
        Some(tenant) => query.push(
            "(SELECT COUNT(*) FROM memberships m WHERE m.user_id = u.id AND m.tenant_id = ?) AS memberships",
            tenant.uuid(),
        ),
        None => query.push("CAST(? AS bigint) AS memberships", 1i64),
    }
    query.append(" FROM users u");
    query.among("u.id", ids.iter().map(|id| id.uuid().into()));
    let rows: Vec<Found> = query.all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let person = Person {
                email: row.email,
                is_operator: row.is_operator,
                is_member: row.memberships > 0,
            };
            (UserId::from_uuid(row.id), person)
        })
        .collect())
}

/// What these instances are or were called; deleted ones too.
pub async fn instances(
    conn: &impl Conn,
    tenant: Option<TenantId>,
    ids: &[InstanceId],
) -> Result<HashMap<InstanceId, Called>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        slug: String,
        name: Option<String>,
    }
    let mut query = Query::new("SELECT i.id, i.slug, i.name FROM instances i");
    query.and_if("i.tenant_id = ?", tenant.map(|id| id.uuid()));
    query.among("i.id", ids.iter().map(|id| id.uuid().into()));
    let rows: Vec<Found> = query.all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let called = Called {
                name: row.name.unwrap_or_else(|| row.slug.clone()),
                slug: row.slug,
            };
            (InstanceId::from_uuid(row.id), called)
        })
        .collect())
}

/// What these tenants are called; unknown ones are left out.
pub async fn tenants(conn: &impl Conn, ids: &[TenantId]) -> Result<HashMap<TenantId, String>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        name: String,
    }
    let mut named = HashMap::new();
    for some in ids.chunks(500) {
        let mut query = Query::new("SELECT t.id, t.name FROM tenants t");
        query.among("t.id", some.iter().map(|id| id.uuid().into()));
        let rows: Vec<Found> = query.all(conn).await?;
        named.extend(
            rows.into_iter()
                .map(|row| (TenantId::from_uuid(row.id), row.name)),
        );
    }
    Ok(named)
}

/// How an instance is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// In addresses.
    pub slug: String,
    /// By people.
    pub name: String,
}

/// Ids, as text, of the people and instances whose names hold this text; at most `limit` of each kind.
pub async fn find(
    conn: &impl Conn,
    tenant: Option<TenantId>,
    text: &str,
    limit: u64,
) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
    }
    let mut people = Query::new("SELECT u.id FROM users u");
    people.and("u.email LIKE ? ESCAPE '\\'", containing(text));
    people.and_if(
        "EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.tenant_id = ?)",
        tenant.map(|id| id.uuid()),
    );
    people.page("u.id", limit);
    let mut instances = Query::new("SELECT i.id FROM instances i");
    instances.and(
        "(LOWER(i.slug) LIKE ? ESCAPE '\\' OR LOWER(i.name) LIKE ? ESCAPE '\\')",
        containing(text),
    );
    instances.and_if("i.tenant_id = ?", tenant.map(|id| id.uuid()));
    instances.page("i.id DESC", limit);
    let people: Vec<Found> = people.all(conn).await?;
    let instances: Vec<Found> = instances.all(conn).await?;
    let people = people
        .into_iter()
        .map(|row| UserId::from_uuid(row.id).to_string());
    let instances = instances
        .into_iter()
        .map(|row| InstanceId::from_uuid(row.id).to_string());
    Ok(people.chain(instances).collect())
}
