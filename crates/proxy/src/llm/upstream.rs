//! The call to the vendor: what is sent, with which credential, and what of the answer comes back.
//!
//! Both directions go by allow list. The instance's own credentials stay here, the vendor's account headers stay here, and the provider key is
//! in no answer: an error that quotes it is rewritten.

use creel_domain::{Api, Provider};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, Response, body::Incoming};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout_at};

use super::{
    endpoint::{Endpoint, Target},
    meter::Meter,
    refusal::Refusal,
    relay::Relay,
    request::Ask,
    scan::Scanner,
};
use crate::{
    Context,
    body::{self, ProxyBody},
    guard,
    snapshot::Upstream,
};

/// Headers of the instance that the vendor sees.
const TO_VENDOR: &[&str] = &[
    "accept",
    "anthropic-beta",
    "anthropic-version",
    "openai-beta",
    "user-agent",
];
/// Headers of the vendor that the instance sees. Not among them: cookies, the account's organisation, its rate limits.
const TO_INSTANCE: &[&str] = &[
    "cache-control",
    "content-encoding",
    "content-type",
    "request-id",
    "retry-after",
    "retry-after-ms",
    "x-request-id",
    "x-should-retry",
];
/// Anthropic refuses requests without a version.
const ANTHROPIC_VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");
/// Longest error body that is passed on, bytes; a longer one is replaced.
const ERROR_BYTES: usize = 64 * 1024;

/// Calls the vendor and returns its answer, metered.
pub(super) async fn call(
    (parts, bytes): (&Parts, bytes::Bytes),
    ask: &Ask,
    target: Target,
    upstream: &Upstream,
    mut meter: Meter,
    context: &Context,
) -> Result<Response<ProxyBody>, Refusal> {
    let deadline = Instant::now() + context.options.call_timeout;
    let bytes = ask.rewritten.clone().unwrap_or(bytes);
    let request = match request(parts, bytes, target, upstream) {
        Ok(request) => request,
        Err(why) => return Err(fail(meter, why)),
    };
    meter.sent();
    match send(request, ask, target, upstream, deadline, context).await {
        Err(why) => Err(fail(meter, why)),
        Ok(answer) if answer.status().is_success() => {
            Ok(relay(answer, meter, target, deadline, context))
        }
        Ok(answer) => explain(answer, meter, target, upstream, deadline).await,
    }
}

fn fail(meter: Meter, why: Refusal) -> Refusal {
    meter.failed(why.status().as_u16());
    why
}

fn request(
    parts: &Parts,
    bytes: bytes::Bytes,
    target: Target,
    upstream: &Upstream,
) -> Result<Request<ProxyBody>, Refusal> {
    let uri =
        uri(upstream, target, parts.uri.query()).ok_or(Refusal::AddressRefused(target.provider))?;
    let mut request = Request::new(body::full(bytes));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    copy(&parts.headers, headers, TO_VENDOR);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    // Usage must be readable on the way back.
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    if let Some(key) = upstream.keys.first() {
        attach(headers, key, upstream.api).ok_or(Refusal::NoProviderKey(target.provider))?;
    }
    if upstream.api == Api::AnthropicMessages {
        headers
            .entry("anthropic-version")
            .or_insert(ANTHROPIC_VERSION);
    }
    Ok(request)
}

/// The vendor's URL: its base, the endpoint's path, and of the query only what a vendor's own SDK adds.
fn uri(upstream: &Upstream, target: Target, query: Option<&str>) -> Option<Uri> {
    let path = match target.endpoint {
        Endpoint::ChatCompletions => "chat/completions",
        Endpoint::Responses => "responses",
        Endpoint::Messages => "v1/messages",
        Endpoint::Models => return None,
    };
    let mut url = upstream.base_url.clone();
    url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if target.endpoint == Endpoint::Messages && query == Some("beta=true") {
        url.set_query(query);
    }
    url.as_str().parse().ok()
}

fn attach(headers: &mut HeaderMap, key: &SecretString, api: Api) -> Option<()> {
    let (name, text) = match api {
        Api::AnthropicMessages => ("x-api-key", key.expose_secret().to_owned()),
        Api::OpenAiCompletions | Api::OpenAiResponses => {
            ("authorization", format!("Bearer {}", key.expose_secret()))
        }
    };
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Some(())
}

fn copy(from: &HeaderMap, to: &mut HeaderMap, names: &'static [&'static str]) {
    for name in names {
        if let Some(value) = from.get(*name) {
            to.insert(HeaderName::from_static(name), value.clone());
        }
    }
}

async fn send(
    request: Request<ProxyBody>,
    ask: &Ask,
    target: Target,
    upstream: &Upstream,
    deadline: Instant,
    context: &Context,
) -> Result<Response<Incoming>, Refusal> {
    let client = if upstream.guard {
        &context.outbound.guarded
    } else {
        &context.outbound.direct
    };
    // A streaming vendor begins at once; one that answers whole may think for as long as a call may last.
    let silence = Instant::now() + context.options.idle_timeout;
    let head = if ask.stream {
        silence.min(deadline)
    } else {
        deadline
    };
    match timeout_at(head, client.request(request)).await {
        Err(_) => Err(Refusal::Timeout(target.provider)),
        Ok(Err(why)) => Err(unreachable(&why, target.provider)),
        Ok(Ok(answer)) => Ok(answer),
    }
}

fn unreachable(why: &hyper_util::client::legacy::Error, provider: &'static Provider) -> Refusal {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(why);
    let mut chain = Vec::new();
    while let Some(error) = cause {
        if error.is::<guard::Refused>() {
            return Refusal::AddressRefused(provider);
        }
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::TimedOut)
        {
            return Refusal::Timeout(provider);
        }
        chain.push(error.to_string());
        cause = error.source();
    }
    tracing::warn!(
        provider = provider.id,
        error = chain.join(": "),
        "{} cannot be reached",
        provider.name
    );
    Refusal::Unreachable(provider)
}

/// A model's answer, on its way while it is made.
fn relay(
    answer: Response<Incoming>,
    mut meter: Meter,
    target: Target,
    deadline: Instant,
    context: &Context,
) -> Response<ProxyBody> {
    let (parts, inner) = answer.into_parts();
    let events = is_events(&parts.headers).then(|| target.dialect());
    let scanner = if events.is_some() {
        Scanner::events()
    } else {
        Scanner::document()
    };
    meter.answered(parts.status.as_u16(), scanner);
    // A whole document comes in one go once it is made, so silence within it is the same fault.
    let idle = context.options.idle_timeout;
    let relay = Relay::new(body::streamed(inner), meter, events, idle, deadline);
    let mut response = Response::new(body::streamed(relay));
    *response.status_mut() = parts.status;
    copy(&parts.headers, response.headers_mut(), TO_INSTANCE);
    response
}

fn is_events(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// A vendor's error: passed on when it is a short JSON text without the key, told in our words otherwise.
async fn explain(
    answer: Response<Incoming>,
    meter: Meter,
    target: Target,
    upstream: &Upstream,
    deadline: Instant,
) -> Result<Response<ProxyBody>, Refusal> {
    let (parts, body) = answer.into_parts();
    let (status, provider) = (parts.status, target.provider);
    if status.is_redirection() || status.is_informational() {
        return Err(fail(meter, Refusal::Redirect(provider)));
    }
    meter.failed(status.as_u16());
    if status == StatusCode::UNAUTHORIZED {
        // Vendors quote a part of the key here.
        return Err(Refusal::ProviderKeyRefused(provider, status));
    }
    let text = timeout_at(deadline, Limited::new(body, ERROR_BYTES).collect()).await;
    let text = text
        .ok()
        .and_then(Result::ok)
        .map(http_body_util::Collected::to_bytes);
    let Some(text) = text.filter(|t| passable(t, upstream.keys.first())) else {
        return Err(Refusal::VendorError(provider, status));
    };
    let mut response = Response::new(body::full(text));
    *response.status_mut() = status;
    copy(&parts.headers, response.headers_mut(), TO_INSTANCE);
    Ok(response)
}

fn passable(text: &[u8], key: Option<&SecretString>) -> bool {
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(text).is_ok();
    let quotes_key = key.is_some_and(|key| {
        let key = key.expose_secret().as_bytes();
        !key.is_empty() && text.windows(key.len()).any(|w| w == key)
    });
    object && !quotes_key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(base: &str) -> Upstream {
        Upstream {
            api: Api::AnthropicMessages,
            base_url: base.parse().unwrap(),
            keys: Vec::new(),
            owned_by_tenant: false,
            guard: false,
        }
    }

    #[test]
    fn urls_are_the_base_and_the_dialects_path() {
        let target = |path| Target::parse(&Method::POST, path).unwrap();
        let messages = target("/llm/anthropic/v1/messages");
        let to = |base, target, query| uri(&upstream(base), target, query).unwrap().to_string();
        assert_eq!(
            to("https://a.example", messages, None),
            "https://a.example/v1/messages"
        );
        assert_eq!(
            to("https://a.example/x/", messages, Some("beta=true")),
            "https://a.example/x/v1/messages?beta=true"
        );
        assert_eq!(
            to("https://a.example", messages, Some("x=1")),
            "https://a.example/v1/messages"
        );
        let chat = target("/llm/custom/v1/chat/completions");
        assert_eq!(
            to("https://u:p@a.example/v1?v=2#f", chat, None),
            "https://a.example/v1/chat/completions?v=2"
        );
    }

    #[test]
    fn errors_that_quote_the_key_or_are_no_json_do_not_pass() {
        let key: SecretString = "sk-secret".into();
        assert!(passable(b"{\"error\":{}}", Some(&key)));
        assert!(!passable(b"{\"error\":\"sk-secret is bad\"}", Some(&key)));
        assert!(!passable(b"<html>", None));
    }
}
