//! The Telegram channel of an instance.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{
    Core,
    channel::telegram,
    instance::{BotSource, TelegramRequest},
};
use creel_domain::Slug;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{instance::SlugPath, operation::OperationBody};
use crate::{
    error::{Error, Result},
    extract::{Authorized, Body, InstanceWrite, Param},
    openapi::{Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(
            connect,
            audited(
                "channel.telegram.connect",
                &[Reach::Db, Reach::Engine, Reach::HttpOut]
            )
        ))
        .routes(guarded!(
            disconnect,
            audited("channel.telegram.disconnect", &[Reach::Db, Reach::Engine])
        ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectTelegram {
    /// Bot token from BotFather. Checked with Telegram, kept by us, never given back and never given to the agent. Either this or `claim`.
    #[schema(value_type = Option<String>, format = "password")]
    token: Option<SecretString>,
    /// A claim, `clm_…`, that has the token already.
    claim: Option<String>,
    /// Numeric Telegram ids of the people who may talk to the agent; as many as the plan allows. With a claim, whoever pressed Start if absent.
    #[serde(default)]
    allow_from: Vec<i64>,
    /// Another Bot API; only for operators and only on a loopback address.
    api_base: Option<String>,
}

impl TryFrom<ConnectTelegram> for TelegramRequest {
    type Error = creel_control::Error;
    fn try_from(asked: ConnectTelegram) -> Result<Self, Self::Error> {
        let invalid = creel_control::Error::invalid;
        let bot = match (asked.token, asked.claim) {
            (Some(token), None) => BotSource::Token(token),
            (None, Some(id)) => BotSource::Claim(
                id.parse()
                    .map_err(|_| invalid("telegram.claim", "is not the id of a claim"))?,
            ),
            (None, None) => return Err(invalid("telegram.token", "is missing")),
            (Some(_), Some(_)) => {
                return Err(invalid("telegram.claim", "and a token are one too many"));
            }
        };
        if matches!(bot, BotSource::Claim(_)) && asked.api_base.is_some() {
            return Err(invalid("telegram.api_base", "is the claim's own already"));
        }
        Ok(Self {
            bot,
            allow_from: asked.allow_from,
            api_base: asked.api_base,
        })
    }
}

type Answer = Result<(StatusCode, Json<OperationBody>)>;

/// Connects or replaces the instance's Telegram bot.
#[utoipa::path(put, path = "/instances/{slug}/channels/telegram", tag = "channel", operation_id = "connect_telegram", params(SlugPath),
    request_body = ConnectTelegram, responses((status = 202, body = OperationBody)))]
async fn connect(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Body(asked): Body<ConnectTelegram>,
) -> Answer {
    let here = |field: &'static str| field.strip_prefix("telegram.").unwrap_or(field);
    let connected = async {
        let asked = asked.try_into()?;
        telegram::connect(&core, &who, &slug, asked).await
    };
    let operation = connected
        .await
        .map_err(|error| Error::renamed(error, here))?;
    Ok((StatusCode::ACCEPTED, Json(operation.into())))
}

/// Disconnects the instance's Telegram bot and forgets its token.
#[utoipa::path(delete, path = "/instances/{slug}/channels/telegram", tag = "channel", operation_id = "disconnect_telegram", params(SlugPath),
    responses((status = 202, body = OperationBody)))]
async fn disconnect(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Answer {
    let operation = telegram::disconnect(&core, &who, &slug).await?;
    Ok((StatusCode::ACCEPTED, Json(operation.into())))
}
