//! The draft's provider key: tested with its vendor, then sealed for the instance that the draft will become.

use creel_db::secret as vault;
use creel_domain::{Permission, Provider, secret as names};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Key, KeySource, change};
use crate::{Caller, Core, Error, Result, audit, secret};

/// Seals a key once its vendor accepts it, in the place of the one before.
///
/// # Errors
/// [`Error::Invalid`] for a key that is not one or that the vendor refuses, in the vendor's words; [`Error::Upstream`] when it cannot be asked.
pub async fn put_key(
    core: &Core,
    caller: &Caller,
    provider: &str,
    value: SecretString,
    base_url: Option<&str>,
) -> Result<Key> {
    caller.require(Permission::SecretWrite)?;
    let provider = Provider::find(provider).ok_or_else(|| {
        Error::invalid_with(
            "provider",
            "is not a known provider",
            "GET /api/v1/providers lists them.",
        )
    })?;
    let last_four = names::last_four(value.expose_secret()).unwrap_or_default();
    let checked = secret::check("value", core, provider, value, base_url)?;
    secret::tested("value", core, provider, &checked).await?;
    let key = Key {
        provider: provider.id.to_owned(),
        last_four,
        base_url: base_url.map(|_| checked.base_url.to_string()),
        tested_at: core.now(),
    };
    let kept = key.clone();
    change(core, caller, async |open| {
        let (target, detail) = (open.row.instance, json!({ "name": checked.name }));
        vault::delete_all(&open.tx, target).await?;
        secret::write(core, &open.tx, (caller.tenant, target), checked).await?;
        let target = target.to_string();
        audit::by_caller(core, &open.tx, caller, "draft.key.put", &target, detail).await?;
        open.body.key = Some(kept);
        open.body.key_source = Some(KeySource::Own);
        Ok(())
    })
    .await?;
    Ok(key)
}

/// Forgets the draft's key. Idempotent.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_key(core: &Core, caller: &Caller) -> Result<()> {
    caller.require(Permission::SecretWrite)?;
    change(core, caller, async |open| {
        if open.body.key.take().is_none() {
            return Ok(());
        }
        vault::delete_all(&open.tx, open.row.instance).await?;
        let target = open.row.instance.to_string();
        audit::by_caller(
            core,
            &open.tx,
            caller,
            "draft.key.delete",
            &target,
            json!({}),
        )
        .await
    })
    .await?;
    Ok(())
}
