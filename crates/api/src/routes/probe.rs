//! For load balancers: alive, and able to serve.

use axum::{Json, extract::State};
use creel_control::Core;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::Public,
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(healthz, READS))
        .routes(guarded!(readyz, READS))
}

#[derive(Serialize, ToSchema)]
struct Status {
    status: &'static str,
}

/// The process answers. Depends on nothing else.
#[utoipa::path(get, path = "/healthz", tag = "probe", responses((status = 200, body = Status)))]
async fn healthz(_: Public) -> Json<Status> {
    Json(Status { status: "ok" })
}

/// The database answers and has this release's schema.
#[utoipa::path(get, path = "/readyz", tag = "probe", responses((status = 200, body = Status)))]
async fn readyz(_: Public, State(core): State<Core>) -> Result<Json<Status>> {
    core.db
        .ping()
        .await
        .map_err(|_| Error::NotReady("the database does not answer"))?;
    match core.db.is_migrated().await {
        Ok(true) => Ok(Json(Status { status: "ready" })),
        Ok(false) => Err(Error::NotReady(
            "the database has not been migrated to this release",
        )),
        Err(_) => Err(Error::NotReady("the database does not answer")),
    }
}
