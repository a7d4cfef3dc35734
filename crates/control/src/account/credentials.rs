//! Another password or another address, for whoever knows the present password: a session left open in a café is not enough.

use creel_db::{session, user};
use creel_domain::SessionId;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{normalise, password};
use crate::{Caller, Core, Error, Result, audit};

/// Changes the password and ends every session but `kept`. API tokens stay: they are programs', were made on purpose, and are revoked by name.
///
/// # Errors
/// [`Error::Invalid`] for a wrong present password and for a new one that is none; [`Error::Conflict`] when another request was quicker.
pub async fn change_password(
    core: &Core,
    caller: &Caller,
    kept: Option<SessionId>,
    current: &SecretString,
    new: &SecretString,
) -> Result<()> {
    password::check(new.expose_secret())?;
    let old = proven(core, caller, current).await?;
    let hash = password::hash(core, new.expose_secret()).await?;
    let tx = core.db.begin().await?;
    if !user::replace_password(&tx, caller.user, &old, &hash).await? {
        return Err(Error::conflict(
            "changed_meanwhile",
            "the password was changed by another request at the same moment",
            "Sign in with the newer one.",
        ));
    }
    let ended = match kept {
        Some(kept) => session::delete_others(&tx, caller.user, kept).await?,
        None => session::delete_all(&tx, caller.user).await?,
    };
    let (target, detail) = (caller.user.to_string(), json!({ "sessions_ended": ended }));
    audit::by_caller(core, &tx, caller, "account.password", &target, detail).await?;
    Ok(tx.commit().await?)
}

/// Changes the address. Of one that is taken nothing is said and nothing is changed, as with a sign-up: the answer must not tell who has an account.
///
/// # Errors
/// [`Error::Invalid`] for a wrong password and for what cannot be an address.
pub async fn change_email(
    core: &Core,
    caller: &Caller,
    current: &SecretString,
    email: &str,
) -> Result<()> {
    let email = normalise(email).ok_or_else(|| {
        Error::invalid_with(
            "email",
            "is not an address",
            "Enter it like name@example.org.",
        )
    })?;
    proven(core, caller, current).await?;
    if email == caller.email {
        return Ok(());
    }
    let tx = core.db.begin().await?;
    match user::set_email(&tx, caller.user, &email).await {
        Err(creel_db::Error::Conflict(_)) => return Ok(()),
        result => result?,
    }
    let (target, detail) = (caller.user.to_string(), json!({ "from": caller.email }));
    audit::by_caller(core, &tx, caller, "account.email", &target, detail).await?;
    Ok(tx.commit().await?)
}

/// The stored hash, if this is the password behind it.
async fn proven(core: &Core, caller: &Caller, current: &SecretString) -> Result<String> {
    let stored = user::get(core.db.read(), caller.user).await?.password_hash;
    if password::verify(current.expose_secret(), Some(stored.clone())).await? {
        return Ok(stored);
    }
    Err(Error::invalid_with(
        "current_password",
        "is not your password",
        "Enter the one you signed in with.",
    ))
}
