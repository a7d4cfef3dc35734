//! Start, stop, restart, delete: a wish and an operation, in one transaction. Asking twice is harmless.

use creel_db::{Tx, instance as rows, tombstone};
use creel_domain::{Desired, OperationKind, Slug};
use serde_json::json;

use super::{OperationView, operation};
use crate::{Caller, Core, Error, Result, audit};

/// What can be asked of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Make it run.
    Start,
    /// Stop it, keeping its state.
    Stop,
    /// Stop it and start it with its current settings.
    Restart,
    /// Remove it with everything it owns.
    Delete,
}

impl Action {
    fn desired(self) -> Desired {
        match self {
            Self::Start | Self::Restart => Desired::Running,
            Self::Stop => Desired::Stopped,
            Self::Delete => Desired::Deleted,
        }
    }

    fn kind(self) -> OperationKind {
        match self {
            Self::Start => OperationKind::Start,
            Self::Stop => OperationKind::Stop,
            Self::Restart => OperationKind::Restart,
            Self::Delete => OperationKind::Delete,
        }
    }
}

/// Writes the wish. Any state can be stopped or deleted.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for anything but a delete once it is being deleted.
pub async fn act(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    action: Action,
) -> Result<OperationView> {
    let tx = core.db.begin().await?;
    let instance = rows::find(&tx, caller.tenant, slug)
        .await?
        .ok_or(Error::NotFound("instance"))?;
    let operation = write(
        core,
        &tx,
        &instance,
        action.desired(),
        action == Action::Restart,
        action.kind(),
        caller.user.to_string(),
    )
    .await?;
    if action == Action::Delete {
        // From this commit on the volume may be collected, even if the row is never read again.
        tombstone::put(&tx, instance.id, core.now()).await?;
    }
    let verb = format!("instance.{}", action.kind());
    audit::by_caller(
        core,
        &tx,
        caller,
        &verb,
        &instance.id.to_string(),
        json!({ "slug": instance.slug }),
    )
    .await?;
    tx.commit().await?;
    core.waker.instance(instance.id);
    OperationView::of(core, operation).await
}

/// Raises the generation and opens the operation that belongs to it.
pub(crate) async fn write(
    core: &Core,
    tx: &Tx,
    instance: &rows::Instance,
    desired: Desired,
    renew_workload: bool,
    kind: OperationKind,
    actor: String,
) -> Result<creel_db::operation::Operation> {
    let desired = instance.desired.ask(desired).map_err(|e| {
        Error::conflict(
            "being_deleted",
            e.to_string(),
            "Create a new instance instead.",
        )
    })?;
    let generation = rows::wish(
        tx,
        instance.id,
        rows::Wish {
            desired,
            renew_workload,
        },
        core.now(),
    )
    .await?;
    operation::open(core, tx, instance, generation, kind, actor).await
}
