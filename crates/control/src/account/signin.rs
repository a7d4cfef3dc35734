//! Sign-in of browsers.

use std::time::Duration;

use creel_db::{session, tenant, user};
use creel_domain::{Timestamp, token};
use secrecy::{ExposeSecret as _, SecretString};

use super::{normalise, password, sha256};
use crate::{Core, Error, Result, audit};

/// A session ends at the latest after this.
pub(super) const ABSOLUTE: Duration = Duration::from_hours(30 * 24);
/// A session unused for this long ends.
pub(super) const IDLE: Duration = Duration::from_hours(24);

/// A fresh session.
pub struct SignedIn {
    /// Value of the session cookie; leaves once.
    pub cookie: SecretString,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Checks address and password and opens a session.
///
/// # Errors
/// [`Error::Unauthenticated`] for a wrong address, a wrong password and a disabled account alike, after the same work.
pub async fn sign_in(
    core: &Core,
    email: &str,
    secret: &SecretString,
    user_agent: Option<&str>,
) -> Result<SignedIn> {
    let found = match normalise(email) {
        Some(email) => user::find_by_email(core.db.read(), &email).await?,
        None => None,
    };
    let right = password::verify(
        secret.expose_secret(),
        found.as_ref().map(|u| u.password_hash.clone()),
    )
    .await?;
    let user = found
        .filter(|u| right && u.disabled_at.is_none())
        .ok_or(Error::Unauthenticated)?;
    open(core, &user, user_agent).await
}

async fn open(core: &Core, user: &user::User, user_agent: Option<&str>) -> Result<SignedIn> {
    let now = core.now();
    let bearer = token::Bearer::mint(token::SESSION, core.entropy.as_ref());
    let row = session::Session {
        id: core.id(),
        user: user.id,
        public: bearer.public,
        secret_hash: sha256(&bearer.text),
        user_agent: user_agent.map(|ua| ua.chars().take(200).collect()),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(ABSOLUTE),
    };
    // The one a request acts in if it names none, so that the line stands where the person looks for it.
    let tenants = tenant::memberships(core.db.read(), user.id).await?;
    let tx = core.db.begin().await?;
    session::insert(&tx, &row).await?;
    audit::by(
        core,
        &tx,
        tenants.first().map(|membership| membership.tenant),
        &user.id.to_string(),
        "session.create",
        &row.id.to_string(),
        serde_json::json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(SignedIn {
        cookie: bearer.text.into(),
        expires_at: row.expires_at,
    })
}
