//! Answers that we give ourselves, in the Bot API's shape, so that the instance reads them as it reads Telegram's. Owns nothing.

use hyper::{
    Response, StatusCode,
    header::{self, HeaderValue},
};

use crate::body::{self, ProxyBody};

/// A refusal: HTTP status and `error_code` agree. The text reaches the instance, so it never names a token, an address or another tenant.
pub(super) fn refuse(status: StatusCode, description: &str) -> Response<ProxyBody> {
    let text = serde_json::json!({ "ok": false, "error_code": status.as_u16(), "description": description });
    let mut response = Response::new(body::full(text.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// The token is not this instance's front token, or no bot is connected. OpenClaw stops polling at this, as it should.
pub(super) fn unauthorized() -> Response<ProxyBody> {
    refuse(StatusCode::UNAUTHORIZED, "Unauthorized")
}

/// Not a method or file path that this front passes on.
pub(super) fn not_found() -> Response<ProxyBody> {
    refuse(StatusCode::NOT_FOUND, "Not Found: method not found")
}

/// The body is larger than Telegram takes.
pub(super) fn too_large() -> Response<ProxyBody> {
    refuse(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
}

/// A newer poll of the same instance took over: the words are Telegram's, because clients match on them.
pub(super) fn superseded() -> Response<ProxyBody> {
    refuse(
        StatusCode::CONFLICT,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
}

/// Telegram did not answer. A client tries again later.
pub(super) fn bad_gateway(why: &str) -> Response<ProxyBody> {
    refuse(StatusCode::BAD_GATEWAY, &format!("Bad Gateway: {why}"))
}
