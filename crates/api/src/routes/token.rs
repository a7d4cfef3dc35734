//! API tokens of the caller.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{Core, account};
use creel_db::token::Token;
use creel_domain::TokenId;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Body, Param, TokenManage},
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(create, audited("token.create", &[Reach::Db])))
        .routes(guarded!(revoke, audited("token.revoke", &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct TokenPath {
    /// The token, `tok_…`.
    id: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    /// What it is for, in your words.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// Days until it ends, 1 to 366; 90 if absent.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct TokenList {
    items: Vec<TokenView>,
}

#[derive(Serialize, ToSchema)]
struct TokenView {
    id: String,
    name: String,
    /// How the token begins, to recognise it.
    begins_with: String,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    expires_at: String,
    /// To the minute; absent if never used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_used_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CreatedToken {
    #[serde(flatten)]
    row: TokenView,
    /// The token itself. It is shown this once.
    token: String,
}

impl From<Token> for TokenView {
    fn from(row: Token) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            begins_with: format!("creel_{}", row.public),
            created_at: row.created_at.to_string(),
            expires_at: row.expires_at.to_string(),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// Your API tokens, newest first.
#[utoipa::path(get, path = "/tokens", tag = "token", operation_id = "list_tokens", responses((status = 200, body = TokenList)))]
async fn list(who: Authorized<TokenManage>, State(core): State<Core>) -> Result<Json<TokenList>> {
    let rows = account::list_tokens(&core, &who).await?;
    Ok(Json(TokenList {
        items: rows.into_iter().map(Into::into).collect(),
    }))
}

/// Makes an API token with your rights. Its text is in this answer and nowhere else.
#[utoipa::path(post, path = "/tokens", tag = "token", operation_id = "create_token", request_body = CreateToken,
    responses((status = 201, body = CreatedToken)))]
async fn create(
    who: Authorized<TokenManage>,
    State(core): State<Core>,
    Body(asked): Body<CreateToken>,
) -> Result<(StatusCode, Json<CreatedToken>)> {
    let made = account::create_token(&core, &who, &asked.name, asked.expires_in_days).await?;
    let token = made.text.expose_secret().to_owned();
    Ok((
        StatusCode::CREATED,
        Json(CreatedToken {
            row: made.row.into(),
            token,
        }),
    ))
}

/// Revokes a token at once.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "token", operation_id = "revoke_token", params(TokenPath), responses((status = 204)))]
async fn revoke(
    who: Authorized<TokenManage>,
    State(core): State<Core>,
    Param(id): Param<TokenId>,
) -> Result<StatusCode> {
    account::revoke_token(&core, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
