//! Who the caller is.

use axum::{Json, extract::State};
use creel_control::Core;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, SignedIn},
    openapi::{READS, guarded},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(me, READS))
}

#[derive(Serialize, ToSchema)]
struct Me {
    id: String,
    email: String,
    /// Platform staff.
    is_operator: bool,
    /// The tenant this request acted in; `X-Creel-Tenant` chooses another.
    tenant: String,
    /// The caller's role there.
    #[schema(schema_with = words::role)]
    role: creel_domain::Role,
    /// Every tenant the caller belongs to.
    tenants: Vec<Membership>,
}

#[derive(Serialize, ToSchema)]
struct Membership {
    id: String,
    #[schema(schema_with = words::role)]
    role: creel_domain::Role,
}

/// The signed-in person, their role and their tenants.
#[utoipa::path(get, path = "/me", tag = "user", responses((status = 200, body = Me)))]
async fn me(who: Authorized<SignedIn>, State(core): State<Core>) -> Result<Json<Me>> {
    let memberships = creel_db::tenant::memberships(core.db.read(), who.user).await?;
    let tenants = memberships.into_iter().map(|m| Membership {
        id: m.tenant.to_string(),
        role: m.role,
    });
    Ok(Json(Me {
        id: who.user.to_string(),
        email: who.email.clone(),
        is_operator: who.is_operator,
        tenant: who.tenant.to_string(),
        role: who.role,
        tenants: tenants.collect(),
    }))
}
