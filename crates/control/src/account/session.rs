//! A person's own sessions: which there are, and ending them.

use creel_db::session;
use creel_domain::{SessionId, Timestamp};
use serde_json::json;

use super::signin::IDLE;
use crate::{Caller, Core, Error, Result, audit};

/// The caller's sessions that would still be let in, the last used first.
pub async fn list_sessions(core: &Core, caller: &Caller) -> Result<Vec<session::Session>> {
    let now = core.now();
    let idle = i64::try_from(IDLE.as_micros()).unwrap_or(i64::MAX);
    let since = Timestamp::from_micros(now.micros().saturating_sub(idle));
    Ok(session::list_alive(core.db.read(), caller.user, now, since).await?)
}

/// Ends the session that asks. Idempotent.
pub async fn sign_out(core: &Core, caller: &Caller, id: SessionId) -> Result<()> {
    match end_session(core, caller, id).await {
        Err(Error::NotFound(_)) => Ok(()),
        result => result,
    }
}

/// Ends one of the caller's sessions at once.
///
/// # Errors
/// [`Error::NotFound`] when it is gone or somebody else's.
pub async fn end_session(core: &Core, caller: &Caller, id: SessionId) -> Result<()> {
    let tx = core.db.begin().await?;
    if !session::delete(&tx, caller.user, id).await? {
        return Err(Error::NotFound("session"));
    }
    audit::by_caller(core, &tx, caller, "session.end", &id.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

/// Ends every session of the caller, the one that asks too; how many there were.
pub async fn end_all_sessions(core: &Core, caller: &Caller) -> Result<u64> {
    let tx = core.db.begin().await?;
    let ended = session::delete_all(&tx, caller.user).await?;
    let (target, detail) = (caller.user.to_string(), json!({ "sessions": ended }));
    audit::by_caller(core, &tx, caller, "session.end_all", &target, detail).await?;
    tx.commit().await?;
    Ok(ended)
}
