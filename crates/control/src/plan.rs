//! Editing plans: the operator's, audited, in force for calls and people at once and for CPU and memory from the next start.

use creel_db::plan;
use creel_domain::{Permission, Plan};
use serde_json::json;

use crate::{Caller, Core, Error, Result, audit};

/// Makes or replaces a plan.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but platform staff; [`Error::Invalid`] naming the field that is out of range.
pub async fn put(core: &Core, caller: &Caller, wanted: &Plan) -> Result<()> {
    caller.require(Permission::Operate)?;
    if wanted.name.trim().is_empty() || wanted.name.chars().count() > 64 {
        return Err(Error::invalid("name", "must have 1 to 64 characters"));
    }
    if let Some((field, problem)) = wanted.problem() {
        return Err(Error::invalid(field, problem));
    }
    let actor = caller.user.to_string();
    let tx = core.db.begin().await?;
    plan::put(&tx, wanted, core.now()).await?;
    audit::by(
        core,
        &tx,
        None,
        &actor,
        "plan.put",
        wanted.id.as_str(),
        json!(wanted),
    )
    .await?;
    tx.commit().await?;
    core.waker.feed();
    Ok(())
}
