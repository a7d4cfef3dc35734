//! What went wrong, in a closed set of causes; when to try again; when to give up and clean.

use std::time::Duration;

use creel_db::{instance as rows, operation, subnet};
use creel_domain::{Cause, OperationKind, OperationStatus, Phase, Step};
use creel_driver::{self as driver, Observed, Volume};

use super::{
    Next,
    pass::{self, Pass, Stopped},
    recorder::Recorder,
};

/// OpenClaw's exit code for a configuration or state it refuses (openclaw.md section 9).
const EXIT_BAD_CONFIG: i64 = 78;
/// Killed by the kernel or by us.
const EXIT_KILLED: i64 = 137;
/// Waits between attempts double from a second to this.
const MAX_BACKOFF: Duration = Duration::from_mins(1);

/// An error of the driver, in terms of the instance.
pub(super) async fn from_driver(
    pass: &Pass<'_>,
    recorder: Option<&Recorder<'_>>,
    error: driver::Error,
) -> Result<Next, Stopped> {
    let words = error.to_string();
    match error {
        driver::Error::Interrupted => Err(error.into()),
        driver::Error::Unavailable { .. } => {
            let seen = rows::Sighting {
                phase: Some(Phase::Unknown),
                cause: Some(Cause::EngineUnavailable),
                message: Some(Cause::EngineUnavailable.sentence().to_owned()),
                attempts: pass.row.attempts,
                ..Default::default()
            };
            pass.see(&seen).await?;
            Err(error.into())
        }
        driver::Error::ImageMissing { .. } => give_up(pass, Cause::ImageMissing, Some(words)).await,
        driver::Error::StateMissing { .. } => give_up(pass, Cause::StateMissing, Some(words)).await,
        driver::Error::Foreign { .. } => give_up(pass, Cause::EngineRefused, Some(words)).await,
        _ => {
            attempt_failed(
                pass,
                recorder.and_then(|r| Some((r, r.current()?))),
                Cause::EngineRefused,
                Some(words),
            )
            .await
        }
    }
}

/// The workload ended by itself.
pub(super) async fn exited(
    pass: &Pass<'_>,
    recorder: Option<&Recorder<'_>>,
    seen: &Observed,
) -> Result<Next, Stopped> {
    let exit = seen.exit.as_ref();
    let (cause, words) = match exit.map(|e| (e.code, e.oom_killed)) {
        Some((_, true) | (EXIT_KILLED, _)) => (Cause::OutOfMemory, None),
        Some((EXIT_BAD_CONFIG, _)) => (Cause::BadConfig, None),
        Some((code, _)) => (
            Cause::Crashed,
            Some(format!("It ended with exit code {code}.")),
        ),
        None => (Cause::Crashed, None),
    };
    attempt_failed(pass, recorder.map(|r| (r, Step::Ready)), cause, words).await
}

/// Counts a failed attempt: another one later if that can help, the end otherwise.
pub(super) async fn attempt_failed(
    pass: &Pass<'_>,
    step: Option<(&Recorder<'_>, Step)>,
    cause: Cause,
    words: Option<String>,
) -> Result<Next, Stopped> {
    let attempts = pass.row.attempts + 1;
    let message = sentence(cause, words.as_deref());
    if let Some((recorder, step)) = step {
        recorder.failed(step, &message).await;
    }
    if !cause.is_transient() || attempts >= pass.core.options.max_attempts {
        return give_up(pass, cause, words).await;
    }
    let wait = backoff(attempts);
    let seen = rows::Sighting {
        phase: Some(Phase::Starting),
        cause: Some(cause),
        message: Some(message),
        attempts,
        next_attempt_at: Some(pass.core.now().plus(wait)),
        ran: false,
    };
    pass.see(&seen).await?;
    Ok(Next::After(wait))
}

pub(super) fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(6);
    Duration::from_secs(1 << doublings).min(MAX_BACKOFF)
}

fn sentence(cause: Cause, words: Option<&str>) -> String {
    match words {
        Some(words) => format!("{} ({words})", cause.sentence()),
        None => cause.sentence().to_owned(),
    }
}

/// Stops trying: the instance is in `error` with its cause until somebody acts. A create that never ran is cleaned away first.
pub(super) async fn give_up(
    pass: &Pass<'_>,
    cause: Cause,
    words: Option<String>,
) -> Result<Next, Stopped> {
    let message = sentence(cause, words.as_deref());
    clean(pass).await?;
    let seen = rows::Sighting {
        phase: Some(Phase::Error),
        cause: Some(cause),
        message: Some(message.clone()),
        attempts: pass.row.attempts,
        ..Default::default()
    };
    pass.see(&seen).await?;
    if let Some(operation) = &pass.operation {
        let outcome = operation::Outcome {
            status: OperationStatus::Failed,
            cause: Some(cause),
            error: Some(message),
        };
        pass::finish(pass.core, operation, &outcome).await?;
    }
    Ok(Next::Settled)
}

async fn clean(pass: &Pass<'_>) -> Result<(), Stopped> {
    let quiet = Recorder::new(pass.core, &pass.row, None);
    let created = |op: &operation::Operation| op.kind == OperationKind::Create;
    if pass.row.ever_ran || pass.operation.as_ref().is_some_and(|op| !created(op)) {
        let driver = &pass.reconciler.driver;
        let stopped = driver.ensure_stopped(pass.row.id, Duration::ZERO, &quiet);
        return unless_foreign(stopped.await.map(|_| ()));
    }
    let driver = &pass.reconciler.driver;
    unless_foreign(
        driver
            .ensure_absent(pass.row.id, Volume::Remove, &quiet)
            .await,
    )?;
    let tx = pass.core.db.begin().await?;
    subnet::release(&tx, pass.row.id).await?;
    Ok(tx.commit().await?)
}

/// What is in the way is not ours: it stays, and that is no reason to try for ever.
fn unless_foreign(cleaned: Result<(), driver::Error>) -> Result<(), Stopped> {
    match cleaned {
        Err(driver::Error::Foreign { .. }) => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let waits: Vec<_> = [1, 2, 3, 7, 50]
            .into_iter()
            .map(|n| backoff(n).as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 60, 60]);
    }
}
