//! Instances: create, change, start, stop, restart, delete. Each writes a wish and an operation in one transaction and returns; the reconciler acts.

mod change;
mod create;
pub(crate) mod operation;
mod seen;
pub(crate) mod settings;
mod wish;

pub use change::{Patch, change};
pub(crate) use create::create_from_draft;
pub use create::{BotSource, Create, Created, Idempotency, TelegramRequest, create};
pub use operation::OperationView;
pub use seen::{KeySource, Month, Paused, Seen, seen, seen_one};
pub(crate) use wish::act_as_staff;
pub use wish::{Action, act};

use creel_db::instance::{self, Instance};
use creel_domain::Slug;

use crate::{Caller, Core, Error, Result};

/// The caller's instance of this name.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is another tenant's.
pub async fn get(core: &Core, caller: &Caller, slug: &Slug) -> Result<Instance> {
    instance::find(core.db.read(), caller.tenant, slug)
        .await?
        .ok_or(Error::NotFound("instance"))
}

/// A wish that leaves the desired state and asks for the current settings to be applied.
pub(crate) async fn wish_write(
    core: &Core,
    tx: &creel_db::Tx,
    row: &Instance,
    kind: creel_domain::OperationKind,
    actor: String,
) -> Result<creel_db::operation::Operation> {
    wish::write(core, tx, row, row.desired, false, kind, actor).await
}

/// A wish that asks for a new container with the current settings.
pub(crate) async fn wish_renew(
    core: &Core,
    tx: &creel_db::Tx,
    row: &Instance,
    kind: creel_domain::OperationKind,
    actor: String,
) -> Result<creel_db::operation::Operation> {
    wish::write(core, tx, row, row.desired, true, kind, actor).await
}
