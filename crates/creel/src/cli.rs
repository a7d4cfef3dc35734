//! The command line: what there is, in words. Server-side commands read Creel's configuration; client-side ones talk to its API.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, builder::styling};

use crate::{client, config::Flags, serve::Role};

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Yellow.on_default())
    .literal(styling::AnsiColor::Cyan.on_default());

/// Creel hosts OpenClaw for many people: one hardened container per instance, no real credential inside it.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub flags: Flags,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// All commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve: everything in one process unless a role is named
    Serve {
        /// Which part this process is
        #[arg(long, value_enum, default_value_t)]
        role: Role,
    },
    /// Bring the database up to date (serve does it too)
    Migrate,
    /// Look at everything Creel rests on and say how to mend what is wrong
    Doctor(Json),
    /// Prove the installation: a whole journey on the real engine with a stub of Telegram
    Selftest(Selftest),
    /// OpenClaw images
    #[command(subcommand)]
    Image(Image),
    /// Accounts
    #[command(subcommand)]
    User(User),
    /// Master keys
    #[command(subcommand)]
    Keys(Keys),
    /// Configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print completions for a shell, e.g. `creel completions bash > /etc/bash_completion.d/creel`
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// As a user of a running Creel.
    #[command(flatten)]
    Client(client::Command),
}

/// Output for programs.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Json {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `creel selftest`
#[derive(Debug, Clone, Args)]
pub(crate) struct Selftest {
    /// How to print.
    #[command(flatten)]
    pub json: Json,
    /// Always start a Creel of its own instead of testing the one that serves
    #[arg(long)]
    pub own: bool,
}

/// `creel image …`
#[derive(Debug, Subcommand)]
pub(crate) enum Image {
    /// Build the OpenClaw image and register it as a release; one that is there is only registered
    Build {
        /// Version of the npm package `openclaw`
        #[arg(long, value_name = "VERSION", default_value = "2026.9.6")]
        openclaw: String,
        /// Build although the image is there
        #[arg(long)]
        force: bool,
        /// Boot the finished image a few times and print size and start times
        #[arg(long)]
        measure: bool,
    },
    /// List the registered releases, newest first: a new instance runs the first one
    List(Json),
}

/// `creel user …`
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make an operator. The password is asked for, or read from CREEL_PASSWORD, --password-file or stdin
    Create {
        /// Platform staff; other people sign up themselves
        #[arg(long, required = true)]
        operator: bool,
        /// Address
        #[arg(long)]
        email: String,
        /// File that holds the password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
}

/// `creel keys …`
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Add a new master key, wrap every secret's key with it, without downtime
    Rotate {
        /// Remove the older keys once nothing is wrapped with them. Backups made before need them: keep a copy
        #[arg(long)]
        forget_old: bool,
        /// Say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

/// `creel config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Read the configuration and start nothing
    Check,
    /// Print its JSON schema
    Schema,
    /// Print the page of every key, in Markdown
    Reference,
}
