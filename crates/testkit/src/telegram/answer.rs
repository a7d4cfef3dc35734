//! Answers in the Bot API's shape. Owns nothing.

use hyper::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::server::{self, Body};

/// A refusal: HTTP status, `error_code` and `description` agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) description: String,
    pub(super) retry_after: Option<u32>,
}

/// What a method returns.
pub(super) type Outcome = Result<Value, Refusal>;

impl Refusal {
    pub(super) fn new(status: u16, description: impl Into<String>) -> Self {
        Self {
            status,
            description: description.into(),
            retry_after: None,
        }
    }

    /// 400 with Telegram's prefix.
    pub(super) fn bad(what: &str) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }

    /// 409 with Telegram's prefix.
    pub(super) fn conflict(what: &str) -> Self {
        Self::new(409, format!("Conflict: {what}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized")
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    fn body(&self) -> Value {
        let mut body =
            json!({ "ok": false, "error_code": self.status, "description": self.description });
        if let Some(seconds) = self.retry_after {
            body["parameters"] = json!({ "retry_after": seconds });
        }
        body
    }
}

/// The HTTP answer of an outcome.
pub(super) fn respond(outcome: &Outcome) -> Response<Body> {
    match outcome {
        Ok(result) => json_response(200, &json!({ "ok": true, "result": result })),
        Err(refusal) => json_response(refusal.status, &refusal.body()),
    }
}

fn json_response(status: u16, body: &Value) -> Response<Body> {
    raw(status, "application/json", body.to_string())
}

/// Any bytes under any status and type.
pub(super) fn raw(
    status: u16,
    content_type: &str,
    body: impl Into<bytes::Bytes>,
) -> Response<Body> {
    let mut response = Response::new(server::full(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = content_type.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}
