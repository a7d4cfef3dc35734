//! One call or download, to Telegram and back. Bodies stream both ways; only named headers cross; the URL with the real token is built here
//! and nowhere printed.

use std::{error::Error, time::Duration};

use http_body_util::{LengthLimitError, Limited};
use hyper::{
    Method, Request, Response, StatusCode, Uri,
    body::{Body as _, Incoming},
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::ExposeSecret as _;

use super::{
    answer,
    redact::{self, Redactor},
    tap::{self, Tap},
};
use crate::{
    Context, ProxyBody,
    body::{self, BoxError},
    snapshot::{Route, TelegramRoute},
};

/// Largest request body: Telegram takes files of 50 MB; the rest is the form around them. Lower breaks uploads, higher only wastes traffic.
const MAX_BODY: u64 = 51 * 1024 * 1024;
/// From the first byte of a call to the head of its answer, a 50 MB upload included. OpenClaw gives up after 60 s itself.
const CALL_TIMEOUT: Duration = Duration::from_mins(2);
/// Silence inside an answer after which it is cut. OpenClaw's own limit for downloads is shorter.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// Headers of the instance that reach Telegram. No `accept-encoding`: a compressed answer could not be searched for the token.
const REQUEST_HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::ACCEPT];
/// Headers of Telegram that reach the instance.
const ANSWER_HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::RETRY_AFTER];

/// Passes one method call on.
pub(super) async fn method(
    request: Request<Incoming>,
    name: &'static str,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    if request.body().size_hint().lower() > MAX_BODY {
        return answer::too_large();
    }
    let Some(uri) = method_uri(telegram, name, request.uri().query()) else {
        return answer::not_found();
    };
    let (head, sent) = request.into_parts();
    let limit = usize::try_from(MAX_BODY).unwrap_or(usize::MAX);
    let outgoing = outgoing(
        &head.method,
        uri,
        &head.headers,
        body::streamed(Limited::new(sent, limit)),
    );
    match send(outgoing, CALL_TIMEOUT, context).await {
        Ok(response) => answered(response, name, route, telegram, context),
        Err(failure) => failure.answer(route, name, context),
    }
}

/// Passes one file download on. `path` was checked by [`super::path::is_plain_file`].
pub(super) async fn file(
    path: &str,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    let token = telegram.bot_token.expose_secret();
    let Some(uri) = below(telegram, &format!("file/bot{token}/{path}")) else {
        return answer::not_found();
    };
    let outgoing = outgoing(&Method::GET, uri, &HeaderMap::new(), body::empty());
    match send(outgoing, CALL_TIMEOUT, context).await {
        Ok(response) if response.status() == StatusCode::OK => downloaded(response),
        Ok(response) => answered(response, "file", route, telegram, context),
        Err(failure) => failure.answer(route, "file", context),
    }
}

/// Where a method of the real bot answers.
pub(super) fn method_uri(telegram: &TelegramRoute, name: &str, query: Option<&str>) -> Option<Uri> {
    let token = telegram.bot_token.expose_secret();
    match query {
        Some(query) => below(telegram, &format!("bot{token}/{name}?{query}")),
        None => below(telegram, &format!("bot{token}/{name}")),
    }
}

fn below(telegram: &TelegramRoute, rest: &str) -> Option<Uri> {
    let base = telegram.api_base.as_str().trim_end_matches('/');
    format!("{base}/{rest}").parse().ok()
}

/// A request to Telegram with the headers that may cross.
pub(super) fn outgoing(
    method: &Method,
    uri: Uri,
    headers: &HeaderMap,
    body: ProxyBody,
) -> Request<ProxyBody> {
    let mut request = Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri;
    copy(headers, request.headers_mut(), &REQUEST_HEADERS);
    let agent = HeaderValue::from_static(concat!("creel/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().insert(header::USER_AGENT, agent);
    request
}

/// Why Telegram gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    TimedOut,
    TooLarge,
    Unreachable(hyper_util::client::legacy::Error),
}

/// Sends and waits for the head of the answer.
pub(super) async fn send(
    request: Request<ProxyBody>,
    limit: Duration,
    context: &Context,
) -> Result<Response<Incoming>, Failure> {
    let answer = context.outbound.direct.request(request);
    match tokio::time::timeout(limit, answer).await {
        Err(_) => Err(Failure::TimedOut),
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) if is_over_limit(&error) => Err(Failure::TooLarge),
        Ok(Err(error)) => Err(Failure::Unreachable(error)),
    }
}

impl Failure {
    /// Logs it, once, and says it to the instance without detail: the chain of causes holds addresses of ours.
    pub(super) fn answer(
        self,
        route: &Route,
        method: &str,
        context: &Context,
    ) -> Response<ProxyBody> {
        let instance = route.instance;
        match self {
            Self::TooLarge => {}
            Self::TimedOut => {
                tap::unanswered(method, "Telegram did not answer in time", route, context);
            }
            Self::Unreachable(_) => {
                tap::unanswered(method, "Telegram cannot be reached", route, context);
            }
        }
        match self {
            Self::TooLarge => answer::too_large(),
            Self::TimedOut => {
                tracing::warn!(%instance, method, "telegram did not answer {method} of {instance} in time");
                answer::bad_gateway("Telegram did not answer in time")
            }
            Self::Unreachable(error) => {
                let error: BoxError = error.into();
                tracing::warn!(%instance, method, error, "telegram cannot be reached for {method} of {instance}");
                answer::bad_gateway("Telegram cannot be reached")
            }
        }
    }
}

/// The answer to a method: status kept, the real token replaced wherever it stands.
pub(super) fn answered(
    response: Response<Incoming>,
    method: &str,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    let (head, body) = response.into_parts();
    let redactor = Some(Redactor::new(telegram));
    let tap = Tap::on(method, head.status, route, telegram, context);
    let mut response = Response::new(redact::relay(body, redactor, tap, IDLE_TIMEOUT));
    *response.status_mut() = head.status;
    copy(&head.headers, response.headers_mut(), &ANSWER_HEADERS);
    response
}

/// A file: a person sent it to this bot, so it is passed on as it is, with its length.
fn downloaded(response: Response<Incoming>) -> Response<ProxyBody> {
    let (head, body) = response.into_parts();
    let mut response = Response::new(redact::relay(body, None, None, IDLE_TIMEOUT));
    copy(&head.headers, response.headers_mut(), &ANSWER_HEADERS);
    copy(
        &head.headers,
        response.headers_mut(),
        &[header::CONTENT_LENGTH],
    );
    response
}

fn copy(from: &HeaderMap, to: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        if let Some(value) = from.get(name) {
            to.insert(name, value.clone());
        }
    }
}

/// Whether the instance's body ran over [`MAX_BODY`] while it was being sent.
fn is_over_limit(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
