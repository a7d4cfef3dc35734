//! Instances: list, create, look, change, delete, health.

mod view;
mod write;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use creel_control::{Core, health, instance};
use creel_db::instance as rows;
use creel_domain::{Phase, Slug};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

pub(super) use view::CreatedView;
use view::{ChangedView, HealthView, InstanceList, InstanceView};
use write::{ChangeInstance, CreateInstance, SetModel, idempotency};

use super::{
    operation::OperationBody,
    page::{Page, cut},
};
use crate::{
    error::{Error, Result},
    extract::{
        Authorized, Body, Hashed, InstanceDelete, InstanceRead, InstanceWrite, Param, Query,
    },
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const BOTH: &[Reach] = &[Reach::Db, Reach::Engine];
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(
            create,
            audited(
                "instance.create",
                &[Reach::Db, Reach::Engine, Reach::HttpOut]
            )
        ))
        .routes(guarded!(get, READS))
        .routes(guarded!(change, audited("instance.change", BOTH)))
        .routes(guarded!(delete, audited("instance.delete", BOTH)))
        .routes(guarded!(set_model, audited("instance.change", BOTH)))
        .routes(guarded!(health_of, READS))
}

/// The path of one instance.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
pub(super) struct SlugPath {
    /// The instance's name.
    #[param(pattern = "^[a-z][a-z0-9-]{1,30}[a-z0-9]$")]
    slug: String,
}

/// Which instances of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Part of the name or slug, in any letter case.
    #[param(max_length = 64)]
    q: Option<String>,
    /// Only those in this state.
    #[param(schema_with = crate::words::phase)]
    state: Option<String>,
}

impl Filter {
    fn matching(self) -> Result<rows::Matching> {
        let text = self.q.filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.len() > 64) {
            return Err(Error::invalid("q", "is longer than 64 bytes"));
        }
        let phase = self.state.map(|word| word.parse::<Phase>()).transpose();
        let phase = phase.map_err(|_| Error::invalid("state", "is not a state"))?;
        Ok(rows::Matching { text, phase })
    }
}

/// The tenant's instances, oldest first.
#[utoipa::path(get, path = "/instances", tag = "instance", operation_id = "list_instances", params(Page, Filter),
    responses((status = 200, body = InstanceList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(page): Query<Page>,
    Query(filter): Query<Filter>,
) -> Result<Json<InstanceList>> {
    let (limit, after) = (page.limit()?, page.after()?);
    let (matching, many) = (filter.matching()?, u64::from(limit) + 1);
    let rows = rows::list(core.db.read(), who.tenant, &matching, after, many).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    let seen = instance::seen(&core, rows).await?;
    Ok(Json(InstanceList {
        items: seen.into_iter().map(InstanceView::from).collect(),
        next,
    }))
}

/// Creates an instance: everything is checked, then written, then built while the operation tells how far it is.
#[utoipa::path(post, path = "/instances", tag = "instance", operation_id = "create_instance", request_body = CreateInstance,
    params(("Idempotency-Key" = Option<String>, Header, description = "Sending the same request again with the same key gives what the first one made; kept for a day.")),
    responses((status = 201, body = CreatedView)))]
async fn create(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    headers: HeaderMap,
    asked: Hashed<CreateInstance>,
) -> Result<impl IntoResponse> {
    let idempotency = idempotency(&who, &headers, asked.sha256)?;
    let here = |field| {
        if field == "base_url" {
            "provider_base_url"
        } else {
            field
        }
    };
    let created = async {
        let asked = asked.value.try_into()?;
        instance::create(&core, &who, asked, idempotency).await
    };
    let created = created.await.map_err(|error| Error::renamed(error, here))?;
    created_view(&core, created).await
}

/// What a create answers, wherever it was asked for.
pub(super) async fn created_view(
    core: &Core,
    created: instance::Created,
) -> Result<(StatusCode, Json<CreatedView>)> {
    let view = CreatedView {
        instance: instance::seen_one(core, created.instance).await?.into(),
        operation: created.operation.into(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// One instance.
#[utoipa::path(get, path = "/instances/{slug}", tag = "instance", operation_id = "get_instance", params(SlugPath),
    responses((status = 200, body = InstanceView)))]
async fn get(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<Json<InstanceView>> {
    let row = instance::get(&core, &who, &slug).await?;
    Ok(Json(instance::seen_one(&core, row).await?.into()))
}

/// Changes settings: an absent field is left, `null` clears. Applied without losing state, by hot reload where OpenClaw can.
#[utoipa::path(patch, path = "/instances/{slug}", tag = "instance", operation_id = "change_instance", params(SlugPath),
    request_body = ChangeInstance, responses((status = 200, body = ChangedView)))]
async fn change(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Body(asked): Body<ChangeInstance>,
) -> Result<Json<ChangedView>> {
    changed(&core, &who, &slug, asked.into()).await
}

/// Sets model and thinking level together; without a level OpenClaw chooses.
#[utoipa::path(put, path = "/instances/{slug}/model", tag = "instance", operation_id = "set_model", params(SlugPath),
    request_body = SetModel, responses((status = 200, body = ChangedView)))]
async fn set_model(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Body(asked): Body<SetModel>,
) -> Result<Json<ChangedView>> {
    changed(&core, &who, &slug, asked.into()).await
}

async fn changed(
    core: &Core,
    who: &creel_control::Caller,
    slug: &Slug,
    patch: instance::Patch,
) -> Result<Json<ChangedView>> {
    let operation = instance::change(core, who, slug, patch).await?;
    let row = instance::get(core, who, slug).await?;
    Ok(Json(ChangedView {
        instance: instance::seen_one(core, row).await?.into(),
        operation: operation.map(Into::into),
    }))
}

/// Deletes an instance with everything it owns. Final; works in any state.
#[utoipa::path(delete, path = "/instances/{slug}", tag = "instance", operation_id = "delete_instance", params(SlugPath),
    responses((status = 202, body = OperationBody)))]
async fn delete(
    who: Authorized<InstanceDelete>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<impl IntoResponse> {
    let operation = instance::act(&core, &who, &slug, instance::Action::Delete).await?;
    Ok((StatusCode::ACCEPTED, Json(OperationBody::from(operation))))
}

/// Whether a message would be answered, and if not, why and what mends it.
#[utoipa::path(get, path = "/instances/{slug}/health", tag = "instance", operation_id = "get_health", params(SlugPath),
    responses((status = 200, body = HealthView)))]
async fn health_of(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<Json<HealthView>> {
    Ok(Json(health::of(&core, &who, &slug).await?.into()))
}
