//! The Gateway's WebSocket, protocol 4: challenge, connect, hello-ok, then calls and events.

use std::sync::Arc;

use futures::{SinkExt as _, StreamExt as _};
use hyper::{Request, Response, StatusCode, body::Incoming, header, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::{behaviour::Evil, rpc, state::State};
use crate::server::{self, Body};

/// The one version that operators of this release may speak.
const PROTOCOL: u64 = 4;
/// Largest frame from a client; the real policy is 25 MB.
const MAX_FRAME: usize = 26_214_400;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Why a socket is closed by us.
type Closing = (u16, &'static str);

/// Agrees to the upgrade and serves the socket beside it; `None` when the request is no handshake.
pub(super) fn accept(
    state: &Arc<State>,
    mut request: Request<Incoming>,
    user: String,
) -> Option<Response<Body>> {
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY)?;
    let accept = derive_accept_key(key.as_bytes()).parse().ok()?;
    let upgraded = hyper::upgrade::on(&mut request);
    let serving = Arc::clone(state);
    state.spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            let caps = WebSocketConfig::default().max_message_size(Some(MAX_FRAME));
            let io = TokioIo::new(upgraded);
            let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(caps)).await;
            serve(&serving, socket, &user).await;
        }
    });
    let mut response = Response::new(server::full(""));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let websocket = header::HeaderValue::from_static("websocket");
    let upgrade = header::HeaderValue::from_static("Upgrade");
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, websocket);
    headers.insert(header::CONNECTION, upgrade);
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    Some(response)
}

async fn serve(state: &Arc<State>, mut socket: Socket, user: &str) {
    match state.behaviour().evil {
        Some(Evil::NotJson) => drop(socket.send(Message::text("<html>ahoy</html>")).await),
        Some(Evil::Oversized(bytes)) => drop(socket.send(Message::text("x".repeat(bytes))).await),
        _ => {}
    }
    // Before the hello: no event may be missed between the two.
    let events = state.events.subscribe();
    let closing = match greet(state, &mut socket, user).await {
        Some(Ok(())) => converse(state, &mut socket, user, events).await,
        Some(Err(closing)) => Some(closing),
        None => None,
    };
    if let Some((code, reason)) = closing {
        let frame = CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        };
        let _ = socket.close(Some(frame)).await;
    }
}

/// Challenge, connect, hello. `None` when the client went away.
async fn greet(state: &Arc<State>, socket: &mut Socket, user: &str) -> Option<Result<(), Closing>> {
    let challenge = json!({
        "type": "event", "event": "connect.challenge",
        "payload": { "nonce": "5b1a7f5c-stub", "ts": 0, "capabilities": ["model-catalog-snapshot"] },
    });
    send(socket, &challenge).await?;
    let frame = receive(socket).await?;
    if frame["method"] != "connect" {
        return Some(Err((1008, "invalid request frame")));
    }
    let (id, params) = (&frame["id"], &frame["params"]);
    let range = params["minProtocol"].as_u64()?..=params["maxProtocol"].as_u64()?;
    if !range.contains(&PROTOCOL) {
        let details = json!({ "expectedProtocol": PROTOCOL });
        let problem = rpc::Problem::invalid("protocol mismatch").with(details);
        send(socket, &refused(id, &problem)).await?;
        return Some(Err((1002, "protocol mismatch")));
    }
    if !state.is_ready() {
        let wait = std::time::Duration::from_millis(500);
        let problem = rpc::Problem::unavailable("gateway is starting", wait);
        let problem = problem.with(json!({ "reason": "startup-sidecars" }));
        send(socket, &refused(id, &problem)).await?;
        return Some(Err((1013, "gateway starting")));
    }
    let hello = hello(state, user);
    send(
        socket,
        &json!({ "type": "res", "id": id, "ok": true, "payload": hello }),
    )
    .await?;
    Some(Ok(()))
}

/// Calls and events until one side ends.
async fn converse(
    state: &Arc<State>,
    socket: &mut Socket,
    user: &str,
    mut events: broadcast::Receiver<Value>,
) -> Option<Closing> {
    loop {
        tokio::select! {
            frame = receive(socket) => {
                let frame = frame?;
                let Some(method) = frame["method"].as_str() else {
                    return Some((1008, "invalid request frame"));
                };
                let answer = match rpc::call(state, method, &frame["params"], user) {
                    Ok(payload) => json!({ "type": "res", "id": frame["id"], "ok": true, "payload": payload }),
                    Err(problem) => refused(&frame["id"], &problem),
                };
                send(socket, &answer).await?;
            }
            event = events.recv() => {
                let Ok(event) = event else { continue };
                send(socket, &event).await?;
                if event["event"] == "shutdown" {
                    return Some((1012, "service restart"));
                }
            }
        }
    }
}

async fn send(socket: &mut Socket, frame: &Value) -> Option<()> {
    socket.send(Message::text(frame.to_string())).await.ok()
}

/// The next text frame; what is no JSON reads as null. `None` at the end.
async fn receive(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return Some(serde_json::from_str(&text).unwrap_or_default()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

fn refused(id: &Value, problem: &rpc::Problem) -> Value {
    json!({ "type": "res", "id": id, "ok": false, "error": problem.body() })
}

fn hello(state: &State, user: &str) -> Value {
    let config = state.config.borrow().clone();
    let scopes = &config["gateway"]["auth"]["identityScopes"][user];
    let uptime = u64::try_from(state.uptime().as_millis()).unwrap_or(u64::MAX);
    json!({
        "type": "hello-ok", "protocol": PROTOCOL,
        "server": { "version": "2026.9.6", "buildId": "stub", "bootId": "stub", "connId": "stub" },
        "features": { "methods": rpc::METHODS, "events": ["chat", "shutdown"], "capabilities": [] },
        "snapshot": { "presence": [], "health": { "ok": true }, "uptimeMs": uptime, "authMode": "trusted-proxy" },
        "auth": { "method": "trusted-proxy", "role": "operator", "scopes": scopes },
        "policy": { "maxPayload": MAX_FRAME, "maxBufferedBytes": 52_428_800, "tickIntervalMs": 30_000 },
    })
}
