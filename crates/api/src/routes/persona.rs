//! Templates of personas.

use axum::Json;
use creel_control::persona::TEMPLATES;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    extract::{Authorized, SignedIn},
    openapi::{READS, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct PersonaList {
    items: Vec<PersonaView>,
}

/// A text to begin with.
#[derive(Serialize, ToSchema)]
struct PersonaView {
    id: &'static str,
    name: &'static str,
    /// One sentence.
    summary: &'static str,
    /// The whole text, written to the agent.
    text: &'static str,
}

/// Templates of personas, the most general first.
#[utoipa::path(get, path = "/personas", tag = "draft", operation_id = "list_personas", responses((status = 200, body = PersonaList)))]
async fn list(_who: Authorized<SignedIn>) -> Json<PersonaList> {
    let view = |template: &creel_control::persona::Template| PersonaView {
        id: template.id,
        name: template.name,
        summary: template.summary,
        text: template.text(),
    };
    Json(PersonaList {
        items: TEMPLATES.iter().map(view).collect(),
    })
}
