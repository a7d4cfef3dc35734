//! Sign-up: a user and their tenant, or nothing at all when the address is taken. Both look the same from outside.

use creel_db::{setting, tenant, user};
use creel_domain::{Role, TenantId, UserId};
use secrecy::{ExposeSecret as _, SecretString};

use super::{normalise, password, setup};
use crate::{Core, Error, Result, audit};

/// What a person gives.
#[derive(Debug)]
pub struct SignUp {
    /// Address.
    pub email: String,
    /// Password.
    pub password: SecretString,
    /// The one-time code that makes the first operator.
    pub setup_code: Option<String>,
}

/// Makes the account unless the address is taken; the caller is told the same either way.
///
/// # Errors
/// [`Error::Invalid`] for an address or password that cannot be one; [`Error::Unauthenticated`] for a wrong setup code, and for none where
/// sign-up is closed.
pub async fn sign_up(core: &Core, request: SignUp) -> Result<()> {
    let email = normalise(&request.email).ok_or_else(|| {
        Error::invalid_with(
            "email",
            "is not an address",
            "Enter it like name@example.org.",
        )
    })?;
    password::check(request.password.expose_secret())?;
    let code = setup::check(core, request.setup_code.as_deref()).await?;
    if code.is_none() && !core.options.open_signup {
        return Err(Error::Unauthenticated);
    }
    let hash = password::hash(core, request.password.expose_secret()).await?;
    match insert(core, &email, hash, code).await {
        Err(Error::Db(creel_db::Error::Conflict(_))) => Ok(()),
        result => result.map(|_| ()),
    }
}

/// Writes user, tenant and membership in one transaction; takes the setup code in the same one, so that it works once.
pub(super) async fn insert(
    core: &Core,
    email: &str,
    password_hash: String,
    setup_code: Option<String>,
) -> Result<(UserId, TenantId)> {
    let (now, user_id, tenant_id) = (core.now(), core.id(), core.id());
    let tx = core.db.begin().await?;
    let is_operator = match setup_code {
        Some(hash) => {
            if !setting::take(&tx, setting::SETUP_CODE, &hash).await? {
                return Err(Error::Unauthenticated);
            }
            true
        }
        None => false,
    };
    let row = user::User {
        id: user_id,
        email: email.to_owned(),
        password_hash,
        is_operator,
        created_at: now,
        disabled_at: None,
    };
    user::insert(&tx, &row).await?;
    tenant::insert(&tx, tenant_id, email, now).await?;
    tenant::add_member(&tx, tenant_id, user_id, Role::Owner, now).await?;
    let detail = serde_json::json!({ "operator": is_operator });
    audit::by(
        core,
        &tx,
        Some(tenant_id),
        &user_id.to_string(),
        "account.create",
        &user_id.to_string(),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok((user_id, tenant_id))
}
