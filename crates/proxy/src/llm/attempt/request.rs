//! The request to the vendor: what is sent, where to, and with which credential.
//!
//! By allow list. The instance's own credentials stay here; the provider key goes to the one address that it was entered for.

use creel_domain::Api;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use hyper::Request;
use secrecy::{ExposeSecret as _, SecretString};

use super::candidate::Candidate;
use crate::{
    ProxyBody, body,
    llm::{Call, copy, endpoint::Endpoint, refusal::Refusal},
};

/// Headers of the instance that the vendor sees.
static TO_VENDOR: [HeaderName; 5] = [
    header::ACCEPT,
    HeaderName::from_static("anthropic-beta"),
    VERSION,
    HeaderName::from_static("openai-beta"),
    header::USER_AGENT,
];
/// Anthropic refuses requests without a version.
const VERSION: HeaderName = HeaderName::from_static("anthropic-version");
const OLDEST_VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Usage must be readable on the way back.
const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

/// The request that asks a candidate.
pub(super) fn build(
    candidate: Candidate<'_>,
    call: &Call<'_>,
) -> Result<Request<ProxyBody>, Refusal> {
    let provider = candidate.target.provider;
    let to = |candidate| Some((uri(candidate, call.query)?, host(candidate)?));
    let (uri, host) = to(candidate).ok_or(Refusal::AddressRefused(provider))?;
    let mut request = Request::new(body::pieces(call.ask.sending(candidate.model)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(header::HOST, host);
    copy(call.headers, headers, &TO_VENDOR);
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::ACCEPT_ENCODING, IDENTITY);
    if let Some(key) = candidate.key {
        attach(headers, key, candidate).ok_or(Refusal::NoProviderKey(provider))?;
    }
    if provider.api == Api::AnthropicMessages {
        headers.entry(VERSION).or_insert(OLDEST_VERSION);
    }
    Ok(request)
}

/// Path and query at the vendor: its base, the endpoint's path, and of the query only what a vendor's own SDK adds.
fn uri(candidate: Candidate<'_>, query: Option<&str>) -> Option<Uri> {
    let base = &candidate.upstream.base_url;
    let endpoint = candidate.target.endpoint;
    let path = match endpoint {
        Endpoint::ChatCompletions => "chat/completions",
        Endpoint::Responses => "responses",
        Endpoint::Embeddings => "embeddings",
        Endpoint::Messages => "v1/messages",
        Endpoint::CountTokens => "v1/messages/count_tokens",
        Endpoint::Generate => return native(candidate, "generateContent", None),
        Endpoint::StreamGenerate => {
            let events = query.filter(|query| *query == "alt=sse");
            return native(candidate, "streamGenerateContent", events);
        }
        Endpoint::CountGoogle => return native(candidate, "countTokens", None),
        Endpoint::Models => return None,
    };
    let anthropic = matches!(endpoint, Endpoint::Messages | Endpoint::CountTokens);
    let beta = query.filter(|query| anthropic && *query == "beta=true");
    join(base.path(), path, beta.or(base.query()))
}

/// Google's own API lies beside the one that speaks OpenAI's dialect.
fn native(candidate: Candidate<'_>, verb: &str, query: Option<&str>) -> Option<Uri> {
    let path = candidate.upstream.base_url.path().trim_end_matches('/');
    let path = path.strip_suffix("/openai").unwrap_or(path);
    join(path, &format!("models/{}:{verb}", candidate.model), query)
}

fn join(path: &str, rest: &str, query: Option<&str>) -> Option<Uri> {
    let path = path.trim_end_matches('/');
    let (mark, query) = query.map_or(("", ""), |query| ("?", query));
    Uri::try_from([path, "/", rest, mark, query].concat()).ok()
}

/// Without user and password of the base.
fn host(candidate: Candidate<'_>) -> Option<HeaderValue> {
    let base = &candidate.upstream.base_url;
    let host = base.host_str()?;
    match base.port() {
        Some(port) => HeaderValue::try_from(format!("{host}:{port}")),
        None => HeaderValue::from_str(host),
    }
    .ok()
}

fn attach(headers: &mut HeaderMap, key: &SecretString, candidate: Candidate<'_>) -> Option<()> {
    let endpoint = candidate.target.endpoint;
    let native = matches!(
        endpoint,
        Endpoint::Generate | Endpoint::StreamGenerate | Endpoint::CountGoogle
    );
    let secret = key.expose_secret();
    let (name, value) = match candidate.upstream.api {
        _ if native => ("x-goog-api-key", HeaderValue::from_str(secret)),
        Api::AnthropicMessages => ("x-api-key", HeaderValue::from_str(secret)),
        Api::OpenAiCompletions | Api::OpenAiResponses => (
            "authorization",
            HeaderValue::try_from(format!("Bearer {secret}")),
        ),
    };
    let mut value = value.ok()?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{llm::endpoint::Target, snapshot::Upstream};

    fn to(base: &str, path: &str, query: Option<&str>) -> String {
        let upstream = Upstream {
            api: Api::OpenAiResponses,
            base_url: base.parse().unwrap(),
            keys: Vec::new(),
            owned_by_tenant: false,
            guard: false,
        };
        let target = Target::parse(&Method::POST, path).unwrap();
        let candidate = Candidate {
            target,
            upstream: &upstream,
            key: None,
            model: "gemini-3",
        };
        let host = host(candidate).unwrap();
        format!(
            "{}{}",
            host.to_str().unwrap(),
            uri(candidate, query).unwrap()
        )
    }

    #[test]
    fn urls_are_the_base_and_the_dialects_path() {
        for (base, path, query, wanted) in [
            (
                "https://a.example",
                "/llm/anthropic/v1/messages",
                None,
                "a.example/v1/messages",
            ),
            (
                "https://a.example/x/",
                "/llm/anthropic/v1/messages",
                Some("beta=true"),
                "a.example/x/v1/messages?beta=true",
            ),
            (
                "https://a.example",
                "/llm/anthropic/v1/messages",
                Some("x=1"),
                "a.example/v1/messages",
            ),
            (
                "https://a.example",
                "/llm/anthropic/v1/messages/count_tokens",
                Some("beta=true"),
                "a.example/v1/messages/count_tokens?beta=true",
            ),
            (
                "https://u:p@a.example/v1?v=2#f",
                "/llm/custom/v1/chat/completions",
                None,
                "a.example/v1/chat/completions?v=2",
            ),
            (
                "http://[::1]:8080/v1",
                "/llm/custom/v1/embeddings",
                Some("beta=true"),
                "[::1]:8080/v1/embeddings",
            ),
        ] {
            assert_eq!(to(base, path, query), wanted);
        }
    }

    #[test]
    fn googles_own_api_lies_beside_the_one_in_openais_dialect() {
        let stream = "/llm/google/v1beta/models/asked:streamGenerateContent";
        for base in [
            "https://g.example/v1beta/openai",
            "https://g.example/v1beta/openai/",
            "https://g.example/v1beta",
        ] {
            assert_eq!(
                to(base, stream, Some("alt=sse")),
                "g.example/v1beta/models/gemini-3:streamGenerateContent?alt=sse"
            );
        }
        assert_eq!(
            to("https://g.example/v1beta", stream, Some("key=AIza&alt=sse")),
            "g.example/v1beta/models/gemini-3:streamGenerateContent"
        );
    }
}
