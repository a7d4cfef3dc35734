//! Operations: one look, or their events as they happen.

mod events;
mod view;

use axum::{Json, extract::State};
use creel_control::{Core, instance::OperationView};
use creel_domain::OperationId;
use http::HeaderMap;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

pub(super) use view::OperationBody;

use crate::{
    error::Result,
    extract::{Authorized, InstanceRead, Param},
    openapi::{READS, guarded},
    sse,
    state::{AppState, Streams},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(get, READS))
        .routes(guarded!(watch, READS))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct OperationPath {
    /// The operation, `op_…`.
    id: String,
}

/// An operation with its steps.
#[utoipa::path(get, path = "/operations/{id}", tag = "operation", operation_id = "get_operation", params(OperationPath),
    responses((status = 200, body = OperationBody)))]
async fn get(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(id): Param<OperationId>,
) -> Result<Json<OperationBody>> {
    Ok(Json(OperationView::get(&core, &who, id).await?.into()))
}

/// The operation's events from the beginning, or after `Last-Event-ID`, until it has ended.
#[utoipa::path(get, path = "/operations/{id}/events", tag = "operation", operation_id = "watch_operation",
    params(OperationPath, ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event seen; the stream goes on after it.")),
    responses((status = 200, content_type = "text/event-stream", body = String,
        description = "Events `operation` and `step`, each with its number as id and a JSON object as data.")))]
async fn watch(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    State(streams): State<Streams>,
    headers: HeaderMap,
    Param(id): Param<OperationId>,
) -> Result<sse::Events> {
    OperationView::get(&core, &who, id).await?;
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let after = last.and_then(|text| text.parse().ok()).unwrap_or(0);
    let events = events::follow(core.clone(), id, after);
    sse::serve(&core, &streams, who, events)
}
