//! A vendor of our own that always answers the same, in every dialect: for self-tests and probes, which must not need a key or the internet.
//! Its calls are authorised, limited and metered like any other.

mod shape;

use bytes::Bytes;
use creel_domain::{Timestamp, usage::Usage};
use futures::stream;
use http::{HeaderValue, header};
use http_body_util::StreamBody;
use hyper::{Response, body::Frame};

use super::endpoint::Target;
use crate::body::{self, BoxError, ProxyBody};

/// Provider id.
pub const PROVIDER: &str = "canned";
/// The answer.
pub const TEXT: &str = "Creel's canned answer: the way from here to a model works.";
/// What every answer is said to have cost.
pub const USAGE: Usage = Usage {
    input: 12,
    output: 15,
    cache_read: 0,
    cache_write: 0,
    cache_write_1h: 0,
    reasoning: 0,
    input_audio: 0,
    output_audio: 0,
    input_image: 0,
    output_image: 0,
};

/// What a heartbeat is answered that nobody needs; OpenClaw then sends nothing to anybody.
const QUIET: &str = "HEARTBEAT_OK";

/// The answer to one call.
pub(super) fn answer(
    target: Target<'_>,
    model: &str,
    stream: bool,
    now: Timestamp,
) -> Response<ProxyBody> {
    shaped(target, model, stream, now, (TEXT, USAGE))
}

/// The answer to a heartbeat that no model need see. It costs nothing and says so.
pub(super) fn quiet(
    target: Target<'_>,
    model: &str,
    stream: bool,
    now: Timestamp,
) -> Response<ProxyBody> {
    shaped(target, model, stream, now, (QUIET, Usage::default()))
}

fn shaped(
    target: Target<'_>,
    model: &str,
    stream: bool,
    now: Timestamp,
    (text, usage): (&str, Usage),
) -> Response<ProxyBody> {
    let shape = shape::Shape {
        endpoint: target.endpoint,
        model,
        created: now.micros() / 1_000_000,
        text,
        usage,
    };
    let (body, kind) = if stream {
        (events(shape.events()), "text/event-stream; charset=utf-8")
    } else {
        (body::full(shape.document().to_string()), "application/json")
    };
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn events(events: Vec<String>) -> ProxyBody {
    let frames = events
        .into_iter()
        .map(|event| Ok::<_, BoxError>(Frame::data(Bytes::from(event))));
    body::streamed(StreamBody::new(stream::iter(frames)))
}
