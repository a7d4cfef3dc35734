//! Every tenant's operations in one list.

use std::collections::HashMap;

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::{
    fleet::{self, OperationRow, OperationsWanted},
    names,
};
use creel_domain::{OperationKind, OperationStatus, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate, Query},
    openapi::{READS, guarded},
    routes::page::{after, checked, cut, word},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OperationQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// How far.
    #[param(schema_with = words::operation_status)]
    status: Option<String>,
    /// What.
    #[param(schema_with = words::operation_kind)]
    kind: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct FleetOperationList {
    items: Vec<FleetOperation>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct FleetOperation {
    /// `op_…`
    id: String,
    #[schema(schema_with = words::operation_kind)]
    kind: OperationKind,
    #[schema(schema_with = words::operation_status)]
    status: OperationStatus,
    slug: String,
    /// `ten_…`
    tenant: String,
    /// Mail address of the tenant's first owner.
    owner: String,
    /// Mail address of who asked; `system` for what nobody did.
    actor: String,
    /// How often it was begun.
    attempt: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    finished_at: Option<String>,
    steps_done: u64,
    steps: u64,
}

/// The operations of all tenants, newest first.
#[utoipa::path(get, path = "/operator/operations", tag = "operator", operation_id = "list_fleet_operations", params(OperationQuery),
    responses((status = 200, body = FleetOperationList)))]
async fn list(
    _who: Authorized<Operate>,
    State(core): State<Core>,
    Query(asked): Query<OperationQuery>,
) -> Result<Json<FleetOperationList>> {
    let (before, limit) = (after(asked.after.as_deref())?, checked(asked.limit)?);
    let wanted = OperationsWanted {
        status: word("status", asked.status.as_deref())?,
        kind: word("kind", asked.kind.as_deref())?,
    };
    let rows = fleet::operations(core.db.read(), wanted, before, u64::from(limit) + 1).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    let actors: Vec<UserId> = rows
        .iter()
        .filter_map(|row| row.actor.parse().ok())
        .collect();
    let people = names::people(core.db.read(), None, &actors).await?;
    let emails: HashMap<_, _> = people
        .into_iter()
        .map(|(id, person)| (id.to_string(), person.email))
        .collect();
    Ok(Json(FleetOperationList {
        items: rows
            .into_iter()
            .map(|row| FleetOperation::new(row, &emails))
            .collect(),
        next,
    }))
}

impl FleetOperation {
    fn new(row: OperationRow, emails: &HashMap<String, String>) -> Self {
        Self {
            id: row.id.to_string(),
            kind: row.kind,
            status: row.status,
            slug: row.slug,
            tenant: row.tenant.to_string(),
            owner: row.owner,
            actor: emails.get(&row.actor).cloned().unwrap_or(row.actor),
            attempt: row.attempt,
            cause: row.cause,
            error: row.error,
            created_at: row.created_at.to_string(),
            finished_at: row.finished_at.map(|at| at.to_string()),
            steps_done: row.steps_done,
            steps: row.steps,
        }
    }
}
