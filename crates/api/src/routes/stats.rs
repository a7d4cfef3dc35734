//! What an instance's workload uses right now.

use axum::{Json, extract::State};
use creel_control::{Core, workload};
use creel_domain::Slug;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::instance::SlugPath;
use crate::{
    error::Result,
    extract::{Authorized, InstanceRead, Param},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(stats, READS))
}

/// Figures of a running workload.
#[derive(Serialize, ToSchema)]
struct Stats {
    /// Share of one core over the last moment; 100 is a whole core. Absent when it began anew in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_percent: Option<u64>,
    memory_bytes: u64,
    memory_limit_bytes: u64,
    /// Processes and threads.
    pids: u64,
    /// When its present run began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    started_at: Option<String>,
}

/// What the instance uses right now. Takes half a second, because a share of the CPU needs two looks.
#[utoipa::path(get, path = "/instances/{slug}/stats", tag = "instance", operation_id = "get_stats", params(SlugPath),
    responses((status = 200, body = Stats)))]
async fn stats(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<Json<Stats>> {
    let used = workload::stats(&core, &who, &slug).await?;
    Ok(Json(Stats {
        cpu_percent: used.cpu_percent,
        memory_bytes: used.stats.memory_bytes,
        memory_limit_bytes: used.stats.memory_limit_bytes,
        pids: used.stats.pids,
        started_at: used.started_at.map(|at| at.to_string()),
    }))
}
