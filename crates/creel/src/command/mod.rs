//! One module per command. Server-side commands work on the same database as the server and may run beside it.

mod config;
mod doctor;
mod image;
mod keys;
mod migrate;
mod selftest;
mod user;

use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::{
    cli::{Cli, Command},
    client,
    config::{Config, Flags, Layers},
    output, serve, telemetry,
};

/// Runs what was asked for.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Client(command) => return client::run(command).await,
        Command::Openapi => output::json(&creel_api::openapi())?,
        Command::Completions { shell } => completions(shell),
        Command::Config(command) => config::run(&command, &cli.flags)?,
        Command::Serve { role } => {
            let config = configured(&cli.flags)?;
            telemetry::start(&config.log)?;
            Box::pin(serve::run(config, role)).await?;
        }
        Command::Doctor(format) => return Box::pin(doctor::run(&cli.flags, format.json)).await,
        Command::Selftest(options) => {
            return Box::pin(selftest::run(&quietly(&cli.flags)?, &options)).await;
        }
        Command::Migrate => migrate::run(&quietly(&cli.flags)?).await?,
        Command::Image(command) => Box::pin(image::run(&quietly(&cli.flags)?, command)).await?,
        Command::User(command) => user::run(&quietly(&cli.flags)?, command).await?,
        Command::Keys(command) => Box::pin(keys::run(&quietly(&cli.flags)?, &command)).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn configured(flags: &Flags) -> anyhow::Result<Config> {
    let layers = Layers::gather(flags)?;
    Ok(layers.load()?)
}

/// The configuration, with logs of warnings only: a command's output is its result.
fn quietly(flags: &Flags) -> anyhow::Result<Config> {
    let mut config = configured(flags)?;
    "warn".clone_into(&mut config.log.filter);
    telemetry::start(&config.log)?;
    Ok(config)
}

fn completions(shell: clap_complete::Shell) {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "creel", &mut text);
    output::block(&String::from_utf8_lossy(&text));
}
