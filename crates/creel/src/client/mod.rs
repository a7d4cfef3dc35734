//! A client of Creel's API, for people and for scripts. Knows nothing that the API does not tell.
//!
//! Keeps one thing: an API token per server, in a file that its owner alone reads.

pub(crate) mod api;
mod credentials;
mod event;
mod instance;
mod limits;
pub(crate) mod login;
mod secret;
mod telegram;
mod usage;
pub(crate) mod watch;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::output;
use api::Api;

/// Client-side commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in to a server and keep an API token of it
    Login(login::Login),
    /// Revoke the kept token and forget it
    Logout(Remote),
    /// Instances: one OpenClaw each
    #[command(subcommand)]
    Instance(instance::Command),
    /// Provider keys of an instance; they can be set and replaced, never read
    #[command(subcommand)]
    Secret(secret::Command),
    /// The Telegram bot of an instance
    #[command(subcommand)]
    Telegram(telegram::Command),
    /// What an instance has used and what that cost: by model, by cause, against its limits
    Usage(usage::Usage),
    /// Your own limits of an instance, within those of its plan
    #[command(subcommand)]
    Limits(limits::Command),
    /// Operations: changes under way
    #[command(subcommand)]
    Operation(watch::Command),
}

/// Which server, and how to print.
#[derive(Debug, Clone, Args)]
pub(crate) struct Remote {
    /// Server, if you are signed in to several
    #[arg(long, env = "CREEL_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Remote {
    /// A client that is signed in.
    pub(crate) fn api(&self) -> anyhow::Result<Api> {
        credentials::signed_in(self.server.as_deref())
    }
}

/// Waiting for what was asked.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Wait {
    /// Return at once instead of watching until it is done
    #[arg(long)]
    pub no_wait: bool,
    /// Watch until it is done (the default)
    #[arg(long, conflicts_with = "no_wait")]
    pub wait: bool,
}

/// Runs a client-side command.
pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = Box::pin(dispatch(command)).await;
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => match error.downcast::<api::Refused>() {
            Ok(refused) => {
                output::note(&refused.told());
                Ok(ExitCode::FAILURE)
            }
            Err(error) => Err(error),
        },
    }
}

async fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Login(command) => login::login(command).await,
        Command::Logout(remote) => login::logout(&remote).await,
        Command::Instance(command) => Box::pin(instance::run(command)).await,
        Command::Secret(command) => secret::run(command).await,
        Command::Telegram(command) => telegram::run(command).await,
        Command::Usage(command) => usage::run(command).await,
        Command::Limits(command) => limits::run(command).await,
        Command::Operation(command) => watch::run(command).await,
    }
}
