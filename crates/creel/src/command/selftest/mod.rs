//! `creel selftest`: an operator's proof that this installation works, from a Telegram message in to an answer out, on the real engine.
//!
//! Against the Creel that serves by this configuration, or, where none does, against a complete one of its own in a temporary place. Telegram is a
//! strict stub, the model is the canned one; everything between is the real thing. Whatever happens, it removes what it made.

mod account;
mod journey;
mod report;
mod target;

use std::process::ExitCode;

use crate::{cli::Selftest, config::Config, output, serve::signal::Signals};
use report::Report;

/// Runs it; failure when any step failed or something was left behind.
pub(crate) async fn run(config: &Config, options: &Selftest) -> anyhow::Result<ExitCode> {
    let mut report = Report::new(options.json.json);
    let ended = Box::pin(prove(config, options.own, &mut report)).await;
    report.end(ended.as_ref().err())?;
    Ok(if ended.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn prove(config: &Config, own: bool, report: &mut Report) -> anyhow::Result<()> {
    let target = report
        .step(
            "find or start a Creel",
            Box::pin(target::Target::find(config, own)),
        )
        .await?;
    report.note(&target.words());
    let ended = Box::pin(with_account(&target, report)).await;
    let removed = report.step("end what was started", target.end()).await;
    ended.and(removed)
}

async fn with_account(target: &target::Target, report: &mut Report) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    let account = report
        .step(
            "make an operator for the test",
            account::Account::make(target),
        )
        .await?;
    let journey = async {
        let api = report
            .step("sign in over HTTP", account.sign_in(target))
            .await?;
        Box::pin(journey::run(target, &api, report)).await
    };
    // An impatient operator's Ctrl-C must not leave a container behind.
    let ended = tokio::select! {
        ended = Box::pin(journey) => ended,
        () = signals.next() => {
            output::note("interrupted; removing what was made …");
            Err(anyhow::anyhow!("interrupted"))
        }
    };
    let swept = if ended.is_ok() {
        Ok(())
    } else {
        report
            .step("remove the instance", account.sweep(target))
            .await
    };
    let removed = report
        .step("remove the operator", account.remove(target))
        .await;
    ended.and(swept).and(removed)
}
