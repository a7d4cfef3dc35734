//! `creel instance create`

use std::path::PathBuf;

use clap::Args;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{Remote, Wait};
use crate::client::api::PATIENCE;
use crate::{
    ask::{self, Sources},
    house, output,
};

/// `creel instance create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Name: 3 to 32 small letters, digits and hyphens
    name: String,
    /// Plan: starter, pro, team
    #[arg(long)]
    plan: Option<String>,
    /// Model, like openai/gpt-5.4-mini or canned/echo
    #[arg(long, value_name = "PROVIDER/MODEL")]
    model: Option<String>,
    /// Thinking level
    #[arg(long)]
    thinking: Option<String>,
    /// Language it answers in, like de or pt-BR
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// File that says who the agent is
    #[arg(long, value_name = "FILE")]
    persona_file: Option<PathBuf>,
    /// File that holds the key of the model's provider
    #[arg(long, value_name = "FILE")]
    provider_key_file: Option<PathBuf>,
    /// Base URL of the API, only for models of the provider custom
    #[arg(long, value_name = "URL")]
    provider_base_url: Option<String>,
    /// File that holds the Telegram bot token; else CREEL_TELEGRAM_TOKEN
    #[arg(long, value_name = "FILE")]
    telegram_token_file: Option<PathBuf>,
    /// Numeric Telegram ids of the people who may talk to it, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    telegram_allow: Vec<i64>,
    /// How long to stay.
    #[command(flatten)]
    wait: Wait,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

/// Creates and watches. A repeated request after a lost answer gives what the first one made.
pub(crate) async fn run(command: Create) -> anyhow::Result<()> {
    let api = command.remote.api()?;
    let body = body(&command)?;
    let request = api
        .request(Method::POST, "/instances")
        .header("idempotency-key", house::random_name())
        .timeout(PATIENCE)
        .json(&body);
    let created: Value = api.send(request).await?.json().await?;
    if !command.remote.json {
        output::line(&format!(
            "Creating {} ({}, {})",
            command.name,
            created["instance"]["plan"].as_str().unwrap_or("?"),
            created["instance"]["model"].as_str().unwrap_or("?")
        ));
    } else if command.wait.no_wait {
        return output::json(&created);
    }
    super::finish(
        &api,
        &created["operation"],
        command.wait,
        command.remote.json,
    )
    .await
}

fn body(command: &Create) -> anyhow::Result<Value> {
    let mut body = json!({ "slug": command.name });
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            body[key] = json!(value);
        }
    };
    set("plan", command.plan.clone());
    set("model", command.model.clone());
    set("thinking", command.thinking.clone());
    set("language", command.language.clone());
    set(
        "persona",
        command
            .persona_file
            .as_ref()
            .map(std::fs::read_to_string)
            .transpose()?,
    );
    set("provider_base_url", command.provider_base_url.clone());
    if let Some(file) = &command.provider_key_file {
        let key = ask::secret(&Sources {
            file: Some(file),
            variable: None,
            prompt: "Provider key",
            twice: false,
        })?;
        body["provider_key"] = json!(key.expose_secret());
    }
    if let Some(token) = super::super::telegram::token(command.telegram_token_file.as_deref())? {
        body["telegram"] =
            json!({ "token": token.expose_secret(), "allow_from": command.telegram_allow });
    }
    Ok(body)
}
