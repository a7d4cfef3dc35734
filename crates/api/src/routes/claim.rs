//! Telegram bots on their way to an instance: the token goes in, a link comes out, and whoever opens it is found.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{
    Core,
    channel::claim::{self, Ask, Claim, Claimant},
};
use creel_domain::ClaimId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::{Authorized, Body, InstanceRead, InstanceWrite, Param, SecretWrite},
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const OUT: &[Reach] = &[Reach::Db, Reach::HttpOut];
    OpenApiRouter::new()
        .routes(guarded!(create, audited("telegram.claim.create", OUT)))
        .routes(guarded!(get, READS))
        .routes(guarded!(look, audited("telegram.claim.look", OUT)))
        .routes(guarded!(
            delete,
            audited("telegram.claim.delete", &[Reach::Db])
        ))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct ClaimPath {
    /// The claim, `clm_…`.
    id: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckTelegram {
    /// Bot token from BotFather. Checked with Telegram, kept by us, never given back.
    #[schema(value_type = String, format = "password")]
    token: SecretString,
    /// Another Bot API; only for operators and only on a loopback address.
    api_base: Option<String>,
}

impl From<CheckTelegram> for Ask {
    fn from(asked: CheckTelegram) -> Self {
        Self {
            token: asked.token,
            api_base: asked.api_base,
        }
    }
}

/// A bot that waits for its person. Its token is never shown.
#[derive(Serialize, ToSchema)]
pub(super) struct TelegramClaim {
    id: String,
    /// Without `@`.
    bot_username: String,
    bot_name: String,
    /// Last four characters of the token.
    last_four: String,
    /// Opens the bot with the code; whoever presses Start there is the person.
    link: String,
    /// What the link carries, for typing: `/start` and this.
    code: String,
    /// Who pressed Start; absent until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_by: Option<ClaimedBy>,
    #[schema(format = "date-time")]
    expires_at: String,
}

/// The person who pressed Start.
#[derive(Serialize, ToSchema)]
struct ClaimedBy {
    /// Numeric Telegram id.
    id: i64,
    name: String,
    /// Without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

impl From<Claim> for TelegramClaim {
    fn from(claim: Claim) -> Self {
        let link = format!("https://t.me/{}?start={}", claim.bot_username, claim.code);
        Self {
            id: claim.id.to_string(),
            bot_username: claim.bot_username,
            bot_name: claim.bot_name,
            last_four: claim.last_four,
            link,
            code: claim.code,
            claimed_by: claim.claimed.map(Into::into),
            expires_at: claim.expires_at.to_string(),
        }
    }
}

impl From<Claimant> for ClaimedBy {
    fn from(who: Claimant) -> Self {
        Self {
            id: who.id,
            name: who.name,
            username: who.username,
        }
    }
}

/// Here the bot is the whole request, not a part of one.
pub(super) fn here(field: &'static str) -> &'static str {
    field.strip_prefix("telegram.").unwrap_or(field)
}

/// Takes a bot's token and gives the link to press Start under; kept for a day.
#[utoipa::path(post, path = "/telegram/claims", tag = "channel", operation_id = "create_claim", request_body = CheckTelegram,
    responses((status = 201, body = TelegramClaim)))]
async fn create(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Body(asked): Body<CheckTelegram>,
) -> Result<(StatusCode, Json<TelegramClaim>)> {
    let made = claim::create(&core, &who, asked.into()).await;
    let made = made.map_err(|error| Error::renamed(error, here))?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// A bot on its way, as far as is known.
#[utoipa::path(get, path = "/telegram/claims/{id}", tag = "channel", operation_id = "get_claim", params(ClaimPath),
    responses((status = 200, body = TelegramClaim)))]
async fn get(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(id): Param<ClaimId>,
) -> Result<Json<TelegramClaim>> {
    Ok(Json(claim::get(&core, &who, id).await?.into()))
}

/// Asks Telegram whether somebody has pressed Start, at most once a second; in between it answers what is known.
#[utoipa::path(post, path = "/telegram/claims/{id}/look", tag = "channel", operation_id = "look_at_claim", params(ClaimPath),
    responses((status = 200, body = TelegramClaim)))]
async fn look(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(id): Param<ClaimId>,
) -> Result<Json<TelegramClaim>> {
    Ok(Json(claim::look(&core, &who, id).await?.into()))
}

/// Forgets a bot on its way and its token.
#[utoipa::path(delete, path = "/telegram/claims/{id}", tag = "channel", operation_id = "delete_claim", params(ClaimPath),
    responses((status = 204)))]
async fn delete(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(id): Param<ClaimId>,
) -> Result<StatusCode> {
    claim::delete(&core, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
