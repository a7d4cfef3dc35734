//! Claims: a bot's token is taken, and whoever presses Start in the chat with the code becomes the person the agent listens to.
//!
//! Owns the claim's row and its sealed token until an instance takes both over. Telegram is asked only when somebody looks, so nothing runs
//! in the background and a crash loses nothing: what was found is written before Telegram is told that we have read it.

mod look;

use std::time::Duration;

use creel_db::{Tx, claim as rows, secret as vault, secret::Binding, tenant};
use creel_domain::{ClaimId, Entropy, Permission, TenantId, secret as names};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

pub use creel_db::claim::{Claim, Claimant};
pub use look::look;
pub(crate) use look::settle;

use super::telegram;
use crate::{Caller, Core, Error, Result, audit};

/// Longer than anybody takes to find the button, shorter than a forgotten token should lie here.
const LIFE: Duration = Duration::from_hours(24);
/// Bots one tenant may have on the way. More is somebody trying tokens.
const PER_TENANT: u64 = 10;
/// Ended claims that one sweep removes; the next one takes the rest.
const SWEEP: u64 = 100;

/// What is asked for.
#[derive(Debug)]
pub struct Ask {
    /// Bot token from BotFather.
    pub token: SecretString,
    /// Another Bot API; operators only, loopback only.
    pub api_base: Option<String>,
}

/// A bot that Telegram knows and no instance uses.
pub(crate) struct Prepared {
    claim: Claim,
    token: SecretString,
    base: Url,
}

/// Takes a bot's token: checked with Telegram, sealed, kept for a day.
///
/// # Errors
/// [`Error::Invalid`] for a token that Telegram refuses, [`Error::Conflict`] for a bot in use or too many claims, [`Error::Upstream`] when
/// Telegram cannot be asked.
pub async fn create(core: &Core, caller: &Caller, asked: Ask) -> Result<Claim> {
    caller.require(Permission::SecretWrite)?;
    let prepared = prepare(core, caller, asked).await?;
    let tx = core.db.begin().await?;
    let claim = keep(core, &tx, caller, prepared).await?;
    tx.commit().await?;
    Ok(claim)
}

/// Everything that can be refused, before anything is written.
pub(crate) async fn prepare(core: &Core, caller: &Caller, asked: Ask) -> Result<Prepared> {
    let api_base = asked
        .api_base
        .map(|text| telegram::loopback(caller, &text))
        .transpose()?;
    let bot = telegram::known(core, api_base.as_ref(), &asked.token, None).await?;
    let claim = Claim {
        id: core.id(),
        tenant: caller.tenant,
        bot_id: bot.id.to_string(),
        bot_name: bot.name.unwrap_or_else(|| bot.username.clone()),
        bot_username: bot.username,
        last_four: names::last_four(asked.token.expose_secret()).unwrap_or_default(),
        code: code(core.entropy.as_ref()),
        api_base: api_base.as_ref().map(Url::to_string),
        claimed: None,
        unconfirmed: None,
        expires_at: core.now().plus(LIFE),
    };
    let base = api_base.unwrap_or_else(|| core.options.telegram_api_base.clone());
    Ok(Prepared {
        claim,
        token: asked.token,
        base,
    })
}

/// Writes the claim and seals its token.
pub(crate) async fn keep(
    core: &Core,
    tx: &Tx,
    caller: &Caller,
    prepared: Prepared,
) -> Result<Claim> {
    let Prepared { claim, token, base } = prepared;
    tenant::lock(tx, caller.tenant).await?;
    if rows::count(tx, caller.tenant, core.now()).await? >= PER_TENANT {
        return Err(Error::conflict(
            "too_many_claims",
            format!("{PER_TENANT} bots are waiting for their person already"),
            "Connect or remove one of them first; each is forgotten after a day.",
        ));
    }
    rows::insert(tx, &claim).await?;
    let binding = Binding {
        tenant: claim.tenant,
        instance: claim.pseudo_instance(),
        name: names::TELEGRAM_BOT_TOKEN.to_owned(),
        provider_host: base.to_string(),
    };
    let ring = core.vault.reload()?;
    let (entropy, now) = (core.entropy.as_ref(), core.now());
    vault::put(tx, &ring, entropy, core.id(), &binding, &token, now).await?;
    let detail = json!({ "bot": claim.bot_id, "username": claim.bot_username });
    let target = claim.id.to_string();
    audit::by_caller(core, tx, caller, "telegram.claim.create", &target, detail).await?;
    Ok(claim)
}

/// The caller's claim, if it has not ended.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is another tenant's.
pub async fn get(core: &Core, caller: &Caller, id: ClaimId) -> Result<Claim> {
    rows::find(core.db.read(), caller.tenant, id, core.now())
        .await?
        .ok_or(Error::NotFound("claim"))
}

/// Forgets a claim and its token.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn delete(core: &Core, caller: &Caller, id: ClaimId) -> Result<()> {
    caller.require(Permission::InstanceWrite)?;
    let tx = core.db.begin().await?;
    forget(core, &tx, caller, id).await?;
    Ok(tx.commit().await?)
}

/// The same in somebody else's transaction.
pub(crate) async fn forget(core: &Core, tx: &Tx, caller: &Caller, id: ClaimId) -> Result<()> {
    take(tx, caller, id).await?;
    let target = id.to_string();
    audit::by_caller(
        core,
        tx,
        caller,
        "telegram.claim.delete",
        &target,
        json!({}),
    )
    .await
}

/// Removes the claim because an instance takes its bot over.
///
/// # Errors
/// [`Error::NotFound`] when somebody else was first.
pub(crate) async fn take(tx: &Tx, caller: &Caller, id: ClaimId) -> Result<()> {
    if remove(tx, caller.tenant, id).await? {
        return Ok(());
    }
    Err(Error::NotFound("claim"))
}

/// Removes a claim with its sealed token, which must never outlive it; false when there was none.
pub(crate) async fn remove(tx: &Tx, tenant: TenantId, id: ClaimId) -> Result<bool> {
    let there = rows::delete(tx, tenant, id).await?;
    if there {
        vault::delete_all(tx, rows::pseudo_instance(id)).await?;
    }
    Ok(there)
}

/// The claim's token.
pub(crate) async fn token(core: &Core, claim: &Claim) -> Result<SecretString> {
    let name = names::TELEGRAM_BOT_TOKEN;
    let row = vault::find(core.db.read(), claim.pseudo_instance(), name)
        .await?
        .ok_or(Error::NotFound("claim"))?;
    Ok(core.vault.unseal(&row)?)
}

/// Where the claim's bot is reached.
fn base(core: &Core, claim: &Claim) -> Url {
    let own = claim.api_base.as_deref().and_then(|text| text.parse().ok());
    own.unwrap_or_else(|| core.options.telegram_api_base.clone())
}

/// Removes claims that have ended, a bounded number at a time.
pub(crate) async fn sweep(core: &Core) -> Result<()> {
    let ended = rows::ended(core.db.read(), core.now(), SWEEP).await?;
    if ended.is_empty() {
        return Ok(());
    }
    let tx = core.db.begin().await?;
    for claim in &ended {
        remove(&tx, claim.tenant, claim.id).await?;
    }
    Ok(tx.commit().await?)
}

/// Letters and digits that nobody mistakes for another.
const ALPHABET: &[u8; 54] = b"ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";
/// 12 of 54 are 69 bits: nobody guesses one within a day.
const CODE: usize = 12;

fn code(entropy: &dyn Entropy) -> String {
    let mut code = String::new();
    while code.len() < CODE {
        let mut bytes = [0u8; 32];
        entropy.fill(&mut bytes);
        // 216 = 4 × 54: above it some letters would come more often.
        let letters = bytes.iter().filter(|byte| **byte < 216);
        let letters = letters.map(|byte| char::from(ALPHABET[usize::from(byte % 54)]));
        code.extend(letters.take(CODE - code.len()));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use creel_domain::SystemEntropy;

    #[test]
    fn codes_are_long_plain_and_never_the_same() {
        let (one, other) = (code(&SystemEntropy), code(&SystemEntropy));
        assert_ne!(one, other);
        assert_eq!(one.len(), CODE);
        assert!(one.bytes().all(|b| ALPHABET.contains(&b)), "{one}");
    }
}
