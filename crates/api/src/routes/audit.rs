//! The audit log: platform staff see all of it, members their tenant's part.

mod export;

use axum::{Json, extract::State};
use creel_control::{
    Core,
    audit::{self, Names},
};
use creel_db::audit::{Entry, page};
use creel_domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::page::{after, checked, cut, text};
use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Query},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .merge(export::routes())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Part of the action, of a mail address, of an instance's name, or of an id.
    q: Option<String>,
    /// Exactly this action, or with a dot at the end every action of that area: `instance.start`, `instance.`.
    action: Option<String>,
    /// Exactly this actor: `usr_…`, `inst_…` or `system`.
    actor: Option<String>,
    /// Exactly this target: `inst_…`, `usr_…`, …
    target: Option<String>,
    /// Not before this day or time (RFC 3339).
    from: Option<String>,
    /// Not after this day, or before this time.
    to: Option<String>,
}

impl AuditQuery {
    fn asked(self) -> Result<audit::Asked> {
        Ok(audit::Asked {
            text: text("q", self.q)?,
            action: text("action", self.action)?,
            actor: text("actor", self.actor)?,
            target: text("target", self.target)?,
            from: moment("from", self.from.as_deref())?.map(|(start, _)| start),
            until: moment("to", self.to.as_deref())?.map(|(_, end)| end),
        })
    }
}

/// A day, as its beginning and its end, or a time, as itself.
fn moment(field: &str, text: Option<&str>) -> Result<Option<(Timestamp, Timestamp)>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let read = |text: &str| serde_json::from_value::<Timestamp>(text.into()).ok();
    let day = std::time::Duration::from_hours(24);
    let found = read(text).map(|at| (at, at)).or_else(|| {
        let start = read(&format!("{text}T00:00:00Z"))?;
        Some((start, start.plus(day)))
    });
    found.map(Some).ok_or_else(|| {
        Error::invalid(
            field,
            "is neither a day (2026-11-21) nor a time (2026-11-21T10:00:00Z)",
        )
    })
}

#[derive(Serialize, ToSchema)]
struct AuditList {
    items: Vec<AuditView>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
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
    /// Their mail address or name, as far as the reader may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_name: Option<String>,
    /// `area.verb`.
    action: String,
    target: String,
    /// What the target is or was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    target_name: Option<String>,
    /// More, by action.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

impl AuditView {
    fn new(entry: Entry, names: &Names) -> Self {
        Self {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            tenant: entry.tenant.map(|id| id.to_string()),
            actor_name: names.get(&entry.actor).map(str::to_owned),
            actor: entry.actor,
            action: entry.action,
            target_name: names.get(&entry.target).map(str::to_owned),
            target: entry.target,
            detail: entry.detail,
        }
    }
}

/// The audit log, newest line first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(AuditQuery),
    responses((status = 200, body = AuditList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<AuditList>> {
    let (before, limit) = (after(asked.after.as_deref())?, checked(asked.limit)?);
    let wanted = audit::wanted(&core, &who, asked.asked()?).await?;
    let rows = page(core.db.read(), &wanted, before, u64::from(limit) + 1).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    let names = Names::of(&core, &who, &rows).await?;
    Ok(Json(AuditList {
        items: rows
            .into_iter()
            .map(|entry| AuditView::new(entry, &names))
            .collect(),
        next,
    }))
}
