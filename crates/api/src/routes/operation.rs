//! Operations: one look, or their events as they happen.

mod events;
mod view;

use axum::{Json, extract::State};
use creel_control::{
    Caller, Core,
    instance::{self, OperationView},
};
use creel_db::operation::Matching;
use creel_domain::{OperationId, Slug};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

pub(super) use view::OperationBody;

use super::{
    instance::SlugPath,
    page::{Page, cut},
};
use crate::{
    error::Result,
    extract::{Authorized, InstanceRead, Param, Query},
    openapi::{READS, guarded},
    sse,
    state::{AppState, Streams},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(list_of_instance, READS))
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

/// A page of operations.
#[derive(Serialize, ToSchema)]
struct OperationList {
    items: Vec<OperationBody>,
    /// `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those that have not ended, or only those that have.
    active: Option<bool>,
}

/// The tenant's operations, newest first.
#[utoipa::path(get, path = "/operations", tag = "operation", operation_id = "list_operations", params(Page, Filter),
    responses((status = 200, body = OperationList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(page): Query<Page>,
    Query(filter): Query<Filter>,
) -> Result<Json<OperationList>> {
    let matching = Matching {
        instance: None,
        active: filter.active,
    };
    page_of(&core, &who, matching, &page).await
}

/// An instance's operations, newest first.
#[utoipa::path(get, path = "/instances/{slug}/operations", tag = "operation", operation_id = "list_instance_operations",
    params(SlugPath, Page), responses((status = 200, body = OperationList)))]
async fn list_of_instance(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Query(page): Query<Page>,
) -> Result<Json<OperationList>> {
    let matching = Matching {
        instance: Some(instance::get(&core, &who, &slug).await?.id),
        active: None,
    };
    page_of(&core, &who, matching, &page).await
}

async fn page_of(
    core: &Core,
    who: &Caller,
    matching: Matching,
    page: &Page,
) -> Result<Json<OperationList>> {
    let (limit, after) = (page.limit()?, page.after()?);
    let read = OperationView::page(core, who, matching, after, u64::from(limit) + 1);
    let (views, next) = cut(read.await?, limit, |view| view.operation.id);
    Ok(Json(OperationList {
        items: views.into_iter().map(OperationBody::from).collect(),
        next,
    }))
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
