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
    let detail = json!({ "slug": instance.slug });
    let operation = asked(core, tx, &instance, action, caller, detail).await?;
    OperationView::of(core, operation).await
}

/// The same by platform staff, for an instance of whatever tenant; told in that tenant's log. Whoever calls has asked for the permission.
///
/// # Errors
/// [`Error::Conflict`] once it is being deleted.
pub(crate) async fn act_as_staff(
    core: &Core,
    tx: Tx,
    caller: &Caller,
    instance: &rows::Instance,
    action: Action,
) -> Result<creel_db::operation::Operation> {
    let detail = json!({ "slug": instance.slug, "by": "platform_operator" });
    asked(core, tx, instance, action, caller, detail).await
}

async fn asked(
    core: &Core,
    tx: Tx,
    instance: &rows::Instance,
    action: Action,
    caller: &Caller,
    detail: serde_json::Value,
) -> Result<creel_db::operation::Operation> {
    let actor = caller.user.to_string();
    let renew = action == Action::Restart;
    let (desired, kind) = (action.desired(), action.kind());
    let operation = write(core, &tx, instance, desired, renew, kind, actor.clone()).await?;
    if action == Action::Delete {
        // From this commit on the volume may be collected, even if the row is never read again.
        tombstone::put(&tx, instance.id, core.now()).await?;
    }
    let (verb, target) = (format!("instance.{kind}"), instance.id.to_string());
    let tenant = Some(instance.tenant);
    audit::by(core, &tx, tenant, &actor, &verb, &target, detail).await?;
    tx.commit().await?;
    core.waker.instance(instance.id);
    Ok(operation)
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
