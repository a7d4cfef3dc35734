//! One file per resource: its requests, its answers, its handlers.

mod account;
mod audit;
mod auth;
mod channel;
mod claim;
mod csp_report;
mod document;
mod draft;
mod instance;
mod lifecycle;
mod log;
mod me;
mod notification;
mod operation;
mod operator;
mod page;
mod persona;
mod plan;
mod probe;
mod provider;
mod release;
mod secret;
mod session;
mod stats;
mod status;
mod token;
mod usage;

use utoipa_axum::router::OpenApiRouter;

use crate::{openapi::BASE, state::AppState};

/// All of them.
pub(crate) fn all() -> OpenApiRouter<AppState> {
    let versioned = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(me::routes())
        .merge(account::routes())
        .merge(session::routes())
        .merge(status::routes())
        .merge(csp_report::routes())
        .merge(instance::routes())
        .merge(lifecycle::routes())
        .merge(log::routes())
        .merge(stats::routes())
        .merge(draft::routes())
        .merge(persona::routes())
        .merge(claim::routes())
        .merge(notification::routes())
        .merge(usage::routes())
        .merge(secret::routes())
        .merge(channel::routes())
        .merge(operation::routes())
        .merge(provider::routes())
        .merge(plan::routes())
        .merge(token::routes())
        .merge(release::routes())
        .merge(audit::routes())
        .merge(operator::routes())
        .merge(document::routes());
    OpenApiRouter::new()
        .nest(BASE, versioned)
        .merge(probe::routes())
}
