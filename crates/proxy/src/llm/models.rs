//! The list of models, answered from our catalogue: what the plan allows of this provider, in OpenAI's shape (Anthropic's fields beside it).

use creel_domain::Provider;
use http::{HeaderValue, header};
use hyper::Response;
use serde_json::json;

use crate::{
    body::{self, ProxyBody},
    snapshot::LlmRoute,
};

/// Answers `GET models`.
pub(super) fn list(provider: &'static Provider, route: &LlmRoute) -> Response<ProxyBody> {
    let models: Vec<_> = provider
        .models
        .iter()
        .filter(|model| route.allows(&format!("{}/{}", provider.id, model.id)))
        .map(|model| {
            json!({"id": model.id, "object": "model", "type": "model", "created": 0, "owned_by": provider.id,
                   "display_name": model.name, "context_window": model.context_window, "max_tokens": model.max_tokens})
        })
        .collect();
    let mut response = Response::new(body::full(
        json!({"object": "list", "data": models, "has_more": false}).to_string(),
    ));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
