//! REST under `/api/v1`: who asks, what they may, what goes in and out, and the OpenAPI document that says so.
//!
//! Owns requests and answers, and nothing that lasts: a change of state is one call of `creel-control`, a list is one read of `creel-db`. It must
//! not hold a driver. What is in memory here (rate limits, open event streams) may be lost at any moment; a client resumes with `Last-Event-ID`.

mod csv;
mod error;
mod extract;
mod layer;
mod limit;
mod maintenance;
mod openapi;
mod options;
mod pulse;
mod routes;
mod sse;
mod state;
mod ui;
mod words;

pub use options::{ApiOptions, RateLimits, Setting, SettingSource};
pub use state::ApiState;
pub use ui::{Asset, Assets, Embedded};

/// Every route with its layers. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that rate limits know their client.
pub fn router(state: ApiState) -> axum::Router {
    let state = state::AppState::new(state);
    let (router, document) = openapi::collect();
    let document = std::sync::Arc::new(openapi::finish(document));
    layer::wrap(router.layer(axum::Extension(document)), &state).with_state(state)
}

/// The OpenAPI 3.1 document of this release.
pub fn openapi() -> serde_json::Value {
    openapi::finish(openapi::collect().1)
}
