//! One pass of one instance: claim it, read it, do what its desired state asks, let it go.

use std::time::Duration;

use creel_db::{instance as rows, operation};
use creel_domain::{Desired, InstanceId, OperationStatus};
use creel_driver as driver;

use super::{Next, Reconciler, remove, round, start, stop};
use crate::{Core, Error, Result};

/// How long a claim holds without renewal. Too short and a slow engine call loses it; too long and a dead worker's instances wait.
const LEASE: Duration = Duration::from_secs(9);
const RENEW: Duration = Duration::from_secs(3);
/// Another worker has it, or the database is away: look again soon.
const RETRY: Duration = Duration::from_secs(2);

/// What a pass works with.
pub(super) struct Pass<'a> {
    pub(super) reconciler: &'a Reconciler,
    pub(super) core: &'a Core,
    pub(super) row: rows::Instance,
    pub(super) operation: Option<operation::Operation>,
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    #[error(transparent)]
    Control(#[from] Error),
    #[error(transparent)]
    Driver(#[from] driver::Error),
}

impl From<driver::Interrupted> for Stopped {
    fn from(interrupted: driver::Interrupted) -> Self {
        Self::Driver(interrupted.into())
    }
}

impl From<creel_db::Error> for Stopped {
    fn from(error: creel_db::Error) -> Self {
        Self::Control(error.into())
    }
}

pub(super) async fn run(reconciler: &Reconciler, id: InstanceId) -> Next {
    match claimed(reconciler, id).await {
        Ok(next) => next,
        Err(Stopped::Driver(driver::Error::Interrupted)) => Next::After(Duration::ZERO),
        Err(Stopped::Driver(driver::Error::Unavailable { .. })) => Next::After(RETRY),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, instance = %id, "the pass of {id} ended early");
            Next::After(RETRY)
        }
    }
}

async fn claimed(reconciler: &Reconciler, id: InstanceId) -> Result<Next, Stopped> {
    let core = &reconciler.core;
    if rows::find_by_id(core.db.read(), id).await?.is_none() {
        return leftovers(reconciler, id).await;
    }
    if !claim(core, id).await? {
        return Ok(Next::After(RETRY));
    }
    let next = tokio::select! {
        next = act(reconciler, id) => next,
        lost = renew(core, id) => Err(lost),
    };
    let tx = core.db.begin().await?;
    rows::unclaim(&tx, id, &core.options.worker).await?;
    tx.commit().await?;
    next
}

async fn claim(core: &Core, id: InstanceId) -> Result<bool, Stopped> {
    let tx = core.db.begin().await?;
    let won = rows::claim(&tx, id, &core.options.worker, core.now(), LEASE).await?;
    tx.commit().await?;
    Ok(won)
}

/// Keeps the claim while the pass works; ends only when it is lost.
async fn renew(core: &Core, id: InstanceId) -> Stopped {
    loop {
        tokio::time::sleep(RENEW).await;
        match claim(core, id).await {
            Ok(true) => {}
            Ok(false) => return Stopped::Driver(driver::Error::Interrupted),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, instance = %id, "the claim on {id} could not be renewed");
            }
        }
    }
}

async fn act(reconciler: &Reconciler, id: InstanceId) -> Result<Next, Stopped> {
    let core = &reconciler.core;
    let Some(row) = rows::find_by_id(core.db.read(), id).await? else {
        return leftovers(reconciler, id).await;
    };
    let operation = newest(core, &row).await?;
    let desired = row.desired;
    let pass = Pass {
        reconciler,
        core,
        row,
        operation,
    };
    match desired {
        Desired::Running => start::run(&pass).await,
        Desired::Stopped => stop::run(&pass).await,
        Desired::Deleted => remove::run(&pass).await,
    }
}

/// The operation of the newest wish; older unfinished ones are pointless now and say so.
async fn newest(
    core: &Core,
    row: &rows::Instance,
) -> Result<Option<operation::Operation>, Stopped> {
    let mut open = operation::open(core.db.read(), row.id).await?;
    let newest = open.pop();
    for older in open {
        let outcome = operation::Outcome {
            status: OperationStatus::Superseded,
            cause: None,
            error: Some("A newer request took its place.".to_owned()),
        };
        finish(core, &older, &outcome).await?;
    }
    Ok(newest)
}

/// Ends an operation and tells its watchers, once.
pub(super) async fn finish(
    core: &Core,
    operation: &operation::Operation,
    outcome: &operation::Outcome,
) -> Result<()> {
    let now = core.now();
    let tx = core.db.begin().await?;
    if operation::finish(&tx, operation.id, outcome, now).await? {
        let body = serde_json::json!({
            "type": "operation", "status": outcome.status, "kind": operation.kind, "cause": outcome.cause, "error": outcome.error,
        });
        operation::append_event(&tx, operation.id, &body.to_string(), now).await?;
    }
    Ok(tx.commit().await?)
}

async fn leftovers(reconciler: &Reconciler, id: InstanceId) -> Result<Next, Stopped> {
    round::collect(reconciler, id).await?;
    Ok(Next::Settled)
}

impl Pass<'_> {
    /// How long no attempt is to be made yet; `None` when one may.
    pub(super) fn backoff(&self) -> Option<Duration> {
        let wait = self.row.next_attempt_at?.since(self.core.now());
        (!wait.is_zero()).then_some(wait)
    }

    /// Notes in the operation that a pass has begun it.
    pub(super) async fn begin(&self) -> Result<()> {
        let Some(operation) = &self.operation else {
            return Ok(());
        };
        let tx = self.core.db.begin().await?;
        operation::begin(&tx, operation.id).await?;
        if operation.status == OperationStatus::Pending {
            let body = serde_json::json!({ "type": "operation", "status": OperationStatus::Running, "kind": operation.kind });
            operation::append_event(&tx, operation.id, &body.to_string(), self.core.now()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Writes what was seen, unless a newer wish came.
    pub(super) async fn see(&self, seen: &rows::Sighting) -> Result<()> {
        let tx = self.core.db.begin().await?;
        rows::observe(&tx, self.row.id, self.row.generation, seen, self.core.now()).await?;
        tx.commit().await?;
        self.core.waker.feed();
        Ok(())
    }

    /// Ends the operation, if there is one, as done.
    pub(super) async fn succeed(&self) -> Result<()> {
        let outcome = operation::Outcome {
            status: OperationStatus::Succeeded,
            cause: None,
            error: None,
        };
        match &self.operation {
            Some(operation) => finish(self.core, operation, &outcome).await,
            None => Ok(()),
        }
    }
}
