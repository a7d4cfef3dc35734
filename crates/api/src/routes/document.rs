//! The OpenAPI document itself.

use std::sync::Arc;

use axum::{Extension, Json};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    extract::Public,
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(document, READS))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "document", operation_id = "get_openapi", responses((status = 200, body = Object)))]
async fn document(_: Public, Extension(document): Extension<Arc<Value>>) -> Json<Arc<Value>> {
    Json(document)
}
