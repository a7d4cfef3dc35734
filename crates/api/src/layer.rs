//! What every request passes: request id, log span, envelope, panic, timeout, size, headers, CSRF. Order matters and is told at [`wrap`].

use std::{any::Any, sync::Arc, time::Instant};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use creel_domain::{Entropy, token};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{
    error::{ErrorBody, ErrorEnvelope, Refusal},
    extract::csrf,
    maintenance,
    state::AppState,
    ui,
};

/// Largest request body, bytes. The longest legitimate one is a persona of 8 KiB, escaped.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// The console reads no device and takes no payment; it writes the clipboard when a button to copy is pressed.
const NO_DEVICES: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), \
                          display-capture=(), clipboard-read=(), clipboard-write=(self)";

/// From the outside in: the id first, so that everything after can name the request; the envelope outside of whatever may refuse.
pub(crate) fn wrap(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let timeout = state.options.request_timeout;
    let layers = ServiceBuilder::new()
        .layer(middleware::map_request(plain_request_id))
        .layer(SetRequestIdLayer::new(
            REQUEST_ID,
            NewRequestId(Arc::clone(&state.core.entropy)),
        ))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_failure(())
                .on_response(()),
        )
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ))
        .layer(fixed(CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .layer(fixed(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
        .layer(fixed(PERMISSIONS_POLICY, NO_DEVICES))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(middleware::from_fn(measure))
        .layer(middleware::from_fn(envelope))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            timeout,
        ))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), csrf::check))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            maintenance::check,
        ));
    router
        .fallback(ui::answer)
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .layer(layers)
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

fn span(request: &http::Request<axum::body::Body>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>();
    let id = id
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("api.request", request_id = id, method = %request.method(), route = route(request))
}

fn route<B>(request: &http::Request<B>) -> &str {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
}

#[derive(Clone)]
struct NewRequestId(Arc<dyn Entropy>);

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _request: &http::Request<B>) -> Option<RequestId> {
        let mut random = [0u8; 12];
        self.0.fill(&mut random);
        let id = format!("req_{}", token::hex(&random));
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// A caller's own id is kept if it is short and plain; anything else could forge lines of a log.
async fn plain_request_id(mut request: Request) -> Request {
    let plain = request.headers().get(REQUEST_ID).is_some_and(|id| {
        let ordinary = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(ordinary)
    });
    if !plain {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

async fn measure(request: Request, next: Next) -> Response {
    let labels = [
        ("route", route(&request).to_owned()),
        ("method", known_method(&request).to_owned()),
    ];
    let begun = Instant::now();
    let response = next.run(request).await;
    let code = ("code", response.status().as_str().to_owned());
    let [route, method] = labels;
    metrics::histogram!(
        "creel_http_request_duration_seconds",
        &[route, method, code]
    )
    .record(begun.elapsed().as_secs_f64());
    response
}

/// A label's values are ours: an invented method would make an invented time series.
fn known_method(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Writes the one error envelope, also for answers that a library made.
async fn envelope(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let refusal = match response.extensions_mut().remove::<Refusal>() {
        Some(refusal) => refusal,
        None if is_bare(&response) => Refusal::of_status(response.status()),
        None => return response,
    };
    let request_id = id.and_then(|id| id.header_value().to_str().map(str::to_owned).ok());
    let error = ErrorBody {
        code: refusal.code,
        message: refusal.message,
        field: refusal.field,
        hint: refusal.hint,
        request_id: request_id.unwrap_or_default(),
    };
    let mut written = (refusal.status, Json(ErrorEnvelope { error })).into_response();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            written.headers_mut().append(name, value.clone());
        }
    }
    written
}

fn is_bare(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    let failed = response.status().is_client_error() || response.status().is_server_error();
    failed && kind != Some(b"application/json")
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(
        panic = words.as_deref().unwrap_or("no words"),
        "a handler panicked"
    );
    Refusal::internal().into_response()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use creel_domain::SystemEntropy;
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(path: &str) -> (StatusCode, serde_json::Value) {
        let layers = ServiceBuilder::new()
            .layer(SetRequestIdLayer::new(
                REQUEST_ID,
                NewRequestId(Arc::new(SystemEntropy)),
            ))
            .layer(middleware::from_fn(envelope))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::GATEWAY_TIMEOUT,
                std::time::Duration::from_millis(20),
            ));
        let slow = async || tokio::time::sleep(std::time::Duration::from_mins(1)).await;
        let router: Router = Router::new()
            .route("/panic", get(async || -> () { panic!("boom") }))
            .route("/slow", get(slow))
            .layer(layers);
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_and_a_timeout_are_enveloped() {
        let (status, body) = answer("/panic").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body["error"]["code"], "internal");
        assert!(
            body["error"]["request_id"]
                .as_str()
                .unwrap()
                .starts_with("req_")
        );
        assert!(!body.to_string().contains("boom"));
        let (status, body) = answer("/slow").await;
        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(body["error"]["code"], "timeout");
    }
}
