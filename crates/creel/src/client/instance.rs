//! `creel instance …`

mod create;
mod log;
mod show;

use anyhow::bail;
use clap::Subcommand;
use serde_json::Value;

use super::{Remote, Wait, api::Api, watch};
use crate::{ask, output};

/// `creel instance …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an instance and watch it start
    Create(Box<create::Create>),
    /// List your instances
    List(Remote),
    /// Show an instance, its state and what keeps it from answering
    Show(Named),
    /// Start a stopped instance
    Start(Act),
    /// Stop an instance; its state is kept
    Stop(Act),
    /// Stop and start it with its current settings
    Restart(Act),
    /// Delete an instance with everything it owns. Final
    Delete {
        /// What and how.
        #[command(flatten)]
        act: Act,
        /// Do not ask for the name again
        #[arg(long)]
        yes: bool,
    },
    /// Print its log
    Logs(log::Logs),
}

/// One instance.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The instance's name
    name: String,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

/// Something to do with one instance.
#[derive(Debug, clap::Args)]
pub(crate) struct Act {
    /// The instance's name
    name: String,
    /// How long to stay.
    #[command(flatten)]
    wait: Wait,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

/// Runs it.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create(command) => Box::pin(create::run(*command)).await,
        Command::List(remote) => show::list(&remote).await,
        Command::Show(named) => show::one(&named).await,
        Command::Start(act) => ask_for(&act, "start").await,
        Command::Stop(act) => ask_for(&act, "stop").await,
        Command::Restart(act) => ask_for(&act, "restart").await,
        Command::Delete { act, yes } => delete(&act, yes).await,
        Command::Logs(logs) => log::run(&logs).await,
    }
}

async fn ask_for(act: &Act, action: &str) -> anyhow::Result<()> {
    let api = act.remote.api()?;
    let operation: Value = api
        .post(&format!("/instances/{}/{action}", act.name), None)
        .await?;
    finish(&api, &operation, act.wait, act.remote.json).await
}

async fn delete(act: &Act, yes: bool) -> anyhow::Result<()> {
    let api = act.remote.api()?;
    let path = format!("/instances/{}", act.name);
    if !yes {
        // Asked first, so that a mistyped name is not confirmed and then unknown.
        let _there: Value = api.get(&path).await?;
        let typed = ask::text(
            &format!(
                "This removes {0} with its memory, for good. Type {0} to go on",
                act.name
            ),
            "--yes",
        )?;
        if typed != act.name {
            bail!("nothing was deleted");
        }
    }
    let operation: Value = api.delete(&path).await?;
    finish(&api, &operation, act.wait, act.remote.json).await
}

/// Watches an operation, or says how to.
pub(super) async fn finish(
    api: &Api,
    operation: &Value,
    wait: Wait,
    json: bool,
) -> anyhow::Result<()> {
    let id = operation["id"].as_str().unwrap_or_default();
    if !wait.no_wait {
        return watch::follow(api, id, json).await;
    }
    if json {
        return output::json(operation);
    }
    output::line(&format!(
        "Under way. Watch it with: creel operation watch {id}"
    ));
    Ok(())
}
