//! A vendor of our own that always answers the same, in every dialect: for self-tests and probes, which must not need a key or the internet.
//! Its calls are authorised, limited and metered like any other. What we answer in a vendor's place has the same shapes.

mod shape;

use bytes::Bytes;
use creel_domain::{Timestamp, usage::Usage};
use futures::stream;
use http::{HeaderValue, header};
use http_body_util::StreamBody;
use hyper::{Response, body::Frame};

use super::endpoint::Endpoint;
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

/// What OpenClaw takes for "nothing to tell": it sends nothing to anybody. Every release from 2026.2 to 2026.9.6 knows the word.
const NOTHING: &str = "HEARTBEAT_OK";

/// The answer to one call.
pub(super) fn answer(
    endpoint: Endpoint,
    model: &str,
    stream: bool,
    now: Timestamp,
) -> Response<ProxyBody> {
    say((TEXT, USAGE), endpoint, model, stream, now)
}

/// The answer to a heartbeat that reaches no model, and costs nothing.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "called once `habit` is asked on the way")
)]
pub(super) fn quiet(
    endpoint: Endpoint,
    model: &str,
    stream: bool,
    now: Timestamp,
) -> Response<ProxyBody> {
    say((NOTHING, Usage::default()), endpoint, model, stream, now)
}

fn say(
    (text, usage): (&'static str, Usage),
    endpoint: Endpoint,
    model: &str,
    stream: bool,
    now: Timestamp,
) -> Response<ProxyBody> {
    let shape = shape::Shape {
        text,
        usage,
        endpoint,
        model,
        created: now.micros() / 1_000_000,
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

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn a_quiet_answer_says_one_word_in_every_dialect() {
        let now = Timestamp::from_micros(1);
        for endpoint in [
            Endpoint::ChatCompletions,
            Endpoint::Responses,
            Endpoint::Messages,
        ] {
            for stream in [true, false] {
                let answer = quiet(endpoint, "m", stream, now);
                let body = answer.into_body().collect().await.unwrap().to_bytes();
                let text = String::from_utf8(body.to_vec()).unwrap();
                assert!(text.contains("\"HEARTBEAT_OK\""), "{endpoint:?} {text}");
                assert!(!text.contains("canned answer"), "{endpoint:?} {text}");
            }
        }
    }
}
