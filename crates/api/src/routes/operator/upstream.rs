//! How the model vendors are, as the llm proxy of this process sees them.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    platform::{Breaker, KeyOwner, Upstream},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    extract::{Authorized, Operate},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct UpstreamList {
    /// Keys that were called with since this process began to serve.
    items: Vec<UpstreamView>,
    /// Whether this process has the llm proxy; if not, the list is empty and says nothing.
    known: bool,
    /// Why it does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// A vendor's key; of the keys that tenants brought, all together.
#[derive(Serialize, ToSchema)]
struct UpstreamView {
    /// The vendor's id in the catalogue.
    provider: String,
    /// The key's last four characters; absent for tenants' keys and for short ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_last4: Option<String>,
    #[schema(inline)]
    owned_by: OwnerWord,
    /// `open`: it failed too often and is passed over for a while; `half_open`: one call is let through to see.
    #[schema(inline)]
    state: StateWord,
    /// Calls over the last five minutes.
    calls: u64,
    /// Of these, failed ones.
    failures: u64,
    /// What the last failure was.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_error_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OwnerWord {
    Platform,
    Tenant,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateWord {
    Closed,
    Open,
    HalfOpen,
}

/// The vendors' keys that calls go to, with their failures over the last five minutes.
#[utoipa::path(get, path = "/operator/upstreams", tag = "operator", operation_id = "list_upstreams", responses((status = 200, body = UpstreamList)))]
async fn list(_who: Authorized<Operate>, State(core): State<Core>) -> Json<UpstreamList> {
    let seen = core.platform.upstreams();
    Json(UpstreamList {
        known: seen.is_some(),
        reason: seen
            .is_none()
            .then_some("Another process has the llm proxy; its metrics tell how the vendors are."),
        items: seen
            .unwrap_or_default()
            .into_iter()
            .map(UpstreamView::from)
            .collect(),
    })
}

impl From<Upstream> for UpstreamView {
    fn from(seen: Upstream) -> Self {
        Self {
            provider: seen.provider,
            key_last4: seen.key_last4,
            owned_by: match seen.owned_by {
                KeyOwner::Platform => OwnerWord::Platform,
                KeyOwner::Tenant => OwnerWord::Tenant,
            },
            state: match seen.state {
                Breaker::Closed => StateWord::Closed,
                Breaker::Open => StateWord::Open,
                Breaker::HalfOpen => StateWord::HalfOpen,
            },
            calls: seen.calls,
            failures: seen.failures,
            last_error: seen.last_error,
            last_error_at: seen.last_error_at.map(|at| at.to_string()),
        }
    }
}
