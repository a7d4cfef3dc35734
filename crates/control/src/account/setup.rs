//! The first operator: made by whoever holds the one-time code that Creel prints, or on the host by `creel user create`.

use creel_db::{setting, user};
use creel_domain::{TenantId, UserId, token};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::{normalise, password, sha256, signup};
use crate::{Core, Error, Result};

/// A fresh setup code as long as there is no operator; an earlier one stops working. `None` once there is one.
pub async fn setup_code(core: &Core) -> Result<Option<String>> {
    if user::count_operators(core.db.read()).await? > 0 {
        return Ok(None);
    }
    let mut random = [0u8; 12];
    core.entropy.fill(&mut random);
    let code = token::hex(&random);
    let tx = core.db.begin().await?;
    setting::put(&tx, setting::SETUP_CODE, &token::hex(&sha256(&code))).await?;
    tx.commit().await?;
    Ok(Some(code))
}

/// The stored hash if the code is the right one, `None` if none was given.
pub(super) async fn check(core: &Core, code: Option<&str>) -> Result<Option<String>> {
    let Some(code) = code else { return Ok(None) };
    let stored = setting::find(core.db.read(), setting::SETUP_CODE)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let shown = token::hex(&sha256(code.trim()));
    let right: bool = shown.as_bytes().ct_eq(stored.as_bytes()).into();
    if right {
        Ok(Some(stored))
    } else {
        Err(Error::Unauthenticated)
    }
}

/// Makes an operator without a code; only the host's own command line calls this.
///
/// # Errors
/// [`Error::Conflict`] when the address is taken, [`Error::Invalid`] for one that cannot be an address or a password that is too short.
pub async fn create_operator(
    core: &Core,
    email: &str,
    secret: &SecretString,
) -> Result<(UserId, TenantId)> {
    let email = normalise(email).ok_or_else(|| Error::invalid("email", "is not an address"))?;
    password::check(secret.expose_secret())?;
    let code = setup_hash(core).await?;
    let hash = password::hash(core, secret.expose_secret()).await?;
    signup::insert(core, &email, hash, Some(code))
        .await
        .map_err(|error| match error {
            Error::Db(creel_db::Error::Conflict(_)) => Error::conflict(
                "email_taken",
                "there is an account with that address",
                "Use another address.",
            ),
            other => other,
        })
}

async fn setup_hash(core: &Core) -> Result<String> {
    let mut random = [0u8; 16];
    core.entropy.fill(&mut random);
    let tx = core.db.begin().await?;
    let hash = setting::get_or_insert(&tx, setting::SETUP_CODE, &token::hex(&random)).await?;
    tx.commit().await?;
    Ok(hash)
}
