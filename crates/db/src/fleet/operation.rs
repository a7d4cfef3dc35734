//! Operations of all tenants.

use creel_domain::{OperationId, OperationKind, OperationStatus, TenantId, Timestamp};
use sea_orm::{FromQueryResult, entity::prelude::Uuid};

use super::{instance::OWNER, query::Query};
use crate::{
    Conn, Result,
    error::{count, parse},
};

/// An operation in a list.
#[derive(Debug, Clone)]
pub struct OperationRow {
    /// Id.
    pub id: OperationId,
    /// What.
    pub kind: OperationKind,
    /// How far.
    pub status: OperationStatus,
    /// Of which instance.
    pub slug: String,
    /// Whose.
    pub tenant: TenantId,
    /// Mail address of the tenant's first owner.
    pub owner: String,
    /// Who asked: `usr_…` or `system`.
    pub actor: String,
    /// How often a pass has begun it.
    pub attempt: u64,
    /// Why it failed, as a word.
    pub cause: Option<String>,
    /// Why it failed, in words.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Steps that are done.
    pub steps_done: u64,
    /// Steps altogether.
    pub steps: u64,
}

/// Which operations are meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct OperationsWanted {
    /// How far.
    pub status: Option<OperationStatus>,
    /// What.
    pub kind: Option<OperationKind>,
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    kind: String,
    status: String,
    slug: String,
    tenant_id: Uuid,
    owner: Option<String>,
    actor: String,
    attempt: i64,
    cause: Option<String>,
    error: Option<String>,
    created_at: i64,
    finished_at: Option<i64>,
    steps_done: i64,
    steps: i64,
}

/// A page of operations, newest first, before the given id.
pub async fn operations(
    conn: &impl Conn,
    wanted: OperationsWanted,
    before: Option<OperationId>,
    limit: u64,
) -> Result<Vec<OperationRow>> {
    let steps = "SELECT COUNT(*) FROM operation_steps s WHERE s.operation_id = o.id";
    let mut query = Query::new(&format!(
        "SELECT o.id, o.kind, o.status, i.slug, o.tenant_id, {OWNER} AS owner, o.actor, o.attempt, o.cause, o.error, o.created_at, \
         o.finished_at, ({steps} AND s.status = 'succeeded') AS steps_done, ({steps}) AS steps \
         FROM operations o JOIN instances i ON i.id = o.instance_id JOIN tenants t ON t.id = o.tenant_id"
    ));
    query.and_if("o.status = ?", wanted.status.map(OperationStatus::as_str));
    query.and_if("o.kind = ?", wanted.kind.map(OperationKind::as_str));
    query.and_if("o.id < ?", before.map(|id| id.uuid()));
    query.page("o.id DESC", limit);
    query
        .all::<Found>(conn)
        .await?
        .into_iter()
        .map(OperationRow::try_from)
        .collect()
}

impl TryFrom<Found> for OperationRow {
    type Error = crate::Error;

    fn try_from(row: Found) -> Result<Self> {
        Ok(Self {
            id: OperationId::from_uuid(row.id),
            kind: parse("operations.kind", &row.kind)?,
            status: parse("operations.status", &row.status)?,
            slug: row.slug,
            tenant: TenantId::from_uuid(row.tenant_id),
            owner: row.owner.unwrap_or_default(),
            actor: row.actor,
            attempt: count(row.attempt),
            cause: row.cause,
            error: row.error,
            created_at: Timestamp::from_micros(row.created_at),
            finished_at: row.finished_at.map(Timestamp::from_micros),
            steps_done: count(row.steps_done),
            steps: count(row.steps),
        })
    }
}
