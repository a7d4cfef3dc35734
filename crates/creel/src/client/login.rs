//! `creel login | logout`: a password is exchanged for an API token once and not kept.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use reqwest::{Method, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Remote,
    api::{Api, Credential},
    credentials::{Credentials, Kept},
};
use crate::{
    ask::{self, Sources},
    output,
};

/// `creel login`
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// Server
    #[arg(
        long,
        env = "CREEL_SERVER",
        value_name = "URL",
        default_value = "http://localhost:7070"
    )]
    server: String,
    /// Your address
    #[arg(long)]
    email: Option<String>,
    /// File that holds the password; else CREEL_PASSWORD, a prompt, or stdin
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The one-time code that Creel printed at its start: makes your account, the first operator's
    #[arg(long, value_name = "CODE")]
    setup_code: Option<String>,
    /// Make an account first, where sign-up is open
    #[arg(long)]
    signup: bool,
}

#[derive(Deserialize)]
struct Made {
    id: String,
    token: String,
    expires_at: String,
}

/// Signs in and keeps a token.
pub(crate) async fn login(command: Login) -> anyhow::Result<()> {
    let api = Api::new(&command.server)?;
    let fresh = command.setup_code.is_some() || command.signup;
    let email = match command.email {
        Some(email) => email,
        None => ask::text("Address", "--email")?,
    };
    let sources = Sources {
        file: command.password_file.as_deref(),
        variable: Some("CREEL_PASSWORD"),
        prompt: "Password",
        twice: fresh,
    };
    let password = ask::secret(&sources)?;
    if fresh {
        sign_up(&api, &email, &password, command.setup_code.as_deref()).await?;
    }
    let session = open_session(&api, &email, &password, &origin(&api.base)?).await?;
    let made = make_token(&session).await?;
    let _signed_out: Value = session.post("/auth/logout", None).await?;
    keep(&api.base, &email, &made)?;
    output::line(&format!(
        "Signed in to {} as {email} until {}.",
        api.base,
        made.expires_at.get(..10).unwrap_or(&made.expires_at)
    ));
    Ok(())
}

/// Makes an account. The answer does not tell whether the address was free.
pub(crate) async fn sign_up(
    api: &Api,
    email: &str,
    password: &SecretString,
    setup_code: Option<&str>,
) -> anyhow::Result<()> {
    let mut body = json!({ "email": email, "password": password.expose_secret() });
    if let Some(code) = setup_code {
        body["setup_code"] = json!(code);
    }
    let _told: Value = api.post("/auth/signup", Some(&body)).await?;
    Ok(())
}

/// Opens a session as a browser does.
pub(crate) async fn open_session(
    api: &Api,
    email: &str,
    password: &SecretString,
    origin: &str,
) -> anyhow::Result<Api> {
    let body = json!({ "email": email, "password": password.expose_secret() });
    let response = api
        .send(api.request(Method::POST, "/auth/login").json(&body))
        .await?;
    let cookie = response
        .headers()
        .get(header::SET_COOKIE)
        .and_then(|value| value.to_str().ok());
    let Some(pair) = cookie.and_then(|cookie| cookie.split(';').next()) else {
        bail!("the server opened no session");
    };
    Ok(api.clone().with(Credential::Session {
        cookie: pair.into(),
        origin: origin.to_owned(),
    }))
}

async fn make_token(session: &Api) -> anyhow::Result<Made> {
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    let name: String = format!("creel on {host}").chars().take(64).collect();
    let body = json!({ "name": name });
    session.post("/tokens", Some(&body)).await.context("signed in, but no token could be made; use the server's public address (server.public_url)")
}

fn keep(server: &str, email: &str, made: &Made) -> anyhow::Result<()> {
    let mut credentials = Credentials::load()?;
    let kept = Kept {
        email: email.to_owned(),
        token_id: made.id.clone(),
        token: made.token.clone(),
    };
    credentials.servers.insert(server.to_owned(), kept);
    credentials.current = Some(server.to_owned());
    credentials.save()
}

/// What a browser at this address would send.
pub(crate) fn origin(base: &str) -> anyhow::Result<String> {
    let url: url::Url = base
        .parse()
        .with_context(|| format!("{base} is not an address"))?;
    Ok(url.origin().ascii_serialization())
}

/// Revokes the kept token and forgets it. A token that is gone already is no reason to keep it.
pub(crate) async fn logout(remote: &Remote) -> anyhow::Result<()> {
    let mut credentials = Credentials::load()?;
    let (server, kept) = credentials.chosen(remote.server.as_deref())?;
    let api = Api::new(&server)?.with(Credential::Token(kept.token.clone().into()));
    let revoked: anyhow::Result<Value> = api.delete(&format!("/tokens/{}", kept.token_id)).await;
    credentials.servers.remove(&server);
    credentials.current = credentials.servers.keys().next().cloned();
    credentials.save()?;
    match revoked {
        Ok(_) => output::line(&format!("Signed out of {server}.")),
        Err(error) => output::line(&format!(
            "Forgot the token of {server}; the server did not revoke it: {error}"
        )),
    }
    Ok(())
}
