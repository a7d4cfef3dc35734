//! Nothing was asked for, or what was asked is so already: notice crashes and drift, forget old crashes.

use creel_db::{instance as rows, subnet};
use creel_domain::{OperationKind, Phase};
use creel_driver::{Observed, WorkloadState};

use super::{
    Next, failure,
    pass::{Pass, Stopped},
    workload,
};

/// Whether the right container runs and was ready.
pub(super) fn is_up(pass: &Pass<'_>, seen: &Observed) -> bool {
    pass.row.phase == Phase::Running && is_right(pass, seen)
}

fn is_right(pass: &Pass<'_>, seen: &Observed) -> bool {
    seen.state == WorkloadState::Running && seen.generation == Some(pass.row.workload_generation)
}

/// Settles the pass if there is nothing to start; `None` when there is.
pub(super) async fn run(pass: &Pass<'_>, seen: &Observed) -> Result<Option<Next>, Stopped> {
    if is_up(pass, seen) && has_right_shape(pass, seen).await? {
        forget_old_crashes(pass, seen).await?;
        pass.succeed().await?;
        return Ok(Some(Next::Settled));
    }
    // A workload of this generation that ended by itself is a crash, not something to silently start again.
    let crashed = seen.state == WorkloadState::Exited
        && seen.generation == Some(pass.row.workload_generation)
        && began(pass);
    if crashed && !is_explicit(pass) {
        return failure::exited(pass, None, seen).await.map(Some);
    }
    Ok(None)
}

/// Whether this workload was up or coming up, as opposed to stopped on purpose.
fn began(pass: &Pass<'_>) -> bool {
    matches!(pass.row.phase, Phase::Running | Phase::Unknown) && pass.row.next_attempt_at.is_none()
}

/// A person asked for a start: whatever happened before does not count.
fn is_explicit(pass: &Pass<'_>) -> bool {
    pass.operation.as_ref().is_some_and(|op| {
        matches!(op.kind, OperationKind::Start | OperationKind::Restart) && op.attempt == 0
    })
}

/// Whether the container is the one we would make now: image, limits, addresses.
async fn has_right_shape(pass: &Pass<'_>, seen: &Observed) -> Result<bool, Stopped> {
    let Some(lease) =
        subnet::find(pass.core.db.read(), pass.core.options.pool, pass.row.id).await?
    else {
        return Ok(false);
    };
    let Some(shape) = workload::shape(pass, lease).await? else {
        return Ok(true);
    };
    Ok(seen.spec_hash.as_deref() == Some(shape.hash().as_str()) && seen.network && seen.files)
}

async fn forget_old_crashes(pass: &Pass<'_>, seen: &Observed) -> Result<(), Stopped> {
    let stable = seen
        .started_at
        .is_some_and(|at| pass.core.now().since(at) > pass.core.options.stable_after);
    if pass.row.attempts > 0 && stable {
        pass.see(&rows::Sighting {
            phase: Some(Phase::Running),
            ran: true,
            ..Default::default()
        })
        .await?;
    }
    Ok(())
}
