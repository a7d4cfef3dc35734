//! OpenClaw releases that instances can run.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::release::{self, Release};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, SignedIn},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct ReleaseList {
    items: Vec<ReleaseView>,
}

#[derive(Serialize, ToSchema)]
struct ReleaseView {
    id: String,
    /// Version of OpenClaw.
    openclaw: String,
    tag: String,
    /// Image id, `sha256:…`.
    digest: String,
    size_bytes: u64,
    /// Live instances of all tenants that run it.
    instances: u64,
    #[schema(format = "date-time")]
    created_at: String,
}

impl ReleaseView {
    fn new(row: Release, instances: u64) -> Self {
        Self {
            id: row.id.to_string(),
            openclaw: row.openclaw,
            tag: row.tag,
            digest: row.digest,
            size_bytes: row.size_bytes,
            instances,
            created_at: row.created_at.to_string(),
        }
    }
}

/// OpenClaw releases, newest first; a new instance runs the first.
#[utoipa::path(get, path = "/releases", tag = "release", operation_id = "list_releases", responses((status = 200, body = ReleaseList)))]
async fn list(_who: Authorized<SignedIn>, State(core): State<Core>) -> Result<Json<ReleaseList>> {
    let rows = release::list(core.db.read()).await?;
    let mut used = release::instances(core.db.read()).await?;
    let items = rows.into_iter().map(|row| {
        let instances = used.remove(&row.id).unwrap_or_default();
        ReleaseView::new(row, instances)
    });
    Ok(Json(ReleaseList {
        items: items.collect(),
    }))
}
