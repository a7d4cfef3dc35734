//! How Creel is, for whoever waits in front of it: answered even when nothing behind it does.

use std::sync::Arc;

use axum::{Json, extract::State};
use creel_control::Core;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    ApiOptions,
    extract::Public,
    openapi::{READS, guarded},
    pulse::{Pulse, Pulses},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(status, READS))
}

#[derive(Serialize, ToSchema)]
struct StatusView {
    /// Creel's release.
    version: &'static str,
    /// Nobody is operator yet: the one-time code that Creel printed makes the first one.
    setup_needed: bool,
    /// Whether anybody may sign up, or only with a code.
    signup_open: bool,
    /// Why nothing can be changed at present, in the operator's words; absent outside of maintenance.
    #[serde(skip_serializing_if = "Option::is_none")]
    maintenance: Option<String>,
    /// Whether the database answers.
    database: DatabaseHealth,
    /// Whether the engine answers; unknown where another process has it.
    engine: EngineHealth,
    /// When that was found out, two seconds ago at most.
    #[schema(format = "date-time")]
    at: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum DatabaseHealth {
    Ok,
    Down,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum EngineHealth {
    Ok,
    Down,
    Unknown,
}

/// How Creel is. Never fails and never takes two seconds, whatever is away.
#[utoipa::path(get, path = "/status", tag = "probe", operation_id = "get_status", responses((status = 200, body = StatusView)))]
async fn status(
    _: Public,
    State(core): State<Core>,
    State(options): State<Arc<ApiOptions>>,
    State(pulses): State<Arc<Pulses>>,
) -> Json<StatusView> {
    let Pulse {
        at,
        database,
        engine,
        setup_needed,
    } = pulses.take(&core).await;
    Json(StatusView {
        version: env!("CARGO_PKG_VERSION"),
        setup_needed,
        signup_open: core.options.open_signup,
        maintenance: options.maintenance.clone(),
        database: if database {
            DatabaseHealth::Ok
        } else {
            DatabaseHealth::Down
        },
        engine: match engine {
            Some(true) => EngineHealth::Ok,
            Some(false) => EngineHealth::Down,
            None => EngineHealth::Unknown,
        },
        at: at.to_string(),
    })
}
