//! `creel secret set | list | delete`. A value comes from a file, a prompt or stdin, never from an argument.

use std::path::PathBuf;

use clap::Subcommand;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Remote;
use crate::{
    ask::{self, Sources},
    output,
};

/// `creel secret …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set or replace a provider key once its vendor accepts it; in force with the next model call
    Set {
        /// The instance's name
        instance: String,
        /// Name of the secret, like OPENAI_API_KEY
        name: String,
        /// File that holds the value; else a prompt, or stdin
        #[arg(long, value_name = "FILE")]
        value_file: Option<PathBuf>,
        /// Base URL of the API, only for CUSTOM_API_KEY
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// Keep it without asking the vendor
        #[arg(long)]
        no_test: bool,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// List which keys there are: name, last four characters, when it changed
    List {
        /// The instance's name
        instance: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// Remove a key
    Delete {
        /// The instance's name
        instance: String,
        /// Name of the secret
        name: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Deserialize)]
struct Kept {
    name: String,
    last_four: Option<String>,
    sent_to: String,
    updated_at: String,
}

/// Runs it.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Set {
            instance,
            name,
            value_file,
            base_url,
            no_test,
            remote,
        } => {
            let value = ask::secret(&Sources {
                file: value_file.as_deref(),
                variable: None,
                prompt: &name,
                twice: false,
            })?;
            let mut body = json!({ "value": value.expose_secret() });
            if let Some(url) = base_url {
                body["base_url"] = json!(url);
            }
            let kept: Value = remote
                .api()?
                .put(
                    &format!("/instances/{instance}/secrets/{name}?test={}", !no_test),
                    &body,
                )
                .await?;
            tell(
                &kept,
                &remote,
                &format!("{name} is set. It takes effect with the next model call."),
            )
        }
        Command::List { instance, remote } => list(&instance, &remote).await,
        Command::Delete {
            instance,
            name,
            remote,
        } => {
            let gone: Value = remote
                .api()?
                .delete(&format!("/instances/{instance}/secrets/{name}"))
                .await?;
            tell(&gone, &remote, &format!("{name} is gone."))
        }
    }
}

fn tell(answer: &Value, remote: &Remote, words: &str) -> anyhow::Result<()> {
    if remote.json {
        return output::json(answer);
    }
    output::line(words);
    Ok(())
}

async fn list(instance: &str, remote: &Remote) -> anyhow::Result<()> {
    let page: Value = remote
        .api()?
        .get(&format!("/instances/{instance}/secrets"))
        .await?;
    if remote.json {
        return output::json(&page["items"]);
    }
    let kept: Vec<Kept> = serde_json::from_value(page["items"].clone())?;
    if kept.is_empty() {
        output::line("There are none; the platform's keys are used where it has some.");
        return Ok(());
    }
    let rows = kept.into_iter().map(|k| {
        let end = k
            .last_four
            .map_or_else(|| "…".to_owned(), |four| format!("…{four}"));
        vec![
            k.name,
            end,
            k.sent_to,
            k.updated_at.get(..16).unwrap_or_default().replace('T', " "),
        ]
    });
    output::table(&["name", "ends with", "sent to", "changed"], rows);
    Ok(())
}
