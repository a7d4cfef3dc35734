//! Creel hosts OpenClaw for many people. This binary is all of it: the server, its tools for operators, and a client for its API.
//!
//! Owns configuration, wiring, shutdown and what is printed; what is right or wrong is decided in the crates beside it.

mod ask;
mod cli;
mod client;
mod command;
mod config;
mod house;
mod output;
mod serve;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&format!("error: no threads can be started: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(Box::pin(command::run(cli)));
    // Threads that still hash a password or wait for a file are not worth waiting for.
    runtime.shutdown_background();
    ended.unwrap_or_else(|error| {
        output::error(&error);
        ExitCode::FAILURE
    })
}
