//! Logs of an instance: the last lines as JSON, or new ones as they come. The text is the agent's own: hostile, and escaped by whoever shows it.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response, sse::Event},
};
use creel_control::{Core, workload};
use creel_domain::{Slug, Timestamp};
use futures::{StreamExt as _, future};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::instance::SlugPath;
use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Param, Query},
    openapi::{READS, guarded},
    sse,
    state::{AppState, Streams},
};

const DEFAULT_TAIL: u32 = 200;
/// Lines in one answer; with the engine's 16 KiB a line this is what a client may have to hold.
const MAX_TAIL: u32 = 2000;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(logs, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogQuery {
    /// `1`: stay and stream new lines as server-sent events.
    follow: Option<u8>,
    /// Last lines, up to 2000; 200 if absent.
    #[param(maximum = 2000)]
    tail: Option<u32>,
    /// Only lines from this moment on.
    #[param(value_type = Option<String>, format = "date-time")]
    since: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
struct LogList {
    /// Oldest first.
    items: Vec<LogLine>,
}

#[derive(Serialize, ToSchema)]
struct LogLine {
    /// When the engine read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    at: Option<Timestamp>,
    /// `stdout` or `stderr`.
    source: String,
    text: String,
}

/// The instance's log: the last lines, or with `?follow=1` a stream of them.
#[utoipa::path(get, path = "/instances/{slug}/logs", tag = "instance", operation_id = "get_logs", params(SlugPath, LogQuery),
    responses((status = 200, description = "A list, or with `follow` events `line` whose data is one line.",
        content((LogList = "application/json"), (String = "text/event-stream")))))]
async fn logs(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    State(streams): State<Streams>,
    Param(slug): Param<Slug>,
    Query(asked): Query<LogQuery>,
) -> Result<Response> {
    let follow = asked.follow.is_some_and(|n| n != 0);
    let tail = asked.tail.unwrap_or(DEFAULT_TAIL);
    if tail > MAX_TAIL {
        return Err(Error::invalid(
            "tail",
            format!("must be at most {MAX_TAIL}"),
        ));
    }
    let query = workload::LogQuery {
        follow,
        tail: Some(tail),
        since: asked.since,
    };
    let reading = workload::logs(&core, &who, &slug, query).await?;
    let lines = reading.filter_map(|line| {
        let line = line.ok().map(|line| LogLine {
            at: line.at,
            source: format!("{:?}", line.source).to_lowercase(),
            text: line.text,
        });
        future::ready(line)
    });
    if follow {
        let events = lines.map(|line| Event::default().event("line").data(json!(line).to_string()));
        return Ok(sse::serve(&core, &streams, who, events)?.into_response());
    }
    let items = lines.take(tail as usize).collect().await;
    Ok(Json(LogList { items }).into_response())
}
