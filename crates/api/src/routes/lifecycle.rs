//! Start, stop, restart. Each writes a wish and answers with the operation; asking twice is harmless.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{
    Caller, Core,
    instance::{self, Action},
};
use creel_domain::Slug;
use utoipa_axum::router::OpenApiRouter;

use super::{instance::SlugPath, operation::OperationBody};
use crate::{
    error::Result,
    extract::{Authorized, InstanceWrite, Param},
    openapi::{Reach, audited, guarded},
    state::AppState,
};

const BOTH: &[Reach] = &[Reach::Db, Reach::Engine];

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(start, audited("instance.start", BOTH)))
        .routes(guarded!(stop, audited("instance.stop", BOTH)))
        .routes(guarded!(restart, audited("instance.restart", BOTH)))
}

type Answer = Result<(StatusCode, Json<OperationBody>)>;

async fn ask(core: &Core, who: &Caller, slug: &Slug, action: Action) -> Answer {
    let operation = instance::act(core, who, slug, action).await?;
    Ok((StatusCode::ACCEPTED, Json(operation.into())))
}

/// Starts an instance.
#[utoipa::path(post, path = "/instances/{slug}/start", tag = "instance", operation_id = "start_instance", params(SlugPath),
    responses((status = 202, body = OperationBody)))]
async fn start(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Answer {
    ask(&core, &who, &slug, Action::Start).await
}

/// Stops an instance; its state is kept. Works in any state.
#[utoipa::path(post, path = "/instances/{slug}/stop", tag = "instance", operation_id = "stop_instance", params(SlugPath),
    responses((status = 202, body = OperationBody)))]
async fn stop(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Answer {
    ask(&core, &who, &slug, Action::Stop).await
}

/// Stops an instance and starts it with its current settings.
#[utoipa::path(post, path = "/instances/{slug}/restart", tag = "instance", operation_id = "restart_instance", params(SlugPath),
    responses((status = 202, body = OperationBody)))]
async fn restart(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Answer {
    ask(&core, &who, &slug, Action::Restart).await
}
