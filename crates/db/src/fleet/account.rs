//! Tenants and people.

use creel_domain::{TenantId, Timestamp, UserId};
use sea_orm::{FromQueryResult, entity::prelude::Uuid};

use super::{
    instance::OWNER,
    query::{Query, containing},
};
use crate::{Conn, Result, error::count};

/// A tenant in a list.
#[derive(Debug, Clone)]
pub struct TenantRow {
    /// Id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Mail address of its first owner; empty without one.
    pub owner: String,
    /// Since when that owner may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Live instances.
    pub instances: u64,
    /// Of these, running ones.
    pub running: u64,
    /// People.
    pub members: u64,
}

/// A person in a list.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// Id.
    pub id: UserId,
    /// Mail address.
    pub email: String,
    /// Platform staff.
    pub is_operator: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// Signed-in browsers.
    pub sessions: u64,
    /// When a browser or program last asked for something, to the minute.
    pub last_seen_at: Option<Timestamp>,
    /// Tenants it belongs to.
    pub tenants: u64,
}

#[derive(FromQueryResult)]
struct FoundTenant {
    id: Uuid,
    name: String,
    owner: Option<String>,
    disabled_at: Option<i64>,
    created_at: i64,
    instances: i64,
    running: i64,
    members: i64,
}

#[derive(FromQueryResult)]
struct FoundUser {
    id: Uuid,
    email: String,
    is_operator: bool,
    created_at: i64,
    disabled_at: Option<i64>,
    sessions: i64,
    session_seen: Option<i64>,
    token_seen: Option<i64>,
    tenants: i64,
}

fn tenants_like(query: &mut Query, text: Option<&str>) {
    let like = format!("(LOWER(t.name) LIKE ? ESCAPE '\\' OR {OWNER} LIKE ? ESCAPE '\\')");
    query.and_if(&like, text.map(containing));
}

/// A page of tenants, oldest first, after the given id; `text` is part of the name or of the owner's address.
pub async fn tenants(
    conn: &impl Conn,
    text: Option<&str>,
    after: Option<TenantId>,
    limit: u64,
) -> Result<Vec<TenantRow>> {
    let live = "FROM instances i WHERE i.tenant_id = t.id AND i.deleted_at IS NULL";
    let mut query = Query::new(&format!(
        "SELECT t.id, t.name, {OWNER} AS owner, (SELECT u.disabled_at FROM memberships m JOIN users u ON u.id = m.user_id \
         WHERE m.tenant_id = t.id AND m.role = 'owner' ORDER BY m.created_at, m.user_id LIMIT 1) AS disabled_at, t.created_at, \
         (SELECT COUNT(*) {live}) AS instances, (SELECT COUNT(*) {live} AND i.phase = 'running') AS running, \
         (SELECT COUNT(*) FROM memberships m WHERE m.tenant_id = t.id) AS members FROM tenants t"
    ));
    tenants_like(&mut query, text);
    query.and_if("t.id > ?", after.map(|id| id.uuid()));
    query.page("t.id", limit);
    let rows: Vec<FoundTenant> = query.all(conn).await?;
    Ok(rows.into_iter().map(TenantRow::from).collect())
}

/// How many tenants that is altogether.
pub async fn count_tenants(conn: &impl Conn, text: Option<&str>) -> Result<u64> {
    let mut query = Query::new("SELECT COUNT(*) AS number FROM tenants t");
    tenants_like(&mut query, text);
    query.number(conn).await
}

fn users_like(query: &mut Query, text: Option<&str>) {
    query.and_if("u.email LIKE ? ESCAPE '\\'", text.map(containing));
}

/// A page of people, oldest first, after the given id; `text` is part of the address. A session counts until it ends or `now` passes its end.
pub async fn users(
    conn: &impl Conn,
    text: Option<&str>,
    after: Option<UserId>,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<UserRow>> {
    let now = now.micros();
    let mut query = Query::new(&format!(
        "SELECT u.id, u.email, u.is_operator, u.created_at, u.disabled_at, \
         (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > {now}) AS sessions, \
         (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS session_seen, \
         (SELECT MAX(k.last_used_at) FROM api_tokens k WHERE k.user_id = u.id) AS token_seen, \
         (SELECT COUNT(*) FROM memberships m WHERE m.user_id = u.id) AS tenants FROM users u"
    ));
    users_like(&mut query, text);
    query.and_if("u.id > ?", after.map(|id| id.uuid()));
    query.page("u.id", limit);
    let rows: Vec<FoundUser> = query.all(conn).await?;
    Ok(rows.into_iter().map(UserRow::from).collect())
}

/// How many people that is altogether.
pub async fn count_users(conn: &impl Conn, text: Option<&str>) -> Result<u64> {
    let mut query = Query::new("SELECT COUNT(*) AS number FROM users u");
    users_like(&mut query, text);
    query.number(conn).await
}

impl From<FoundTenant> for TenantRow {
    fn from(row: FoundTenant) -> Self {
        Self {
            id: TenantId::from_uuid(row.id),
            name: row.name,
            owner: row.owner.unwrap_or_default(),
            disabled_at: row.disabled_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
            instances: count(row.instances),
            running: count(row.running),
            members: count(row.members),
        }
    }
}

impl From<FoundUser> for UserRow {
    fn from(row: FoundUser) -> Self {
        Self {
            id: UserId::from_uuid(row.id),
            email: row.email,
            is_operator: row.is_operator,
            created_at: Timestamp::from_micros(row.created_at),
            disabled_at: row.disabled_at.map(Timestamp::from_micros),
            sessions: count(row.sessions),
            last_seen_at: row
                .session_seen
                .max(row.token_seen)
                .map(Timestamp::from_micros),
            tenants: count(row.tenants),
        }
    }
}
