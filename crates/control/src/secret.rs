//! Provider keys of tenants: checked, sealed, never given back. A key is bound to the one base URL it may be sent to.

use creel_db::{
    Tx, secret as vault,
    secret::{Binding, SecretRow},
};
use creel_domain::{InstanceId, Permission, Provider, Slug, TenantId, secret as names};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

use crate::{Caller, Core, Error, Result, audit, instance, vendor, vendor::Verdict};

/// Binding of secrets that are never sent to anybody.
pub(crate) const STAYS_WITH_US: &str = "-";

/// A key of plausible shape, and the one place it may be sent to.
pub(crate) struct CheckedKey {
    pub(crate) name: &'static str,
    pub(crate) base_url: Url,
    pub(crate) value: SecretString,
}

/// Checks a key's shape and where it may go. `field` is where the request carries it.
pub(crate) fn check(
    field: &'static str,
    core: &Core,
    provider: &'static Provider,
    value: SecretString,
    base_url: Option<&str>,
) -> Result<CheckedKey> {
    let name = provider
        .secret_name
        .ok_or_else(|| Error::invalid(field, format!("{} needs no key", provider.name)))?;
    if let Some(problem) = provider.key_problem(value.expose_secret()) {
        let hint = if provider.key_url.is_empty() {
            "Copy it again.".to_owned()
        } else {
            format!("Get one at {}.", provider.key_url)
        };
        return Err(Error::invalid_with(field, problem, hint));
    }
    let base_url = match (core.options.base_url(provider), base_url) {
        (None, Some(named)) => custom_url(core, named)?,
        (None, None) => {
            return Err(Error::invalid(
                "base_url",
                format!("{} needs the base URL of its API", provider.name),
            ));
        }
        (Some(_), Some(_)) => {
            return Err(Error::invalid(
                "base_url",
                format!("{} has a fixed address; leave this out", provider.name),
            ));
        }
        (Some(fixed), None) => fixed,
    };
    Ok(CheckedKey {
        name,
        base_url,
        value,
    })
}

/// A tenant's own URL: TLS only but for ranges that the operator opened, and every connection to it goes through the guarded client, which refuses
/// private addresses.
fn custom_url(core: &Core, text: &str) -> Result<Url> {
    let url: Url = text
        .parse()
        .map_err(|_| Error::invalid("base_url", "is not a URL"))?;
    let encrypted = url.scheme() == "https";
    let fine = (encrypted || (url.scheme() == "http" && core.options.allows_plain(&url)))
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none();
    if fine {
        Ok(url)
    } else {
        Err(Error::invalid_with(
            "base_url",
            "must be https://, without user, password or query",
            "For example https://llm.example.org/v1.",
        ))
    }
}

pub(crate) async fn write(
    core: &Core,
    tx: &Tx,
    (tenant, instance): (TenantId, InstanceId),
    key: CheckedKey,
) -> Result<()> {
    let binding = Binding {
        tenant,
        instance,
        name: key.name.to_owned(),
        provider_host: key.base_url.to_string(),
    };
    let ring = core.vault.reload()?;
    Ok(vault::put(
        tx,
        &ring,
        core.entropy.as_ref(),
        core.id(),
        &binding,
        &key.value,
        core.now(),
    )
    .await?)
}

/// A provider key as a person gives it.
#[derive(Debug)]
pub struct Given<'a> {
    /// The secret's name.
    pub name: &'a str,
    /// The key.
    pub value: SecretString,
    /// Base URL, only for the provider `custom`.
    pub base_url: Option<&'a str>,
}

/// Asks the vendor about a key and keeps nothing but a line in the audit log.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a name outside the allow list or a key of the wrong shape; [`Error::Upstream`] when the vendor
/// cannot be asked.
pub async fn test(core: &Core, caller: &Caller, slug: &Slug, given: Given<'_>) -> Result<Verdict> {
    caller.require(Permission::SecretWrite)?;
    let instance = instance::get(core, caller, slug).await?;
    let provider = names::provider_of(given.name).ok_or_else(unknown_name)?;
    let key = check("value", core, provider, given.value, given.base_url)?;
    let verdict = vendor::test(core.vendors.as_ref(), provider, &key).await?;
    let detail = json!({ "name": given.name, "accepted": verdict == Verdict::Accepted });
    let (tx, target) = (core.db.begin().await?, instance.id.to_string());
    audit::by_caller(core, &tx, caller, "secret.test", &target, detail).await?;
    tx.commit().await?;
    Ok(verdict)
}

/// Refuses a key that the vendor refuses, in the vendor's words.
pub(crate) async fn tested(
    field: &'static str,
    core: &Core,
    provider: &'static Provider,
    key: &CheckedKey,
) -> Result<()> {
    match vendor::test(core.vendors.as_ref(), provider, key).await? {
        Verdict::Accepted | Verdict::Untested => Ok(()),
        Verdict::Refused(words) => Err(Error::invalid_with(
            field,
            format!("{} refused it: {words}", provider.name),
            "Copy the key again, or make a new one.",
        )),
    }
}

/// Replaces a provider key, if asked to only once its vendor accepts it. Takes effect with the next model call; the instance does not restart.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a name outside the allow list or a key of the wrong shape or one that the vendor refuses;
/// [`Error::Upstream`] when the vendor cannot be asked.
pub async fn put(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    given: Given<'_>,
    test_first: bool,
) -> Result<SecretRow> {
    caller.require(Permission::SecretWrite)?;
    let name = given.name;
    let instance = instance::get(core, caller, slug).await?;
    let provider = names::provider_of(name).ok_or_else(unknown_name)?;
    let key = check("value", core, provider, given.value, given.base_url)?;
    if test_first {
        tested("value", core, provider, &key).await?;
    }
    let tx = core.db.begin().await?;
    write(core, &tx, (instance.tenant, instance.id), key).await?;
    audit::by_caller(
        core,
        &tx,
        caller,
        "secret.put",
        &instance.id.to_string(),
        json!({ "name": name }),
    )
    .await?;
    tx.commit().await?;
    core.waker.feed();
    vault::find(core.db.read(), instance.id, name)
        .await?
        .ok_or(Error::NotFound("secret"))
}

fn unknown_name() -> Error {
    let known: Vec<_> = creel_domain::provider::CATALOGUE
        .iter()
        .filter_map(|p| p.secret_name)
        .collect();
    Error::invalid_with(
        "name",
        "is not a secret that can be set",
        format!("Use one of: {}.", known.join(", ")),
    )
}

/// What exists of an instance's provider keys. Values are never given.
pub async fn list(core: &Core, caller: &Caller, slug: &Slug) -> Result<Vec<SecretRow>> {
    let instance = instance::get(core, caller, slug).await?;
    let rows = vault::list(core.db.read(), instance.id).await?;
    Ok(rows
        .into_iter()
        .filter(|row| names::is_settable(&row.binding.name))
        .collect())
}

/// Removes a provider key.
///
/// # Errors
/// [`Error::NotFound`] when there is no such instance or secret.
pub async fn delete(core: &Core, caller: &Caller, slug: &Slug, name: &str) -> Result<()> {
    caller.require(Permission::SecretWrite)?;
    let instance = instance::get(core, caller, slug).await?;
    if !names::is_settable(name) {
        return Err(Error::NotFound("secret"));
    }
    let tx = core.db.begin().await?;
    if !vault::delete(&tx, instance.id, name).await? {
        return Err(Error::NotFound("secret"));
    }
    audit::by_caller(
        core,
        &tx,
        caller,
        "secret.delete",
        &instance.id.to_string(),
        json!({ "name": name }),
    )
    .await?;
    tx.commit().await?;
    core.waker.feed();
    Ok(())
}
