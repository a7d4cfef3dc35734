//! What of a vendor's answer comes back: which answers are a model's, and what is said of the others.
//!
//! By allow list. The vendor's account headers stay here, and the provider key is in no answer: an error that quotes it is told in our words.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, response::Parts};
use http_body_util::{BodyExt as _, Limited};
use hyper::Response;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout_at};

use super::{Attempt, Step, Told, candidate::Candidate};
use crate::{
    body,
    llm::{
        breaker::{Failure, Trial},
        meter::Meter,
        outcome::Outcome,
        refusal::Refusal,
    },
    outbound::Answer,
};

/// Headers of the vendor that the instance sees. Not among them: cookies, the account's organisation, its rate limits.
static TO_INSTANCE: [HeaderName; 8] = [
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    HeaderName::from_static("request-id"),
    header::RETRY_AFTER,
    HeaderName::from_static("retry-after-ms"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-should-retry"),
];
/// Longest error body that is passed on, bytes; a longer one is replaced.
const ERROR_BYTES: usize = 64 * 1024;
/// How long an error's body is waited for.
const ERROR_TIME: Duration = Duration::from_secs(10);

/// Copies what the instance may see; a value that quotes the key is none of it.
pub(super) fn copy_back(from: &HeaderMap, to: &mut HeaderMap, key: Option<&SecretString>) {
    for name in &TO_INSTANCE {
        let plain = |value: &&HeaderValue| !quotes(value.as_bytes(), key);
        if let Some(value) = from.get(name).filter(plain) {
            to.insert(name, value.clone());
        }
    }
}

/// Whether this can be a model's answer. A page for people with status 200 is none.
pub(super) fn is_answer(answer: &Response<Answer>) -> bool {
    let page = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    answer.status().is_success() && !page
}

/// Whether an answer comes plain, as was asked for.
pub(super) fn is_readable(headers: &HeaderMap) -> bool {
    let encoding = headers.get(header::CONTENT_ENCODING);
    encoding.is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Whether an answer comes in events.
pub(super) fn is_events(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// Settles an attempt whose answer is no model's, and says what the client is told.
pub(super) async fn explain(
    answer: Response<Answer>,
    meter: Meter,
    trial: Trial,
    attempt: Attempt<'_>,
) -> Step {
    let candidate = attempt.candidate;
    let (parts, body) = answer.into_parts();
    let again = may_pass(parts.status, candidate.upstream.owned_by_tenant);
    if again && parts.status != StatusCode::UNAUTHORIZED {
        trial.failed(Failure {
            words: format!("status {}", parts.status.as_u16()),
            wait: wait(&parts.headers),
            at: attempt.context.clock.now(),
        });
    } else {
        trial.answered();
    }
    let deadline = attempt.deadline.min(Instant::now() + ERROR_TIME);
    let told = tell(parts, body, meter, candidate, deadline).await;
    Step::Failed { told, again }
}

/// Whether another key or vendor may fare better. A refused key or an empty account of the platform's is the platform's trouble, not the caller's.
fn may_pass(status: StatusCode, own_key: bool) -> bool {
    match status.as_u16() {
        200..300 | 408 | 429 | 500.. => true,
        401 | 402 => !own_key,
        _ => false,
    }
}

async fn tell(
    parts: Parts,
    body: Answer,
    meter: Meter,
    candidate: Candidate<'_>,
    deadline: Instant,
) -> Told {
    let (status, provider) = (parts.status, candidate.target.provider);
    let why = match status.as_u16() {
        200..300 => Refusal::Garbled(provider),
        ..=399 => Refusal::Redirect(provider),
        // Vendors quote a part of the key here.
        401 => Refusal::ProviderKeyRefused(provider, status),
        _ => Refusal::VendorError(provider, status),
    };
    if status.is_success() {
        // Something was made, and what it cost stands in nothing that we can read.
        meter.lost(why.status().as_u16(), Outcome::Garbled);
        return Err(why);
    }
    let ours = if status.is_redirection() {
        why.status()
    } else {
        status
    };
    meter.refused(ours.as_u16(), Outcome::of_status(status));
    if !matches!(why, Refusal::VendorError(..)) {
        return Err(why);
    }
    let text = timeout_at(deadline, Limited::new(body, ERROR_BYTES).collect()).await;
    let text = text
        .ok()
        .and_then(Result::ok)
        .map(http_body_util::Collected::to_bytes);
    let Some(text) = text.filter(|text| passable(text, candidate.key)) else {
        return Err(why);
    };
    let mut response = Response::new(body::full(text));
    *response.status_mut() = status;
    copy_back(&parts.headers, response.headers_mut(), candidate.key);
    Ok(response)
}

/// The time that a vendor asks to be left alone. A date instead of seconds is not understood and counts as none.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    number("retry-after-ms")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
}

/// Whether an error can be passed on: a JSON object that quotes the key neither as it stands nor once its escapes are read.
fn passable(text: &[u8], key: Option<&SecretString>) -> bool {
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(text);
    object.is_ok_and(|object| {
        let read = serde_json::Value::Object(object).to_string();
        !quotes(text, key) && !quotes(read.as_bytes(), key)
    })
}

fn quotes(text: &[u8], key: Option<&SecretString>) -> bool {
    key.is_some_and(|key| {
        let key = key.expose_secret().as_bytes();
        !key.is_empty() && memchr::memmem::find(text, key).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_quote_the_key_or_are_no_json_do_not_pass() {
        let key: SecretString = "sk-secret".into();
        assert!(passable(b"{\"error\":{}}", Some(&key)));
        assert!(!passable(b"{\"error\":\"sk-secret is bad\"}", Some(&key)));
        assert!(!passable(b"{\"error\":\"sk\\u002dsecret\"}", Some(&key)));
        assert!(!passable(b"<html>", None));
    }

    #[test]
    fn headers_that_quote_the_key_do_not_pass() {
        let key: SecretString = "sk-secret".into();
        let of = |value| {
            HeaderMap::from_iter([(TO_INSTANCE[6].clone(), HeaderValue::from_static(value))])
        };
        let mut passed = HeaderMap::new();
        copy_back(&of("req_1"), &mut passed, Some(&key));
        assert_eq!(passed, of("req_1"));
        let mut kept = HeaderMap::new();
        copy_back(&of("for sk-secret"), &mut kept, Some(&key));
        assert!(kept.is_empty());
    }

    #[test]
    fn a_time_to_wait_is_read_in_seconds_and_milliseconds() {
        let of = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            wait(&headers)
        };
        assert_eq!(of("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(
            of("retry-after-ms", "250"),
            Some(Duration::from_millis(250))
        );
        assert_eq!(of("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"), None);
        assert_eq!(of("retry-after", "-1"), None);
    }
}
