//! Answers on the wire: in small pieces, some within a character, held or broken where the mood says so.

use std::{convert::Infallible, net::Ipv4Addr, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt as _, Collected, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpListener, net::TcpStream, time::timeout};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::{HELD, Heard, Mood, State};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What is answered.
pub(crate) struct Answer {
    status: u16,
    /// The whole document, or events each complete.
    pieces: Vec<String>,
    events: bool,
    /// Number of pieces before which a held or broken stream stops: the first text is among them.
    stop_at: usize,
    mood: Mood,
}

impl Answer {
    /// A document of JSON.
    pub(crate) fn document(document: &Value, mood: Mood) -> Self {
        Self {
            status: 200,
            pieces: vec![document.to_string()],
            events: false,
            stop_at: 0,
            mood,
        }
    }

    /// A stream, whose first text is in the event of this number.
    pub(crate) fn events(events: Vec<String>, first_text: usize, mood: Mood) -> Self {
        Self {
            status: 200,
            pieces: events,
            events: true,
            stop_at: first_text + 1,
            mood,
        }
    }

    /// An error in the vendor's shape.
    pub(crate) fn error(status: u16, document: &Value) -> Self {
        let answer = Self::document(document, Mood::Well);
        Self { status, ..answer }
    }

    /// Keeps what arrives before the connection breaks.
    fn cut(&mut self) {
        let torn = self.mood == Mood::Tear || !self.events;
        let mut half = self.pieces.get(self.stop_at).cloned().unwrap_or_default();
        while half.len() > self.pieces[self.stop_at].len() / 2 {
            half.pop();
        }
        self.pieces.truncate(self.stop_at);
        self.pieces.extend(torn.then_some(half));
        // An empty piece, for whose sake the ones before are written out.
        self.pieces.push(String::new());
    }
}

/// Serves on a free port until the handle is dropped.
pub(crate) async fn serve(state: Arc<State>) -> (SocketAddr, AbortOnDropHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let tasks = TaskTracker::new();
    let accepting = tasks.clone().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tasks.spawn(connection(stream, Arc::clone(&state)));
        }
    });
    (address, AbortOnDropHandle::new(accepting))
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(exchange(request, state).await) }
    });
    // A broken answer ends in an error here, which is its purpose.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn exchange(request: Request<Incoming>, state: Arc<State>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes);
    let heard = Heard {
        path: parts.uri.to_string(),
        headers: parts.headers,
        body: serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default(),
    };
    respond(state.answer(heard), state)
}

fn respond(answer: Answer, state: Arc<State>) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
    let kind = if answer.events {
        "text/event-stream; charset=utf-8"
    } else {
        "application/json"
    };
    for (name, value) in [
        ("content-type", kind),
        ("x-request-id", "req_vendor"),
        ("request-id", "req_vendor"),
        ("openai-organization", "org-of-the-platform"),
    ] {
        let name = HeaderName::from_static(name);
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    if answer.status == 429 {
        let soon = HeaderValue::from_static("100");
        response.headers_mut().insert("retry-after-ms", soon);
    }
    *response.body_mut() = body(answer, state, response.headers_mut());
    response
}

fn body(mut answer: Answer, state: Arc<State>, headers: &mut http::HeaderMap) -> Body {
    if matches!(answer.mood, Mood::Break | Mood::Tear) {
        answer.cut();
        // More is promised than comes, so that the server closes the connection in the middle.
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("1000000"));
    }
    let hold_at = (answer.mood == Mood::Hold && answer.events).then_some(answer.stop_at);
    let pieces = answer.pieces.into_iter().enumerate();
    let frames = futures::stream::iter(pieces).then(move |(number, piece)| {
        let (state, wait) = (Arc::clone(&state), hold_at == Some(number));
        async move {
            if wait {
                let _released_or_late = timeout(HELD, state.released()).await;
            }
            halves(&piece)
        }
    });
    let frames = frames
        .flat_map(futures::stream::iter)
        .then(|bytes| async move {
            // Each piece is a write of its own.
            tokio::task::yield_now().await;
            Ok(Frame::data(bytes))
        });
    StreamBody::new(frames).boxed_unsync()
}

/// Two pieces, cut anywhere: also within a character.
fn halves(event: &str) -> [Bytes; 2] {
    let whole = Bytes::copy_from_slice(event.as_bytes());
    let inside = event.bytes().position(|byte| byte >= 0x80);
    let at = inside.map_or(whole.len() / 2, |at| at + 1);
    [whole.slice(..at), whole.slice(at..)]
}
