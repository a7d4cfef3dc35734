//! The wizard's draft: one per person and tenant, saved at each step, gone on with anywhere.

mod view;

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{Core, draft};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    claim::{CheckTelegram, TelegramClaim, here},
    instance::{CreatedView, created_view},
};
use crate::{
    error::{Error, Result},
    extract::{Authorized, Body, InstanceWrite, SecretWrite},
    openapi::{Effects, READS, Reach, audited, guarded},
    state::AppState,
};
use view::{Draft, DraftKey, PutDraft};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const OUT: &[Reach] = &[Reach::Db, Reach::HttpOut];
    // A draft does nothing to anybody; what lasts is audited when it is created.
    const KEPT: Effects = Effects {
        audit: None,
        reach: &[Reach::Db],
    };
    OpenApiRouter::new()
        .routes(guarded!(get, READS))
        .routes(guarded!(put, KEPT))
        .routes(guarded!(delete, KEPT))
        .routes(guarded!(put_key, audited("draft.key.put", OUT)))
        .routes(guarded!(
            delete_key,
            audited("draft.key.delete", &[Reach::Db])
        ))
        .routes(guarded!(
            put_telegram,
            audited("telegram.claim.create", OUT)
        ))
        .routes(guarded!(
            delete_telegram,
            audited("telegram.claim.delete", &[Reach::Db])
        ))
        .routes(guarded!(
            create,
            audited(
                "instance.create",
                &[Reach::Db, Reach::Engine, Reach::HttpOut]
            )
        ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutDraftKey {
    /// Provider id.
    provider: String,
    /// The key. It is never given back.
    #[schema(value_type = String, format = "password", max_length = 512)]
    value: SecretString,
    /// Base URL of the API, only for the provider `custom`. The key is bound to it.
    base_url: Option<String>,
}

/// The caller's draft; an empty one if there is none.
#[utoipa::path(get, path = "/draft", tag = "draft", operation_id = "get_draft", responses((status = 200, body = Draft)))]
async fn get(who: Authorized<InstanceWrite>, State(core): State<Core>) -> Result<Json<Draft>> {
    Ok(Json(draft::get(&core, &who).await?.into()))
}

/// Merges into the draft: an absent field is kept, an empty text clears.
#[utoipa::path(put, path = "/draft", tag = "draft", operation_id = "put_draft", request_body = PutDraft,
    responses((status = 200, body = Draft)))]
async fn put(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Body(asked): Body<PutDraft>,
) -> Result<Json<Draft>> {
    let patch = asked.try_into()?;
    Ok(Json(draft::put(&core, &who, patch).await?.into()))
}

/// Throws the draft away with its key and its bot.
#[utoipa::path(delete, path = "/draft", tag = "draft", operation_id = "delete_draft", responses((status = 204)))]
async fn delete(who: Authorized<InstanceWrite>, State(core): State<Core>) -> Result<StatusCode> {
    draft::delete(&core, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the vendor about a key and, if it is accepted, seals it for the draft.
#[utoipa::path(put, path = "/draft/key", tag = "draft", operation_id = "put_draft_key", request_body = PutDraftKey,
    responses((status = 200, body = DraftKey)))]
async fn put_key(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Body(asked): Body<PutDraftKey>,
) -> Result<Json<DraftKey>> {
    let (provider, base_url) = (&asked.provider, asked.base_url.as_deref());
    let key = draft::put_key(&core, &who, provider, asked.value, base_url).await?;
    Ok(Json(key.into()))
}

/// Forgets the draft's key.
#[utoipa::path(delete, path = "/draft/key", tag = "draft", operation_id = "delete_draft_key", responses((status = 204)))]
async fn delete_key(who: Authorized<SecretWrite>, State(core): State<Core>) -> Result<StatusCode> {
    draft::delete_key(&core, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a bot's token for the draft and gives the link to press Start under.
#[utoipa::path(put, path = "/draft/telegram", tag = "draft", operation_id = "put_draft_telegram", request_body = CheckTelegram,
    responses((status = 200, body = TelegramClaim)))]
async fn put_telegram(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Body(asked): Body<CheckTelegram>,
) -> Result<Json<TelegramClaim>> {
    let made = draft::put_telegram(&core, &who, asked.into()).await;
    let made = made.map_err(|error| Error::renamed(error, here))?;
    Ok(Json(made.into()))
}

/// Forgets the draft's bot.
#[utoipa::path(delete, path = "/draft/telegram", tag = "draft", operation_id = "delete_draft_telegram", responses((status = 204)))]
async fn delete_telegram(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
) -> Result<StatusCode> {
    draft::delete_telegram(&core, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Creates the draft's instance; the draft is gone then. Asked again, it answers the same.
#[utoipa::path(post, path = "/draft/create", tag = "draft", operation_id = "create_draft", responses((status = 201, body = CreatedView)))]
async fn create(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
) -> Result<(StatusCode, Json<CreatedView>)> {
    created_view(&core, draft::create(&core, &who).await?).await
}
