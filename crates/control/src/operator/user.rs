//! Closing and opening accounts.

use creel_db::{session, token, user};
use creel_domain::{Permission, UserId};
use serde_json::json;

use crate::{Caller, Core, Error, Result, audit};

/// Closes an account: its sessions and API tokens end at once and for good, and it cannot sign in. Its tenants and instances go on. Idempotent.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] for one's own account and for the last operator's.
pub async fn disable_user(core: &Core, caller: &Caller, id: UserId) -> Result<()> {
    caller.require(Permission::Operate)?;
    if id == caller.user {
        return Err(Error::conflict(
            "own_account",
            "you cannot disable your own account",
            "Ask another operator.",
        ));
    }
    let tx = core.db.begin().await?;
    // Held until the commit: two operators who disable each other at the same moment would leave none.
    let operators = user::lock_operators(&tx).await?;
    let person = find(&tx, id).await?;
    let others = operators.iter().filter(|one| **one != id).count();
    if person.is_operator && others == 0 {
        return Err(Error::conflict(
            "last_operator",
            "this is the last operator",
            "Make another one first: creel user create --operator.",
        ));
    }
    if person.disabled_at.is_none() {
        user::set_disabled(&tx, id, Some(core.now())).await?;
        let sessions = session::delete_all(&tx, id).await?;
        let tokens = token::delete_all(&tx, id).await?;
        let detail = json!({ "email": person.email, "sessions": sessions, "tokens": tokens });
        tell(core, &tx, caller, "user.disable", id, detail).await?;
    }
    Ok(tx.commit().await?)
}

/// Opens an account again. Whoever it belongs to signs in anew; tokens are not brought back. Idempotent.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn enable_user(core: &Core, caller: &Caller, id: UserId) -> Result<()> {
    caller.require(Permission::Operate)?;
    let tx = core.db.begin().await?;
    let person = find(&tx, id).await?;
    if person.disabled_at.is_some() {
        user::set_disabled(&tx, id, None).await?;
        let detail = json!({ "email": person.email });
        tell(core, &tx, caller, "user.enable", id, detail).await?;
    }
    Ok(tx.commit().await?)
}

async fn find(tx: &creel_db::Tx, id: UserId) -> Result<user::User> {
    user::get(tx, id).await.map_err(|error| match error {
        creel_db::Error::NotFound => Error::NotFound("user"),
        other => other.into(),
    })
}

/// In no tenant's log: a person may belong to several.
async fn tell(
    core: &Core,
    tx: &creel_db::Tx,
    caller: &Caller,
    action: &str,
    target: UserId,
    detail: serde_json::Value,
) -> Result<()> {
    let (actor, target) = (caller.user.to_string(), target.to_string());
    audit::by(core, tx, None, &actor, action, &target, detail).await
}
