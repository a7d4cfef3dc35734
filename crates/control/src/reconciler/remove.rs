//! Desired: deleted. Everything the instance owned in the engine goes first, then its keys, secrets and the row, in one transaction.

use std::time::Duration;

use creel_db::{channel, instance as rows, instance_key, operation, secret, subnet, tombstone};
use creel_domain::{OperationStatus, Phase, Step};
use creel_driver::{self as driver, Progress as _, Volume};
use serde_json::json;

use super::{
    Next, failure,
    pass::{Pass, Stopped},
    recorder::Recorder,
};
use crate::{audit, crash};

/// What a deleted agent may still finish: an answer on its way out, not a turn of minutes.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn run(pass: &Pass<'_>) -> Result<Next, Stopped> {
    if let Some(wait) = pass.backoff() {
        return Ok(Next::After(wait));
    }
    pass.begin().await?;
    let seen = rows::Sighting {
        phase: Some(Phase::Deleting),
        attempts: pass.row.attempts,
        ..Default::default()
    };
    pass.see(&seen).await?;
    let recorder = Recorder::new(pass.core, &pass.row, pass.operation.as_ref());
    match pass
        .reconciler
        .driver
        .ensure_stopped(pass.row.id, GRACE, &recorder)
        .await
    {
        Ok(_) => {}
        Err(error @ (driver::Error::Unavailable { .. } | driver::Error::Interrupted)) => {
            return Err(error.into());
        }
        // What cannot be stopped in order is removed by force below.
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, instance = %pass.row.id, "{} did not stop in order", pass.row.id);
        }
    }
    // Without its tombstone a volume is never removed, whoever asks.
    let volume = if tombstone::exists(pass.core.db.read(), pass.row.id).await? {
        Volume::Remove
    } else {
        Volume::Keep
    };
    match pass
        .reconciler
        .driver
        .ensure_absent(pass.row.id, volume, &recorder)
        .await
    {
        Ok(()) => forget(pass, &recorder).await,
        Err(error @ (driver::Error::Unavailable { .. } | driver::Error::Interrupted)) => {
            Err(error.into())
        }
        Err(error) => retry(pass, error).await,
    }
}

/// The engine refused a removal. Deleting never gives up: it tries again, ever more slowly, and says why meanwhile.
async fn retry(pass: &Pass<'_>, error: driver::Error) -> Result<Next, Stopped> {
    tracing::warn!(error = &error as &dyn std::error::Error, instance = %pass.row.id, "removing {} failed; trying again", pass.row.id);
    let wait = failure::backoff(pass.row.attempts + 1);
    let seen = rows::Sighting {
        phase: Some(Phase::Deleting),
        message: Some(error.to_string()),
        attempts: pass.row.attempts + 1,
        next_attempt_at: Some(pass.core.now().plus(wait)),
        ..Default::default()
    };
    pass.see(&seen).await?;
    Ok(Next::After(wait))
}

async fn forget(pass: &Pass<'_>, recorder: &Recorder<'_>) -> Result<Next, Stopped> {
    let (core, id) = (pass.core, pass.row.id);
    recorder.begin(Step::Forget).await?;
    let now = core.now();
    let tx = core.db.begin().await?;
    instance_key::delete_all(&tx, id).await?;
    secret::delete_all(&tx, id).await?;
    channel::delete_all(&tx, id).await?;
    subnet::release(&tx, id).await?;
    rows::bury(&tx, id, now).await?;
    if let Some(op) = &pass.operation {
        let outcome = operation::Outcome {
            status: OperationStatus::Succeeded,
            cause: None,
            error: None,
        };
        operation::finish(&tx, op.id, &outcome, now).await?;
        let body =
            json!({ "type": "operation", "status": OperationStatus::Succeeded, "kind": op.kind });
        operation::append_event(&tx, op.id, &body.to_string(), now).await?;
    }
    audit::by(
        core,
        &tx,
        Some(pass.row.tenant),
        audit::SYSTEM,
        "instance.gone",
        &id.to_string(),
        json!({ "slug": pass.row.slug }),
    )
    .await?;
    tx.commit().await?;
    crash::point("delete", Step::Forget.as_str(), "after");
    core.waker.feed();
    Ok(Next::Settled)
}
