//! Limits of model calls: what holds, what is left, and the owner's own ones.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    spending::limits::{self, InForce, Left, Source},
};
use creel_domain::{
    Slug,
    limit::{Limit, Scope, Unit, Window},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Body, InstanceWrite, Param},
    openapi::{Reach, audited, guarded},
    routes::instance::SlugPath,
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(put, audited("limits.put", &[Reach::Db])))
}

/// So much of something in a stretch of the calendar, UTC.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Limit)]
pub(crate) struct LimitBody {
    /// What is counted; `nano_usd` is cost at list price.
    #[schema(schema_with = words::unit)]
    unit: Unit,
    /// For how long. A minute is a rate: each proxy counts it for itself.
    #[schema(schema_with = words::window)]
    window: Window,
    /// How much, more than zero and less than 2^63.
    #[schema(minimum = 1)]
    amount: u64,
}

/// The limits that are to hold from now on, each unit and window once; those left out are gone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutLimits {
    /// At most 12.
    #[schema(max_items = 12)]
    pub(crate) limits: Vec<LimitBody>,
}

/// A limit in force and what is left of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitView {
    #[schema(inline)]
    scope: ScopeWord,
    #[schema(schema_with = words::unit)]
    unit: Unit,
    #[schema(schema_with = words::window)]
    window: Window,
    amount: u64,
    #[serde(flatten)]
    left: LeftView,
    /// Who set it: it came with the plan, the tenant's people or platform staff did.
    #[schema(inline)]
    source: SourceWord,
    /// Whether the reader may change it.
    editable: bool,
}

/// What was taken of a limit in the present stretch of the calendar.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeftView {
    /// Spent; absent for a minute, which each proxy counts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    spent: Option<u64>,
    /// Kept ready for calls in flight and to come; not spent yet, and not left for others.
    held: u64,
    /// When counting begins anew.
    #[schema(format = "date-time")]
    renews_at: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct LimitList {
    /// All that hold for the instance, its tenant's included.
    items: Vec<LimitView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScopeWord {
    Instance,
    Tenant,
    PlatformKey,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SourceWord {
    Plan,
    Owner,
    Operator,
}

/// Sets the owner's own limits of an instance: in force with the next call. None may be wider than what plan and operator allow in the same
/// unit and window.
#[utoipa::path(put, path = "/instances/{slug}/limits", tag = "usage", operation_id = "put_limits", params(SlugPath),
    request_body = PutLimits, responses((status = 200, body = LimitList)))]
async fn put(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Body(asked): Body<PutLimits>,
) -> Result<Json<LimitList>> {
    let held = limits::put(&core, &who, &slug, &asked.limits()).await?;
    Ok(Json(LimitList {
        items: LimitView::all(held, true),
    }))
}

impl PutLimits {
    pub(crate) fn limits(&self) -> Vec<Limit> {
        self.limits.iter().copied().map(Limit::from).collect()
    }
}

impl LimitView {
    /// As somebody sees them who may or may not change an instance.
    pub(crate) fn all(limits: Vec<InForce>, may_write: bool) -> Vec<Self> {
        let view = |one: InForce| Self {
            editable: may_write && one.source == Source::Owner,
            scope: one.scope.into(),
            unit: one.limit.unit,
            window: one.limit.window,
            amount: one.limit.amount,
            left: one.left.into(),
            source: one.source.into(),
        };
        limits.into_iter().map(view).collect()
    }
}

impl From<LimitBody> for Limit {
    fn from(body: LimitBody) -> Self {
        Self {
            unit: body.unit,
            window: body.window,
            amount: body.amount,
        }
    }
}

impl From<Limit> for LimitBody {
    fn from(limit: Limit) -> Self {
        Self {
            unit: limit.unit,
            window: limit.window,
            amount: limit.amount,
        }
    }
}

impl From<Left> for LeftView {
    fn from(left: Left) -> Self {
        Self {
            spent: left.spent,
            held: left.held,
            renews_at: left.renews_at.to_string(),
        }
    }
}

impl From<Scope> for ScopeWord {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Instance(_) => Self::Instance,
            Scope::Tenant(_) => Self::Tenant,
            Scope::PlatformKey(_) => Self::PlatformKey,
        }
    }
}

impl From<Source> for SourceWord {
    fn from(source: Source) -> Self {
        match source {
            Source::Plan => Self::Plan,
            Source::Owner => Self::Owner,
            Source::Operator => Self::Operator,
        }
    }
}
