//! From a cookie or bearer to a [`Caller`]: the public part finds the row, the hash is compared in constant time, then tenant and role are read.

use std::time::Duration;

use creel_db::{session, tenant, token as tokens, user};
use creel_domain::{SessionId, TenantId, UserId, token};
use subtle::ConstantTimeEq as _;

use super::{sha256, signin};
use crate::{Caller, Core, Error, Result};

// Last use is noted to the minute: once per request would make every read a write.
const TOUCH: Duration = Duration::from_mins(1);

/// The caller behind a session cookie, and the session's id.
///
/// # Errors
/// [`Error::Unauthenticated`] for an unknown, wrong, idle, expired or revoked session.
pub async fn by_session(
    core: &Core,
    cookie: &str,
    tenant: Option<TenantId>,
) -> Result<(Caller, SessionId)> {
    let public = token::public_part(token::SESSION, cookie).ok_or(Error::Unauthenticated)?;
    let row = session::find_by_public(core.db.read(), public)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let now = core.now();
    let alive = row.expires_at > now && now.since(row.last_seen_at) < signin::IDLE;
    if !alive || !same(&row.secret_hash, cookie) {
        return Err(Error::Unauthenticated);
    }
    if now.since(row.last_seen_at) > TOUCH {
        let tx = core.db.begin().await?;
        session::touch(&tx, row.id, now).await?;
        tx.commit().await?;
    }
    Ok((caller(core, row.user, tenant).await?, row.id))
}

/// The caller behind an API token.
///
/// # Errors
/// [`Error::Unauthenticated`] for an unknown, wrong, expired or revoked token.
pub async fn by_token(core: &Core, bearer: &str, tenant: Option<TenantId>) -> Result<Caller> {
    let public = token::public_part(token::API_TOKEN, bearer).ok_or(Error::Unauthenticated)?;
    let row = tokens::find_by_public(core.db.read(), public)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let now = core.now();
    if row.expires_at <= now || !same(&row.secret_hash, bearer) {
        return Err(Error::Unauthenticated);
    }
    if row.last_used_at.is_none_or(|used| now.since(used) > TOUCH) {
        let tx = core.db.begin().await?;
        tokens::touch(&tx, row.id, now).await?;
        tx.commit().await?;
    }
    caller(core, row.user, tenant).await
}

fn same(stored: &[u8], shown: &str) -> bool {
    stored.ct_eq(&sha256(shown)).into()
}

async fn caller(core: &Core, id: UserId, wanted: Option<TenantId>) -> Result<Caller> {
    let user = user::get(core.db.read(), id)
        .await
        .map_err(|_| Error::Unauthenticated)?;
    if user.disabled_at.is_some() {
        return Err(Error::Unauthenticated);
    }
    let memberships = tenant::memberships(core.db.read(), id).await?;
    let membership = match wanted {
        Some(tenant) => memberships.into_iter().find(|m| m.tenant == tenant),
        None => memberships.into_iter().next(),
    };
    let membership = membership.ok_or(Error::NotFound("tenant"))?;
    Ok(Caller {
        user: id,
        email: user.email,
        tenant: membership.tenant,
        role: membership.role,
        is_operator: user.is_operator,
    })
}
