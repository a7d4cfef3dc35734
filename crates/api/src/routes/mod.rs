//! One file per resource: its requests, its answers, its handlers.

mod audit;
mod auth;
mod channel;
mod document;
mod instance;
mod lifecycle;
mod log;
mod me;
mod operation;
mod page;
mod plan;
mod probe;
mod provider;
mod release;
mod secret;
mod token;
mod usage;

use utoipa_axum::router::OpenApiRouter;

use crate::{openapi::BASE, state::AppState};

/// All of them.
pub(crate) fn all() -> OpenApiRouter<AppState> {
    let versioned = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(me::routes())
        .merge(instance::routes())
        .merge(lifecycle::routes())
        .merge(log::routes())
        .merge(usage::routes())
        .merge(secret::routes())
        .merge(channel::routes())
        .merge(operation::routes())
        .merge(provider::routes())
        .merge(plan::routes())
        .merge(token::routes())
        .merge(release::routes())
        .merge(audit::routes())
        .merge(document::routes());
    OpenApiRouter::new()
        .nest(BASE, versioned)
        .merge(probe::routes())
}
