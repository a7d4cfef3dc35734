//! Limits of whole tenants and of the platform's own keys.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    spending::ceiling::{self, Ceiling},
};
use creel_domain::limit::{Scope, Unit, Window};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Body, Operate, Param},
    openapi::{READS, Reach, audited, guarded},
    routes::usage::limit::{LeftView, PutLimits},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const PUT: &str = "operator.limits.put";
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(put, audited(PUT, &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct ScopePath {
    /// `ten_…` for a tenant; `key_<provider>` for what the platform's keys of a provider pay for.
    #[param(example = "key_openai")]
    scope: String,
}

#[derive(Serialize, ToSchema)]
struct CeilingList {
    items: Vec<CeilingView>,
}

/// A limit that platform staff set, and what is left of it.
#[derive(Serialize, ToSchema)]
#[schema(as = OperatorLimit)]
struct CeilingView {
    /// `ten_…` or `key_<provider>`.
    scope: String,
    /// The tenant's or the provider's name.
    name: String,
    #[schema(schema_with = words::unit)]
    unit: Unit,
    #[schema(schema_with = words::window)]
    window: Window,
    amount: u64,
    #[serde(flatten)]
    left: LeftView,
    #[schema(format = "date-time")]
    changed_at: String,
}

/// The limits of tenants and of platform keys that staff set. Those of plans are in the plans.
#[utoipa::path(get, path = "/operator/limits", tag = "operator", operation_id = "list_operator_limits", responses((status = 200, body = CeilingList)))]
async fn list(who: Authorized<Operate>, State(core): State<Core>) -> Result<Json<CeilingList>> {
    Ok(view(ceiling::list(&core, &who).await?))
}

/// Sets the limits of a tenant or of a platform key: in force with the next call. An empty list takes them all away. Answers with those of this scope.
#[utoipa::path(put, path = "/operator/limits/{scope}", tag = "operator", operation_id = "put_operator_limits", params(ScopePath),
    request_body = PutLimits, responses((status = 200, body = CeilingList)))]
async fn put(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Param(scope): Param<Scope>,
    Body(asked): Body<PutLimits>,
) -> Result<Json<CeilingList>> {
    Ok(view(
        ceiling::put(&core, &who, &scope, &asked.limits()).await?,
    ))
}

fn view(ceilings: Vec<Ceiling>) -> Json<CeilingList> {
    Json(CeilingList {
        items: ceilings.into_iter().map(CeilingView::from).collect(),
    })
}

impl From<Ceiling> for CeilingView {
    fn from(one: Ceiling) -> Self {
        Self {
            scope: one.scope.to_string(),
            name: one.name,
            unit: one.limit.unit,
            window: one.limit.window,
            amount: one.limit.amount,
            left: one.left.into(),
            changed_at: one.changed_at.to_string(),
        }
    }
}
