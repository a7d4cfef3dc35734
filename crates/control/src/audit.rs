//! Lines of the audit log, written in the transaction of what they tell.

use creel_db::{Conn, audit};
use creel_domain::TenantId;

use crate::{Caller, Core, Result};

/// The actor of what nobody asked for.
pub const SYSTEM: &str = "system";

pub(crate) async fn by_caller(
    core: &Core,
    conn: &impl Conn,
    caller: &Caller,
    action: &str,
    target: &str,
    detail: serde_json::Value,
) -> Result<()> {
    by(
        core,
        conn,
        Some(caller.tenant),
        &caller.user.to_string(),
        action,
        target,
        detail,
    )
    .await
}

pub(crate) async fn by(
    core: &Core,
    conn: &impl Conn,
    tenant: Option<TenantId>,
    actor: &str,
    action: &str,
    target: &str,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        id: core.id(),
        at: core.now(),
        tenant,
        actor: actor.to_owned(),
        action: action.to_owned(),
        target: target.to_owned(),
        detail,
    };
    Ok(audit::append(conn, &entry).await?)
}
