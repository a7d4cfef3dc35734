//! The caller's own sessions.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use creel_control::{Core, account};
use creel_db::session::Session;
use creel_domain::SessionId;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    ApiOptions,
    error::Result,
    extract::{self, Authorized, Param, SignedIn},
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(end, audited("session.end", &[Reach::Db])))
        .routes(guarded!(end_all, audited("session.end_all", &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct SessionPath {
    /// The session, `ses_…`.
    id: String,
}

#[derive(Serialize, ToSchema)]
struct SessionList {
    items: Vec<SessionView>,
}

#[derive(Serialize, ToSchema)]
struct SessionView {
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// What the browser called itself; absent if it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    /// To the minute.
    #[schema(format = "date-time")]
    last_seen_at: String,
    /// When it ends at the latest.
    #[schema(format = "date-time")]
    expires_at: String,
}

/// How many there were.
#[derive(Serialize, ToSchema)]
struct SignedOut {
    sessions: u64,
}

impl SessionView {
    fn of(row: Session, current: Option<SessionId>) -> Self {
        Self {
            id: row.id.to_string(),
            current: current == Some(row.id),
            user_agent: row.user_agent,
            created_at: row.created_at.to_string(),
            last_seen_at: row.last_seen_at.to_string(),
            expires_at: row.expires_at.to_string(),
        }
    }
}

/// Where the caller is signed in, the last used first.
#[utoipa::path(get, path = "/sessions", tag = "session", operation_id = "list_sessions", responses((status = 200, body = SessionList)))]
async fn list(who: Authorized<SignedIn>, State(core): State<Core>) -> Result<Json<SessionList>> {
    let rows = account::list_sessions(&core, &who).await?;
    let items = rows
        .into_iter()
        .map(|row| SessionView::of(row, who.session()));
    Ok(Json(SessionList {
        items: items.collect(),
    }))
}

/// Ends one of the caller's sessions at once, event streams included.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session", operation_id = "end_session", params(SessionPath), responses((status = 204)))]
async fn end(
    who: Authorized<SignedIn>,
    State(core): State<Core>,
    State(options): State<Arc<ApiOptions>>,
    Param(id): Param<SessionId>,
) -> Result<Response> {
    account::end_session(&core, &who, id).await?;
    Ok(if who.session() == Some(id) {
        forgetting(&options, StatusCode::NO_CONTENT)
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}

/// Signs the caller out everywhere, here too. API tokens stay.
#[utoipa::path(delete, path = "/sessions", tag = "session", operation_id = "end_all_sessions", responses((status = 200, body = SignedOut)))]
async fn end_all(
    who: Authorized<SignedIn>,
    State(core): State<Core>,
    State(options): State<Arc<ApiOptions>>,
) -> Result<Response> {
    let sessions = account::end_all_sessions(&core, &who).await?;
    Ok(forgetting(&options, Json(SignedOut { sessions })))
}

/// An answer that makes the browser forget its cookie.
fn forgetting(options: &ApiOptions, answer: impl IntoResponse) -> Response {
    let cookie = extract::expired_cookie(options);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), answer).into_response()
}
