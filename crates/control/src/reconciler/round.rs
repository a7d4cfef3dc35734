//! The periodic comparison of every row with every object of ours in the engine: missed wishes, drift, crashes, leftovers.

use std::{collections::HashMap, sync::PoisonError, time::Duration};

use creel_db::{idempotency, instance as rows, tombstone};
use creel_domain::{Desired, InstanceId, Phase};
use creel_driver::{self as driver, Observed, Unwatched, Volume, WorkloadState};

use super::{Reconciler, pass::Stopped};
use crate::{Result, channel::claim, draft};

/// Gives the instances that want a pass; what isolation lacks on this host is added to `warnings`.
pub(super) async fn run(
    reconciler: &Reconciler,
    warnings: &mut Vec<String>,
) -> Result<Vec<InstanceId>, Stopped> {
    let engine = match reconciler.driver.observe_all().await {
        Ok(seen) => seen,
        Err(error @ driver::Error::Unavailable { .. }) => {
            engine_gone(reconciler).await?;
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    match reconciler.driver.assert_host().await {
        Ok(host) => warnings.extend(host.warnings),
        Err(error) => {
            warnings.push(format!(
                "The host's firewall rules could not be asserted: {error}."
            ));
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the host's firewall rules could not be asserted"
            );
        }
    }
    expire_keys(reconciler).await?;
    claim::sweep(&reconciler.core).await?;
    draft::sweep(&reconciler.core).await?;
    let mut seen: HashMap<_, _> = engine.into_iter().map(|o| (o.instance, o)).collect();
    let mut wanting = Vec::new();
    for row in rows::list_live(reconciler.core.db.read()).await? {
        if wants_a_pass(&row, seen.remove(&row.id).as_ref()) {
            wanting.push(row.id);
        }
    }
    wanting.extend(ripe_strays(reconciler, seen.into_keys()));
    Ok(wanting)
}

/// Idempotency keys are promised for a day.
const KEPT: Duration = Duration::from_hours(24);

async fn expire_keys(reconciler: &Reconciler) -> Result<()> {
    let tx = reconciler.core.db.begin().await?;
    idempotency::expire(&tx, reconciler.core.now().minus(KEPT)).await?;
    Ok(tx.commit().await?)
}

/// Reads keep working; the state says honestly that nobody knows.
async fn engine_gone(reconciler: &Reconciler) -> Result<()> {
    let tx = reconciler.core.db.begin().await?;
    let changed = rows::mark_unknown(&tx, reconciler.core.now()).await?;
    tx.commit().await?;
    if changed > 0 {
        tracing::warn!(
            changed,
            "the engine does not answer: {changed} instances are unknown"
        );
    }
    Ok(())
}

fn wants_a_pass(row: &rows::Instance, seen: Option<&Observed>) -> bool {
    let state = seen.map_or(WorkloadState::Absent, |o| o.state);
    match row.desired {
        Desired::Deleted => true,
        Desired::Stopped => {
            state == WorkloadState::Running || !matches!(row.phase, Phase::Stopped | Phase::Error)
        }
        Desired::Running if row.phase == Phase::Error => false,
        Desired::Running => {
            let right = seen.is_some_and(|o| {
                o.generation == Some(row.workload_generation) && o.network && o.files
            });
            row.phase != Phase::Running
                || state != WorkloadState::Running
                || !right
                || row.attempts > 0
        }
    }
}

/// Objects of ours without a live row, once they have been so for a while: a row is always written before its objects, so only a
/// deletion that was cut, or a database restored from an older backup, leaves such.
fn ripe_strays(
    reconciler: &Reconciler,
    strays: impl Iterator<Item = InstanceId>,
) -> Vec<InstanceId> {
    let now = reconciler.core.now();
    let mut known = reconciler
        .strays
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let current: HashMap<_, _> = strays
        .map(|id| (id, known.get(&id).copied().unwrap_or(now)))
        .collect();
    *known = current;
    known
        .iter()
        .filter(|(_, first)| now.since(**first) >= reconciler.core.options.orphan_grace)
        .map(|(id, _)| *id)
        .collect()
}

/// Removes what is left of an instance without a live row. Its volume only with a tombstone.
pub(super) async fn collect(reconciler: &Reconciler, id: InstanceId) -> Result<(), Stopped> {
    let volume = if tombstone::exists(reconciler.core.db.read(), id).await? {
        Volume::Remove
    } else {
        Volume::Keep
    };
    tracing::info!(instance = %id, ?volume, "collecting what is left of {id}");
    reconciler
        .driver
        .ensure_absent(id, volume, &Unwatched)
        .await?;
    Ok(())
}
