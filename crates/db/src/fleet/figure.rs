//! Counts, the last failures, the size of it all.

use creel_domain::{Phase, TenantId, Timestamp};
use sea_orm::{FromQueryResult, entity::prelude::Uuid};

use super::{instance::OWNER, query::Query};
use crate::{
    Conn, Db, Engine, Result,
    error::{count, parse},
};

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tenants.
    pub tenants: u64,
    /// People.
    pub users: u64,
    /// Operations that have not ended.
    pub operations_running: u64,
    /// Operations that failed since the moment asked about.
    pub operations_failed: u64,
}

/// An operation that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its id, as text.
    pub operation: creel_domain::OperationId,
    /// When it ended.
    pub at: Timestamp,
    /// What it was to do.
    pub kind: String,
    /// Of which instance.
    pub slug: String,
    /// Whose.
    pub tenant: TenantId,
    /// Mail address of the tenant's first owner.
    pub owner: String,
    /// Why, as a word.
    pub cause: Option<String>,
    /// Why, in words.
    pub error: Option<String>,
}

/// Counts; failures since `since`.
pub async fn figures(conn: &impl Conn, since: Timestamp) -> Result<Figures> {
    #[derive(FromQueryResult)]
    struct Found {
        tenants: i64,
        users: i64,
        running: i64,
        failed: i64,
    }
    let since = since.micros();
    let query = Query::new(&format!(
        "SELECT (SELECT COUNT(*) FROM tenants) AS tenants, (SELECT COUNT(*) FROM users) AS users, \
         (SELECT COUNT(*) FROM operations WHERE status IN ('pending', 'running')) AS running, \
         (SELECT COUNT(*) FROM operations WHERE status = 'failed' AND finished_at >= {since}) AS failed"
    ));
    let rows: Vec<Found> = query.all(conn).await?;
    Ok(rows
        .first()
        .map(|row| Figures {
            tenants: count(row.tenants),
            users: count(row.users),
            operations_running: count(row.running),
            operations_failed: count(row.failed),
        })
        .unwrap_or_default())
}

/// How many live instances were last seen in each phase; phases without one are left out.
pub async fn phases(conn: &impl Conn) -> Result<Vec<(Phase, u64)>> {
    #[derive(FromQueryResult)]
    struct Found {
        phase: String,
        number: i64,
    }
    let query = Query::new(
        "SELECT phase, COUNT(*) AS number FROM instances WHERE deleted_at IS NULL GROUP BY phase ORDER BY phase",
    );
    let rows: Vec<Found> = query.all(conn).await?;
    rows.into_iter()
        .map(|row| Ok((parse("instances.phase", &row.phase)?, count(row.number))))
        .collect()
}

/// The last operations that failed since `since`, newest first.
pub async fn failures(conn: &impl Conn, since: Timestamp, limit: u64) -> Result<Vec<Failure>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        finished_at: Option<i64>,
        kind: String,
        slug: String,
        tenant_id: Uuid,
        owner: Option<String>,
        cause: Option<String>,
        error: Option<String>,
    }
    let mut query = Query::new(&format!(
        "SELECT o.id, o.finished_at, o.kind, i.slug, o.tenant_id, {OWNER} AS owner, o.cause, o.error \
         FROM operations o JOIN instances i ON i.id = o.instance_id JOIN tenants t ON t.id = o.tenant_id"
    ));
    query.and_that("o.status = 'failed'");
    query.and("o.finished_at >= ?", since.micros());
    query.page("o.finished_at DESC, o.id DESC", limit);
    let rows: Vec<Found> = query.all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| Failure {
            operation: creel_domain::OperationId::from_uuid(row.id),
            at: Timestamp::from_micros(row.finished_at.unwrap_or_default()),
            kind: row.kind,
            slug: row.slug,
            tenant: TenantId::from_uuid(row.tenant_id),
            owner: row.owner.unwrap_or_default(),
            cause: row.cause,
            error: row.error,
        })
        .collect())
}

/// What the database takes on its disk, bytes.
pub async fn size(db: &Db) -> Result<u64> {
    let query = Query::new(match db.engine() {
        Engine::Sqlite => {
            "SELECT page_count * page_size AS number FROM pragma_page_count(), pragma_page_size()"
        }
        Engine::Postgres => "SELECT pg_database_size(current_database()) AS number",
    });
    query.number(db.read()).await
}
