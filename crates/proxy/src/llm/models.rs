//! The list of models, answered from our catalogue: what the plan allows of this provider, in OpenAI's shape (Anthropic's fields beside it) or in
//! Google's.

use creel_domain::provider::Model;
use http::{HeaderValue, header};
use hyper::Response;
use serde_json::{Value, json};

use super::endpoint::{Dialect, Target};
use crate::{
    body::{self, ProxyBody},
    snapshot::LlmRoute,
};

/// Answers `GET models`.
pub(super) fn list(target: Target<'_>, route: &LlmRoute) -> Response<ProxyBody> {
    let provider = target.provider;
    let models = provider
        .models
        .iter()
        .filter(|model| route.allows(&format!("{}/{}", provider.id, model.id)));
    let list = if target.dialect() == Dialect::Google {
        json!({"models": models.map(google).collect::<Vec<_>>()})
    } else {
        let models = models.map(|model| openai(provider.id, model));
        json!({"object": "list", "data": models.collect::<Vec<_>>(), "has_more": false})
    };
    let mut response = Response::new(body::full(list.to_string()));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn openai(provider: &str, model: &Model) -> Value {
    json!({"id": model.id, "object": "model", "type": "model", "created": 0, "owned_by": provider,
           "display_name": model.name, "context_window": model.context_window, "max_tokens": model.max_tokens})
}

fn google(model: &Model) -> Value {
    json!({"name": format!("models/{}", model.id), "displayName": model.name,
           "inputTokenLimit": model.context_window, "outputTokenLimit": model.max_tokens,
           "supportedGenerationMethods": ["generateContent", "streamGenerateContent", "countTokens"]})
}
