//! The platform's own health.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    operator::{self, PartId, PartStatus},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(health, READS))
}

#[derive(Serialize, ToSchema)]
struct PartList {
    items: Vec<PartView>,
    #[schema(format = "date-time")]
    at: String,
}

/// A part of the platform.
#[derive(Serialize, ToSchema)]
struct PartView {
    #[schema(inline)]
    id: PartWord,
    /// `unknown`: another process runs it.
    #[schema(inline)]
    status: StatusWord,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    facts: Vec<Fact>,
}

/// A figure.
#[derive(Serialize, ToSchema)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PartWord {
    Engine,
    Database,
    Proxies,
    Ledger,
    Reconciler,
    Host,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    Ok,
    Warning,
    Down,
    Unknown,
}

/// How the engine, the database, the proxies, the ledger, the reconciler and the host are, as this process sees them, and what to do about it.
#[utoipa::path(get, path = "/operator/health", tag = "operator", operation_id = "get_platform_health",
    responses((status = 200, body = PartList)))]
async fn health(who: Authorized<Operate>, State(core): State<Core>) -> Result<Json<PartList>> {
    let parts = operator::health(&core, &who).await?;
    Ok(Json(PartList {
        items: parts.into_iter().map(PartView::from).collect(),
        at: core.clock.now().to_string(),
    }))
}

impl From<operator::Part> for PartView {
    fn from(part: operator::Part) -> Self {
        let facts = part.facts.into_iter();
        Self {
            id: part.id.into(),
            status: part.status.into(),
            message: part.message,
            hint: part.hint,
            facts: facts.map(|(label, value)| Fact { label, value }).collect(),
        }
    }
}

impl From<PartId> for PartWord {
    fn from(id: PartId) -> Self {
        match id {
            PartId::Engine => Self::Engine,
            PartId::Database => Self::Database,
            PartId::Proxies => Self::Proxies,
            PartId::Ledger => Self::Ledger,
            PartId::Reconciler => Self::Reconciler,
            PartId::Host => Self::Host,
        }
    }
}

impl From<PartStatus> for StatusWord {
    fn from(status: PartStatus) -> Self {
        match status {
            PartStatus::Ok => Self::Ok,
            PartStatus::Warning => Self::Warning,
            PartStatus::Down => Self::Down,
            PartStatus::Unknown => Self::Unknown,
        }
    }
}
