//! Sign-up, sign-in, sign-out. Answers never tell whether an address exists.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{AppendHeaders, IntoResponse},
};
use creel_control::{Core, account};
use http::{HeaderMap, StatusCode, header};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    ApiOptions,
    error::Result,
    extract::{self, Authorized, Body, Client, Public, SignedIn},
    limit::Limits,
    openapi::{Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(sign_up, audited("account.create", &[Reach::Db])))
        .routes(guarded!(log_in, audited("session.create", &[Reach::Db])))
        .routes(guarded!(log_out, audited("session.end", &[Reach::Db])))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUp {
    /// Address; becomes the name of the sign-in.
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// At least ten characters.
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 256)]
    password: SecretString,
    /// The one-time code that Creel printed at its first start; makes the first operator.
    setup_code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogIn {
    /// Address.
    #[schema(format = "email")]
    email: String,
    /// Password.
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

/// What happens next, in words.
#[derive(Serialize, ToSchema)]
struct Accepted {
    message: &'static str,
}

/// The session is in the cookie.
#[derive(Serialize, ToSchema)]
struct LoggedIn {
    /// When the session ends at the latest.
    #[schema(format = "date-time")]
    expires_at: String,
}

/// Makes an account and its tenant. The answer is the same whether or not the address is taken.
#[utoipa::path(post, path = "/auth/signup", tag = "session", request_body = SignUp, responses((status = 202, body = Accepted)))]
async fn sign_up(
    _: Public,
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    Client(client): Client,
    Body(asked): Body<SignUp>,
) -> Result<impl IntoResponse> {
    limits.signup(client)?;
    let SignUp {
        email,
        password,
        setup_code,
    } = asked;
    account::sign_up(
        &core,
        account::SignUp {
            email,
            password,
            setup_code,
        },
    )
    .await?;
    let message = "If this address had no account, it has one now. Sign in.";
    Ok((StatusCode::ACCEPTED, Json(Accepted { message })))
}

/// Opens a session and sets its cookie.
#[utoipa::path(post, path = "/auth/login", tag = "session", request_body = LogIn, responses((status = 200, body = LoggedIn)))]
async fn log_in(
    _: Public,
    State(core): State<Core>,
    State(state): State<AppState>,
    Client(client): Client,
    headers: HeaderMap,
    Body(asked): Body<LogIn>,
) -> Result<impl IntoResponse> {
    state.limits.login(client, &asked.email)?;
    let user_agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let session = account::sign_in(&core, &asked.email, &asked.password, user_agent).await?;
    let seconds = session.expires_at.since(core.clock.now()).as_secs();
    let cookie = extract::cookie(&state.options, &session.cookie, seconds);
    let answer = LoggedIn {
        expires_at: session.expires_at.to_string(),
    };
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(answer)))
}

/// Ends the session of this cookie. With an API token there is none to end.
#[utoipa::path(post, path = "/auth/logout", tag = "session", responses((status = 204)))]
async fn log_out(
    who: Authorized<SignedIn>,
    State(core): State<Core>,
    State(options): State<Arc<ApiOptions>>,
) -> Result<impl IntoResponse> {
    if let Some(session) = who.session() {
        account::sign_out(&core, &who, session).await?;
    }
    let cookie = extract::expired_cookie(&options);
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, cookie)]),
    ))
}
