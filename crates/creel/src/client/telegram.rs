//! `creel telegram connect | disconnect`

use std::path::{Path, PathBuf};

use clap::Subcommand;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{Remote, Wait, instance::finish};
use crate::ask::{self, Sources};

/// Read instead of a file or a prompt.
const VARIABLE: &str = "CREEL_TELEGRAM_TOKEN";

/// `creel telegram …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connect or replace the bot. The token is checked with Telegram, kept by Creel and never given to the agent
    Connect {
        /// The instance's name
        instance: String,
        /// Numeric Telegram ids of the people who may talk to it, separated by commas (@userinfobot tells yours)
        #[arg(long, value_name = "IDS", value_delimiter = ',', required = true)]
        allow: Vec<i64>,
        /// File that holds the bot token; else CREEL_TELEGRAM_TOKEN, a prompt, or stdin
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        /// Another Bot API: for operators, on a loopback address
        #[arg(long, value_name = "URL", hide = true)]
        api_base: Option<String>,
        /// How long to stay.
        #[command(flatten)]
        wait: Wait,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// Disconnect the bot and forget its token
    Disconnect {
        /// The instance's name
        instance: String,
        /// How long to stay.
        #[command(flatten)]
        wait: Wait,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
}

/// Runs it.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Connect {
            instance,
            allow,
            token_file,
            api_base,
            wait,
            remote,
        } => {
            let sources = Sources {
                file: token_file.as_deref(),
                variable: Some(VARIABLE),
                prompt: "Bot token from BotFather",
                twice: false,
            };
            let token = ask::secret(&sources)?;
            let mut body = json!({ "token": token.expose_secret(), "allow_from": allow });
            if let Some(base) = api_base {
                body["api_base"] = json!(base);
            }
            let api = remote.api()?;
            let operation: Value = api
                .put(&format!("/instances/{instance}/channels/telegram"), &body)
                .await?;
            finish(&api, &operation, wait, remote.json).await
        }
        Command::Disconnect {
            instance,
            wait,
            remote,
        } => {
            let api = remote.api()?;
            let operation: Value = api
                .delete(&format!("/instances/{instance}/channels/telegram"))
                .await?;
            finish(&api, &operation, wait, remote.json).await
        }
    }
}

/// A bot token where one was given, without asking for it.
pub(super) fn token(file: Option<&Path>) -> anyhow::Result<Option<SecretString>> {
    let given = file.is_some() || std::env::var(VARIABLE).is_ok_and(|token| !token.is_empty());
    if !given {
        return Ok(None);
    }
    ask::secret(&Sources {
        file,
        variable: Some(VARIABLE),
        prompt: "Bot token",
        twice: false,
    })
    .map(Some)
}
