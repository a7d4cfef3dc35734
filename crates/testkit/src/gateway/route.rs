//! HTTP of the Gateway: health, admin RPC, upgrade. Evil behaviour is applied here, to every path.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use futures::stream;
use http_body_util::{BodyExt as _, Limited, StreamBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Frame, Incoming},
    header,
};
use serde_json::{Value, json};

use super::{behaviour::Evil, identity, rpc, socket, state::State};
use crate::server::{self, Body, HangUp};

/// Largest body of an RPC call, as the real one's.
const MAX_BODY: usize = 1024 * 1024;
/// One piece of an oversized answer.
const CHUNK: usize = 64 * 1024;

/// Answers one request; an error ends its connection.
pub(super) async fn serve(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Body>, HangUp> {
    let wants_socket = request.headers().contains_key(header::UPGRADE);
    match state.behaviour().evil {
        Some(Evil::HangUp) => return Err(HangUp),
        Some(Evil::Status(status)) => return Ok(plain(status, "text/plain", "no")),
        Some(Evil::Slow(time)) => tokio::time::sleep(time).await,
        // A socket misbehaves in its frames instead.
        Some(Evil::Oversized(bytes)) if !wants_socket => return Ok(oversized(bytes)),
        Some(Evil::NotJson) if !wants_socket => {
            return Ok(plain(200, "text/html", "<html>ahoy</html>"));
        }
        _ => {}
    }
    if wants_socket {
        return Ok(upgrade(&state, request));
    }
    Ok(answer(&state, request).await)
}

async fn answer(state: &Arc<State>, request: Request<Incoming>) -> Response<Body> {
    let get = request.method() == Method::GET;
    match request.uri().path() {
        "/health" | "/healthz" | "/ready" | "/readyz" if !get => plain(405, "text/plain", ""),
        "/health" | "/healthz" => json_answer(200, &json!({ "ok": true, "status": "live" })),
        "/ready" | "/readyz" => match identity::user(request.headers(), &state.config.borrow()) {
            Ok(_) if state.is_ready() => json_answer(200, &json!({ "ready": true })),
            Ok(_) => json_answer(503, &json!({ "ready": false })),
            Err(status) => unattributed(status),
        },
        "/api/v1/admin/rpc" if get => plain(405, "text/plain", ""),
        "/api/v1/admin/rpc" => admin(state, request).await,
        _ => plain(404, "text/plain", "Not Found"),
    }
}

async fn admin(state: &Arc<State>, request: Request<Incoming>) -> Response<Body> {
    let config = state.config.borrow().clone();
    let user = match identity::user(request.headers(), &config) {
        Ok(user) => user,
        Err(status) => return unattributed(status),
    };
    if config["plugins"]["entries"]["admin-http-rpc"]["enabled"] != true {
        return plain(404, "text/plain", "Not Found");
    }
    let Ok(body) = Limited::new(request.into_body(), MAX_BODY).collect().await else {
        return json_answer(413, &json!({ "error": { "message": "payload too large" } }));
    };
    let call: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    let Some(method) = call["method"].as_str() else {
        let error = json!({ "code": "INVALID_REQUEST", "message": "method required" });
        return json_answer(
            400,
            &json!({ "id": call["id"], "ok": false, "error": error }),
        );
    };
    match rpc::over_http(state, method, &call["params"], &user) {
        Ok(payload) => json_answer(
            200,
            &json!({ "id": call["id"], "ok": true, "payload": payload }),
        ),
        Err(problem) => {
            let body = json!({ "id": call["id"], "ok": false, "error": problem.body() });
            json_answer(problem.status(), &body)
        }
    }
}

fn upgrade(state: &Arc<State>, request: Request<Incoming>) -> Response<Body> {
    match identity::user(request.headers(), &state.config.borrow()) {
        Ok(user) => socket::accept(state, request, user)
            .unwrap_or_else(|| plain(400, "text/plain", "not a WebSocket")),
        Err(status) => unattributed(status),
    }
}

fn unattributed(status: StatusCode) -> Response<Body> {
    let kind = if status == StatusCode::FORBIDDEN {
        "proxy_attribution_required"
    } else {
        "unauthorized"
    };
    json_answer(
        status.as_u16(),
        &json!({ "error": { "message": kind, "type": kind } }),
    )
}

fn json_answer(status: u16, body: &Value) -> Response<Body> {
    plain(status, "application/json", body.to_string())
}

fn plain(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(server::full(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = content_type.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}

/// A JSON string of this many bytes, made as it is read.
fn oversized(bytes: usize) -> Response<Body> {
    let chunk = Bytes::from(vec![b'x'; CHUNK]);
    let pieces = std::iter::once(Bytes::from_static(b"\""))
        .chain(std::iter::repeat_n(chunk, bytes.div_ceil(CHUNK)))
        .chain(std::iter::once(Bytes::from_static(b"\"")));
    let frames = pieces.map(|piece| Ok::<_, Infallible>(Frame::data(piece)));
    let mut response = Response::new(StreamBody::new(stream::iter(frames)).boxed());
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
