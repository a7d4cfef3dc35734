//! Maintenance: reads go on, changes are refused with the operator's words. People may still sign in to read, and out.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode};

use crate::{error::Refusal, extract::REPORT_PATH, state::AppState};

/// What a client should wait before it tries again, seconds.
const RETRY_SECONDS: u64 = 60;
/// Changes that go on.
const OPEN: [&str; 3] = ["/api/v1/auth/login", "/api/v1/auth/logout", REPORT_PATH];

pub(crate) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    match &state.options.maintenance {
        Some(words) if !safe && !OPEN.contains(&request.uri().path()) => {
            refusal(words).into_response()
        }
        _ => next.run(request).await,
    }
}

fn refusal(words: &str) -> Refusal {
    Refusal {
        hint: Some(
            "Nothing can be changed at present; what runs goes on. Try again later.".to_owned(),
        ),
        retry_after: Some(RETRY_SECONDS),
        ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "maintenance", words)
    }
}
