//! The caller's password and address. Both ask for the present password, and share the limits of sign-in: they could be used to guess it.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use creel_control::{Core, account};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::{Authorized, Body, Client, SignedIn},
    limit::Limits,
    openapi::{Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(
            change_password,
            audited("account.password", &[Reach::Db])
        ))
        .routes(guarded!(
            change_email,
            audited("account.email", &[Reach::Db])
        ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The one that holds now.
    #[schema(value_type = String, format = "password")]
    current_password: SecretString,
    /// At least ten characters.
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 256)]
    new_password: SecretString,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeEmail {
    /// The one that holds now.
    #[schema(value_type = String, format = "password")]
    current_password: SecretString,
    /// Address; becomes the name of the sign-in.
    #[schema(format = "email", max_length = 254)]
    email: String,
}

/// Changes the caller's password and ends all other sessions. API tokens stay.
#[utoipa::path(put, path = "/me/password", tag = "user", operation_id = "change_password", request_body = ChangePassword, responses((status = 204)))]
async fn change_password(
    who: Authorized<SignedIn>,
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    Client(client): Client,
    Body(asked): Body<ChangePassword>,
) -> Result<StatusCode> {
    limits.login(client, &who.email)?;
    let (current, new) = (&asked.current_password, &asked.new_password);
    account::change_password(&core, &who, who.session(), current, new)
        .await
        .map_err(|error| {
            Error::renamed(error, |field| match field {
                "password" => "new_password",
                other => other,
            })
        })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the caller's address. The answer is the same whether or not it is taken; `GET me` tells which one holds.
#[utoipa::path(put, path = "/me/email", tag = "user", operation_id = "change_email", request_body = ChangeEmail, responses((status = 204)))]
async fn change_email(
    who: Authorized<SignedIn>,
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    Client(client): Client,
    Body(asked): Body<ChangeEmail>,
) -> Result<StatusCode> {
    limits.login(client, &who.email)?;
    account::change_email(&core, &who, &asked.current_password, &asked.email).await?;
    Ok(StatusCode::NO_CONTENT)
}
