//! Instances of all tenants.

use std::collections::HashMap;

use creel_domain::{Cause, Desired, InstanceId, Phase, TenantId, Timestamp};
use sea_orm::{FromQueryResult, entity::prelude::Uuid};

use super::query::{Query, containing};
use crate::{
    Conn, Result,
    error::{parse, parse_opt},
};

/// An instance as platform staff see it in a list.
#[derive(Debug, Clone)]
pub struct InstanceRow {
    /// Id.
    pub id: InstanceId,
    /// Its name in addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// Whose.
    pub tenant: TenantId,
    /// Mail address of the tenant's first owner; empty without one.
    pub owner: String,
    /// What the last pass saw.
    pub phase: Phase,
    /// What is asked for.
    pub desired: Desired,
    /// Why it is not running.
    pub cause: Option<Cause>,
    /// The same in words.
    pub message: Option<String>,
    /// Plan.
    pub plan: String,
    /// `provider/model`.
    pub model: String,
    /// Version of OpenClaw, once it first started.
    pub release: Option<String>,
    /// When a person or the agent last wrote on a channel.
    pub last_message_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Which instances are meant; what is absent is not asked about.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Part of slug, name, tenant's name or owner's address, in any letter case.
    pub text: Option<String>,
    /// What was last seen.
    pub phase: Option<Phase>,
    /// Plan.
    pub plan: Option<String>,
    /// Version of OpenClaw.
    pub release: Option<String>,
    /// Tenant.
    pub tenant: Option<TenantId>,
}

/// The first owner of a tenant `t`.
pub(super) const OWNER: &str = "(SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id \
    WHERE m.tenant_id = t.id AND m.role = 'owner' ORDER BY m.created_at, m.user_id LIMIT 1)";

const FROM: &str = "FROM instances i JOIN tenants t ON t.id = i.tenant_id LEFT JOIN releases r ON r.id = i.release_id";

impl Wanted {
    fn apply(&self, query: &mut Query) {
        query.and_that("i.deleted_at IS NULL");
        let text = format!(
            "(LOWER(i.slug) LIKE ? ESCAPE '\\' OR LOWER(i.name) LIKE ? ESCAPE '\\' OR LOWER(t.name) LIKE ? ESCAPE '\\' \
             OR {OWNER} LIKE ? ESCAPE '\\')"
        );
        query.and_if(&text, self.text.as_deref().map(containing));
        query.and_if("i.phase = ?", self.phase.map(Phase::as_str));
        query.and_if("i.plan = ?", self.plan.clone());
        query.and_if("r.openclaw = ?", self.release.clone());
        query.and_if("i.tenant_id = ?", self.tenant.map(|id| id.uuid()));
    }
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    slug: String,
    name: Option<String>,
    tenant_id: Uuid,
    owner: Option<String>,
    phase: String,
    desired: String,
    cause: Option<String>,
    message: Option<String>,
    plan: String,
    model: String,
    openclaw: Option<String>,
    last_in_at: Option<i64>,
    last_out_at: Option<i64>,
    created_at: i64,
}

/// A page of live instances, oldest first, after the given id.
pub async fn instances(
    conn: &impl Conn,
    wanted: &Wanted,
    after: Option<InstanceId>,
    limit: u64,
) -> Result<Vec<InstanceRow>> {
    let mut query = Query::new(&format!(
        "SELECT i.id, i.slug, i.name, i.tenant_id, {OWNER} AS owner, i.phase, i.desired, i.cause, i.message, i.plan, i.model, r.openclaw, \
         (SELECT MAX(c.last_in_at) FROM channels c WHERE c.instance_id = i.id) AS last_in_at, \
         (SELECT MAX(c.last_out_at) FROM channels c WHERE c.instance_id = i.id) AS last_out_at, i.created_at {FROM}"
    ));
    wanted.apply(&mut query);
    query.and_if("i.id > ?", after.map(|id| id.uuid()));
    query.page("i.id", limit);
    query
        .all::<Found>(conn)
        .await?
        .into_iter()
        .map(InstanceRow::try_from)
        .collect()
}

/// How many live instances that is altogether.
pub async fn count(conn: &impl Conn, wanted: &Wanted) -> Result<u64> {
    let mut query = Query::new(&format!("SELECT COUNT(*) AS number {FROM}"));
    wanted.apply(&mut query);
    query.number(conn).await
}

/// The first owner's address of each of these tenants.
pub async fn owners(conn: &impl Conn, tenants: &[TenantId]) -> Result<HashMap<TenantId, String>> {
    #[derive(FromQueryResult)]
    struct Owner {
        id: Uuid,
        owner: Option<String>,
    }
    let mut found = HashMap::new();
    // Both engines take far more values in one statement; a list of this length is never asked for in one go.
    for some in tenants.chunks(500) {
        let mut query = Query::new(&format!("SELECT t.id, {OWNER} AS owner FROM tenants t"));
        query.among("t.id", some.iter().map(|id| id.uuid().into()));
        let rows: Vec<Owner> = query.all(conn).await?;
        let known = rows
            .into_iter()
            .filter_map(|row| Some((TenantId::from_uuid(row.id), row.owner?)));
        found.extend(known);
    }
    Ok(found)
}

/// Whose these instances are or were; unknown ones are left out.
pub async fn tenants_of(
    conn: &impl Conn,
    ids: &[InstanceId],
) -> Result<HashMap<InstanceId, TenantId>> {
    #[derive(FromQueryResult)]
    struct Owned {
        id: Uuid,
        tenant_id: Uuid,
    }
    let mut query = Query::new("SELECT i.id, i.tenant_id FROM instances i");
    query.among("i.id", ids.iter().map(|id| id.uuid().into()));
    let rows: Vec<Owned> = query.all(conn).await?;
    let whose = |row: Owned| {
        (
            InstanceId::from_uuid(row.id),
            TenantId::from_uuid(row.tenant_id),
        )
    };
    Ok(rows.into_iter().map(whose).collect())
}

impl TryFrom<Found> for InstanceRow {
    type Error = crate::Error;

    fn try_from(row: Found) -> Result<Self> {
        Ok(Self {
            id: InstanceId::from_uuid(row.id),
            name: row.name.unwrap_or_else(|| row.slug.clone()),
            slug: row.slug,
            tenant: TenantId::from_uuid(row.tenant_id),
            owner: row.owner.unwrap_or_default(),
            phase: parse("instances.phase", &row.phase)?,
            desired: parse("instances.desired", &row.desired)?,
            cause: parse_opt("instances.cause", row.cause.as_deref())?,
            message: row.message,
            plan: row.plan,
            model: row.model,
            release: row.openclaw,
            last_message_at: row
                .last_in_at
                .max(row.last_out_at)
                .map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}
