//! Desired: running. From whatever is there to a Gateway that says it is ready.

use std::time::Duration;

use creel_db::{instance as rows, operation::Operation, subnet};
use creel_domain::{Cause, Lease, OperationKind, Phase, Step};
use creel_driver::{self as driver, Observed, Progress as _, WorkloadState};

use super::{
    Next, apply, failure,
    pass::{Pass, Stopped},
    recorder::Recorder,
    steady, workload,
};

/// How often a starting Gateway is asked. Its boot takes seconds; asking costs well under a millisecond.
const POLL: Duration = Duration::from_millis(200);
/// How many ranges of the pool are tried when the host uses them for something else.
const MAX_OVERLAPS: usize = 32;

pub(super) async fn run(pass: &Pass<'_>) -> Result<Next, Stopped> {
    if pass.operation.is_none() && pass.row.phase == Phase::Error {
        return Ok(Next::Settled);
    }
    if let Some(wait) = pass.backoff() {
        return Ok(Next::After(wait));
    }
    let seen = match pass.reconciler.driver.observe(pass.row.id).await {
        Ok(seen) => seen,
        Err(error) => return failure::from_driver(pass, None, error).await,
    };
    if pass
        .operation
        .as_ref()
        .is_some_and(|op| op.kind == OperationKind::Reconfigure)
        && steady::is_up(pass, &seen)
    {
        return apply::run(pass).await;
    }
    if let Some(next) = steady::run(pass, &seen).await? {
        return Ok(next);
    }
    begin_start(pass).await?;
    bring_up(pass).await
}

async fn begin_start(pass: &Pass<'_>) -> Result<(), Stopped> {
    pass.begin().await?;
    let first = pass
        .operation
        .as_ref()
        .is_some_and(|op: &Operation| op.kind == OperationKind::Create);
    let phase = if first {
        Phase::Creating
    } else {
        Phase::Starting
    };
    let seen = rows::Sighting {
        phase: Some(phase),
        attempts: pass.row.attempts,
        ..Default::default()
    };
    Ok(pass.see(&seen).await?)
}

async fn bring_up(pass: &Pass<'_>) -> Result<Next, Stopped> {
    // Held until the Gateway is ready: loading it is what costs, not the call that starts it.
    let _turn = pass.reconciler.starts.acquire().await;
    let recorder = Recorder::new(pass.core, &pass.row, pass.operation.as_ref());
    for _ in 0..MAX_OVERLAPS {
        recorder.begin(Step::Subnet).await?;
        let lease = match lease(pass).await {
            Ok(lease) => lease,
            Err(creel_db::Error::PoolExhausted) => {
                return failure::give_up(pass, Cause::NetworkExhausted, None).await;
            }
            Err(error) => return Err(error.into()),
        };
        // The proxy binds this instance's listener while the container is still being made.
        pass.core.waker.feed();
        recorder.done(Step::Subnet).await;
        let Some(spec) = workload::spec(pass, lease).await? else {
            return failure::give_up(pass, Cause::ImageMissing, None).await;
        };
        match pass
            .reconciler
            .driver
            .ensure_running(&spec, &recorder)
            .await
        {
            Ok(_) => return wait_ready(pass, &recorder, lease).await,
            Err(driver::Error::NetworkOverlap { .. }) => block(pass).await?,
            Err(error) => return failure::from_driver(pass, Some(&recorder), error).await,
        }
    }
    failure::give_up(pass, Cause::NetworkExhausted, None).await
}

async fn lease(pass: &Pass<'_>) -> Result<Lease, creel_db::Error> {
    let core = pass.core;
    loop {
        let tx = core.db.begin().await?;
        match subnet::lease(&tx, core.options.pool, pass.row.id, core.now()).await {
            // Another replica took that index between our look and our insert.
            Err(creel_db::Error::Conflict(_)) => {}
            Err(error) => return Err(error),
            Ok(lease) => {
                tx.commit().await?;
                return Ok(lease);
            }
        }
    }
}

async fn block(pass: &Pass<'_>) -> Result<(), Stopped> {
    tracing::warn!(instance = %pass.row.id, "the host uses the network leased to {}; taking another", pass.row.id);
    let tx = pass.core.db.begin().await?;
    subnet::block(&tx, pass.row.id, pass.core.now()).await?;
    Ok(tx.commit().await?)
}

/// Waits for readiness, watching for a workload that ends instead and for a newer wish.
pub(super) async fn wait_ready(
    pass: &Pass<'_>,
    recorder: &Recorder<'_>,
    lease: Lease,
) -> Result<Next, Stopped> {
    recorder.begin(Step::Ready).await?;
    let deadline = tokio::time::Instant::now() + pass.core.options.ready_timeout;
    let mut polls = 0u32;
    while tokio::time::Instant::now() < deadline {
        if pass.reconciler.probe.ready(lease.workload).await {
            return ready(pass, recorder, lease).await;
        }
        polls += 1;
        if polls.is_multiple_of(5) {
            let seen: Observed = pass.reconciler.driver.observe(pass.row.id).await?;
            if seen.state == WorkloadState::Exited {
                return failure::exited(pass, Some(recorder), &seen).await;
            }
            if !recorder.is_current().await {
                return Err(driver::Error::Interrupted.into());
            }
        }
        tokio::time::sleep(POLL).await;
    }
    failure::attempt_failed(pass, Some((recorder, Step::Ready)), Cause::NotReady, None).await
}

async fn ready(pass: &Pass<'_>, recorder: &Recorder<'_>, lease: Lease) -> Result<Next, Stopped> {
    set_persona(pass, lease).await;
    recorder.done(Step::Ready).await;
    // Attempts are kept: an agent that dies on its first turn is ready each time. They are forgotten once it has been stable.
    let seen = rows::Sighting {
        phase: Some(Phase::Running),
        attempts: pass.row.attempts,
        ran: true,
        ..Default::default()
    };
    pass.see(&seen).await?;
    pass.succeed().await?;
    Ok(Next::Settled)
}

/// Language and character live in the agent's workspace and can only be set while it runs. Failing to is no reason to call it down.
async fn set_persona(pass: &Pass<'_>, lease: Lease) {
    let persona = workload::persona(pass);
    // Asked for by a person: also the empty persona must be applied, to take an earlier one away.
    let asked = pass
        .operation
        .as_ref()
        .is_some_and(|op| op.kind != OperationKind::Start);
    if asked || persona != creel_openclaw::persona::Persona::default() {
        pass.reconciler
            .probe
            .persona(lease.workload, &persona)
            .await;
    }
}
