//! The audit log: platform staff see all of it, members their tenant's part.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::audit::{self, Entry};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::page::Limit;
use crate::{
    error::Result,
    extract::{Authorized, InstanceRead, Query},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct AuditList {
    items: Vec<AuditView>,
}

#[derive(Serialize, ToSchema)]
struct AuditView {
    id: String,
    #[schema(format = "date-time")]
    at: String,
    /// In whose tenant; absent for the platform itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    /// `usr_…`, `inst_…` or `system`.
    actor: String,
    /// `area.verb`.
    action: String,
    target: String,
    /// More, by action.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

impl From<Entry> for AuditView {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            tenant: entry.tenant.map(|id| id.to_string()),
            actor: entry.actor,
            action: entry.action,
            target: entry.target,
            detail: entry.detail,
        }
    }
}

/// The newest lines of the audit log.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(Limit), responses((status = 200, body = AuditList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(asked): Query<Limit>,
) -> Result<Json<AuditList>> {
    let tenant = (!who.is_operator).then_some(who.tenant);
    let rows = audit::list(core.db.read(), tenant, asked.limit()?.into()).await?;
    Ok(Json(AuditList {
        items: rows.into_iter().map(Into::into).collect(),
    }))
}
