//! Hearing calls and giving the scripted answers.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use creel_domain::usage::Usage;
use futures::StreamExt as _;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{
    reply::{Fault, Reply},
    sale::Till,
    shape::{self, Dialect, Shape},
};
use crate::server::{self, Body, HangUp};

/// Calls and scripted replies kept.
const KEPT: usize = 1024;
/// Largest request body, bytes.
const BODY: usize = 64 * 1024 * 1024;

/// One call as it was heard.
#[derive(Debug, Clone)]
pub struct Call {
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; null when it was no JSON.
    pub body: Value,
    /// Length of the body, bytes.
    pub length: usize,
    /// Status of the answer.
    pub status: u16,
}

#[derive(Debug, Default)]
pub(super) struct State {
    script: Mutex<Script>,
    till: Mutex<Till>,
    /// Cancelled when held answers may go on.
    go_on: CancellationToken,
}

#[derive(Debug, Default)]
struct Script {
    key: Option<String>,
    refusal: Option<String>,
    next: VecDeque<Reply>,
    default: Reply,
    calls: VecDeque<Call>,
    reported: Usage,
    abandoned: usize,
}

impl State {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn till(&self) -> MutexGuard<'_, Till> {
        self.till.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn require_key(&self, key: Option<&str>) {
        self.script().key = key.map(str::to_owned);
    }

    pub(super) fn refuse_with(&self, words: Option<&str>) {
        self.script().refusal = words.map(str::to_owned);
    }

    pub(super) fn push(&self, reply: Reply) {
        let next = &mut self.script().next;
        if next.len() < KEPT {
            next.push_back(reply);
        }
    }

    pub(super) fn set_default(&self, reply: Reply) {
        self.script().default = reply;
    }

    pub(super) fn release(&self) {
        self.go_on.cancel();
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.script().calls.iter().cloned().collect()
    }

    pub(super) fn reported(&self) -> Usage {
        self.script().reported
    }

    pub(super) fn abandoned(&self) -> usize {
        self.script().abandoned
    }

    fn heard(&self, call: Call) {
        let mut script = self.script();
        if script.calls.len() == KEPT {
            script.calls.pop_front();
        }
        script.calls.push_back(call);
    }

    /// The next scripted answer, one made from the call, or the default.
    fn next_reply(&self, call: &Call) -> (Reply, Option<usize>) {
        if let Some(scripted) = self.script().next.pop_front() {
            return (scripted, None);
        }
        match self.till().begin(call) {
            Some((made, number)) => (made, Some(number)),
            None => (self.script().default.clone(), None),
        }
    }

    fn report(&self, usage: Usage) {
        let sum = &mut self.script().reported;
        sum.input += usage.input;
        sum.output += usage.output;
        sum.cache_read += usage.cache_read;
        sum.cache_write += usage.cache_write;
    }
}

/// Answers one request.
pub(super) async fn serve(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Body>, HangUp> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY).collect().await;
    let body = body
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let mut call = Call {
        path: parts.uri.to_string(),
        headers: parts.headers,
        length: body.len(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        status: 0,
    };
    let answer = answer(&state, &parts.method, &call).await;
    call.status = answer
        .as_ref()
        .map_or(0, |response| response.status().as_u16());
    state.heard(call);
    answer
}

async fn answer(
    state: &Arc<State>,
    method: &Method,
    call: &Call,
) -> Result<Response<Body>, HangUp> {
    let path = call.path.split('?').next().unwrap_or_default();
    let dialect = match path {
        "/v1/chat/completions" => Dialect::Chat,
        "/v1/responses" => Dialect::Responses,
        "/v1/messages" => Dialect::Messages,
        "/v1/models" if method == Method::GET => return models(state, call),
        _ => {
            return Ok(refuse(
                Dialect::Chat,
                404,
                "not_found_error",
                "Unknown request URL",
            ));
        }
    };
    if method != Method::POST {
        return Ok(refuse(
            dialect,
            405,
            "invalid_request_error",
            "Not allowed to use this method",
        ));
    }
    if let Err(words) = check_key(state, dialect, &call.headers) {
        return Ok(refuse(dialect, 401, "authentication_error", &words));
    }
    if let Some(problem) = problem(dialect, call) {
        return Ok(refuse(dialect, 400, "invalid_request_error", problem));
    }
    give(state, dialect, call).await
}

/// The list of models: what a key can be tried with at no cost. Standing faults hold for it, scripted replies are not used up.
fn models(state: &State, call: &Call) -> Result<Response<Body>, HangUp> {
    let dialect = if call.headers.contains_key("anthropic-version") {
        Dialect::Messages
    } else {
        Dialect::Chat
    };
    if let Err(words) = check_key(state, dialect, &call.headers) {
        return Ok(refuse(dialect, 401, "authentication_error", &words));
    }
    match state.script().default.fault {
        Some(Fault::HangUp) => return Err(HangUp),
        Some(Fault::Status(status)) => {
            return Ok(refuse(dialect, status, "stub_fault", "scripted fault"));
        }
        _ => {}
    }
    let list =
        r#"{"object":"list","data":[{"id":"stub-model","object":"model"}],"has_more":false}"#;
    Ok(plain(200, "application/json", list))
}

/// Each dialect takes its key in its own header only. The error quotes the key that was shown, as real vendors do, unless told otherwise.
fn check_key(state: &State, dialect: Dialect, headers: &HeaderMap) -> Result<(), String> {
    let Some(wanted) = state.script().key.clone() else {
        return Ok(());
    };
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    let shown = match dialect {
        Dialect::Messages => text("x-api-key"),
        _ => text("authorization")
            .strip_prefix("Bearer ")
            .unwrap_or_default(),
    };
    if shown == wanted {
        Ok(())
    } else {
        let told = state.script().refusal.clone();
        Err(told.unwrap_or_else(|| format!("Incorrect API key provided: {shown}.")))
    }
}

fn problem(dialect: Dialect, call: &Call) -> Option<&'static str> {
    let has = |name: &str| call.body.get(name).is_some();
    match dialect {
        _ if !call.body["model"].is_string() => Some("you must provide a model parameter"),
        Dialect::Messages if !call.headers.contains_key("anthropic-version") => {
            Some("anthropic-version: header is required")
        }
        Dialect::Messages if !has("max_tokens") => Some("max_tokens: Field required"),
        Dialect::Messages | Dialect::Chat if !has("messages") => Some("messages: Field required"),
        Dialect::Responses if !has("input") => Some("input: Field required"),
        _ => None,
    }
}

async fn give(state: &Arc<State>, dialect: Dialect, call: &Call) -> Result<Response<Body>, HangUp> {
    let (reply, sale) = state.next_reply(call);
    match reply.fault {
        Some(Fault::Status(status)) => {
            return Ok(refuse(dialect, status, "stub_fault", "scripted fault"));
        }
        Some(Fault::Html(status)) => {
            return Ok(plain(status, "text/html", "<html>bad gateway</html>"));
        }
        Some(Fault::Redirect) => return Ok(redirect()),
        Some(Fault::HangUp) => return Err(HangUp),
        Some(Fault::HangBeforeHeaders) => std::future::pending().await,
        _ => {}
    }
    state.report(reply.usage);
    let stream = call.body["stream"] == true;
    // OpenAI tells a stream's usage only when asked.
    let asked = call.body["stream_options"]["include_usage"] == true;
    let told = dialect != Dialect::Chat || !stream || asked;
    let shape = Shape {
        dialect,
        model: call.body["model"].as_str().unwrap_or_default(),
        reply: &reply,
        usage: told && reply.fault != Some(Fault::MissingUsage),
    };
    let sale = sale.map(|number| (number, reply.usage));
    if stream {
        return Ok(events(state, shape.events(), reply.fault, sale));
    }
    if let Some((number, usage)) = sale {
        state.till().hand_over(number, usage, 1, 1);
    }
    Ok(document(&shape.document().to_string(), reply.fault))
}

fn document(text: &str, fault: Option<Fault>) -> Response<Body> {
    if fault == Some(Fault::Reset) {
        let half = text.get(..text.len() / 2).unwrap_or_default();
        let mut response = plain(200, "application/json", half);
        break_early(&mut response);
        return response;
    }
    plain(200, "application/json", text)
}

/// Promises more bytes than there will be, so that the server closes the connection in the middle.
fn break_early(response: &mut Response<Body>) {
    let length = HeaderValue::from_static("1000000");
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length);
}

fn events(
    state: &Arc<State>,
    mut events: Vec<String>,
    fault: Option<Fault>,
    sale: Option<(usize, Usage)>,
) -> Response<Body> {
    match fault {
        Some(Fault::Reset) => events.truncate(events.len() / 2),
        Some(Fault::NoEnd) => events.truncate(events.len() - 1),
        Some(Fault::Malformed) => {
            let noise = "this is no event\ndata: {\"usage\": not json\n\n:\n\ndata\n\n";
            events.insert(1, noise.to_owned());
        }
        _ => {}
    }
    let mut response = plain(200, "text/event-stream; charset=utf-8", "");
    *response.body_mut() = stream(Arc::clone(state), events, fault, sale);
    if fault == Some(Fault::Reset) {
        break_early(&mut response);
    }
    response
}

/// Notes it when the client does not stay to the end.
struct Watch {
    state: Arc<State>,
    all: usize,
    left: usize,
    sale: Option<(usize, Usage)>,
}

impl Watch {
    fn hand_over(&mut self) {
        self.left -= 1;
        if let Some((number, usage)) = self.sale {
            let (done, all) = ((self.all - self.left) as u64, self.all as u64);
            self.state.till().hand_over(number, usage, done, all);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.left > 0 {
            self.state.script().abandoned += 1;
        }
    }
}

fn stream(
    state: Arc<State>,
    events: Vec<String>,
    fault: Option<Fault>,
    sale: Option<(usize, Usage)>,
) -> Body {
    let watch = Watch {
        state,
        all: events.len(),
        left: events.len(),
        sale,
    };
    let held_from = HELD_FROM.min(watch.left.saturating_sub(1));
    let pieces = futures::stream::unfold(
        (watch, events.into_iter().enumerate()),
        move |(mut watch, mut events)| async move {
            let (number, event) = events.next()?;
            pause(&watch.state, number == held_from, fault).await;
            watch.hand_over();
            Some((event, (watch, events)))
        },
    );
    let frames = pieces.map(|event| Ok(Frame::data(Bytes::from(event))));
    BodyExt::boxed(StreamBody::new(frames))
}

/// Events before which a held stream waits: by then every dialect has sent its first piece of text.
const HELD_FROM: usize = 5;

async fn pause(state: &State, here: bool, fault: Option<Fault>) {
    match fault {
        Some(Fault::Drip(each)) => tokio::time::sleep(each).await,
        Some(Fault::HoldAfterFirst) if here => state.go_on.cancelled().await,
        // Each event is its own write, so that a client sees the pieces.
        _ => tokio::task::yield_now().await,
    }
}

fn refuse(dialect: Dialect, status: u16, kind: &str, message: &str) -> Response<Body> {
    let text = shape::error(dialect, kind, message).to_string();
    let mut response = plain(status, "application/json", &text);
    if status == 429 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn redirect() -> Response<Body> {
    let mut response = plain(307, "text/plain", "");
    let location = HeaderValue::from_static("/v1/chat/completions");
    response.headers_mut().insert(header::LOCATION, location);
    response
}

fn plain(status: u16, kind: &'static str, text: &str) -> Response<Body> {
    let mut response = Response::new(server::full(text.to_owned()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Vendors' account headers, which must not reach an instance.
    headers.insert(
        "openai-organization",
        HeaderValue::from_static("org-of-the-platform"),
    );
    headers.insert(
        header::SET_COOKIE,
        HeaderValue::from_static("__cf_bm=vendor"),
    );
    headers.insert("x-request-id", HeaderValue::from_static("req_stub"));
    response
}
