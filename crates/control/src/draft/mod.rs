//! Drafts: what a person has told the wizard so far, one per person and tenant, so that it can be gone on with anywhere.
//!
//! Owns the row and what is sealed for it. The instance's id is minted with the draft, so the provider key is sealed for the instance already and
//! never sealed twice. Checks are light here, since a draft may be half-written; all of them are made when it is created. A crash loses nothing.

mod body;
mod create;
mod key;

use std::time::Duration;

use creel_db::{Tx, claim as claims, draft as rows, secret as vault, tenant};
use creel_domain::Permission;

pub use body::{Body, Key, KeySource, Patch, Step};
pub use create::create;
pub(crate) use create::{Source, spend, still_open};
pub use key::{delete_key, put_key};

use crate::{
    Caller, Core, Error, Result,
    channel::claim::{self, Claim},
};

/// A draft nobody touched for so long is forgotten, its key with it.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// Drafts that one sweep removes; the next one takes the rest.
const SWEEP: u64 = 100;

/// A draft as people see it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What was told.
    pub body: Body,
    /// The bot that waits for it.
    pub telegram: Option<Claim>,
    /// When it was last changed; none when there is no draft.
    pub updated_at: Option<creel_domain::Timestamp>,
}

/// The person's draft; an empty one if there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn get(core: &Core, caller: &Caller) -> Result<Draft> {
    let found = rows::find(core.db.read(), caller.tenant, caller.user).await?;
    match found.filter(|row| row.operation.is_none()) {
        Some(row) => view(core, caller, row).await,
        None => Ok(Draft::default()),
    }
}

async fn view(core: &Core, caller: &Caller, row: rows::Draft) -> Result<Draft> {
    let telegram = match row.claim {
        Some(id) => claims::find(core.db.read(), caller.tenant, id, core.now()).await?,
        None => None,
    };
    Ok(Draft {
        body: Body::read(&row.body)?,
        telegram,
        updated_at: Some(row.updated_at),
    })
}

/// Merges what is told into the draft.
///
/// # Errors
/// [`Error::Invalid`] for a text that is too long for any use.
pub async fn put(core: &Core, caller: &Caller, patch: Patch) -> Result<Draft> {
    caller.require(Permission::InstanceWrite)?;
    patch.check()?;
    change(core, caller, async |open| {
        open.body.merge(patch);
        Ok(())
    })
    .await
}

/// An unfinished draft within a transaction.
struct Open<'a> {
    core: &'a Core,
    caller: &'a Caller,
    tx: Tx,
    row: rows::Draft,
    body: Body,
}

/// Changes the draft, making it if there is none, and writes it back.
async fn change(
    core: &Core,
    caller: &Caller,
    what: impl AsyncFnOnce(&mut Open<'_>) -> Result<()>,
) -> Result<Draft> {
    let tx = core.db.begin().await?;
    // Two tabs that save at once: each must read what the other wrote.
    tenant::lock(&tx, caller.tenant).await?;
    let found = rows::find(&tx, caller.tenant, caller.user).await?;
    let row = found
        .filter(|row| row.operation.is_none())
        .unwrap_or_else(|| fresh(core, caller));
    let body = Body::read(&row.body)?;
    let mut open = Open {
        core,
        caller,
        tx,
        row,
        body,
    };
    what(&mut open).await?;
    let row = rows::Draft {
        body: open.body.write()?,
        updated_at: core.now(),
        ..open.row
    };
    rows::put(&open.tx, &row).await?;
    open.tx.commit().await?;
    view(core, caller, row).await
}

fn fresh(core: &Core, caller: &Caller) -> rows::Draft {
    rows::Draft {
        tenant: caller.tenant,
        user: caller.user,
        instance: core.id(),
        body: "{}".to_owned(),
        claim: None,
        operation: None,
        updated_at: core.now(),
    }
}

impl Open<'_> {
    /// Forgets the bot that waits, if one does.
    async fn drop_claim(&mut self) -> Result<()> {
        let Some(id) = self.row.claim.take() else {
            return Ok(());
        };
        match claim::forget(self.core, &self.tx, self.caller, id).await {
            Err(Error::NotFound(_)) => Ok(()),
            done => done,
        }
    }
}

/// Throws the draft away with its key and its bot. Idempotent.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(core: &Core, caller: &Caller) -> Result<()> {
    caller.require(Permission::InstanceWrite)?;
    let tx = core.db.begin().await?;
    tenant::lock(&tx, caller.tenant).await?;
    let found = rows::find(&tx, caller.tenant, caller.user).await?;
    // The secrets of one that became an instance are the instance's.
    let Some(row) = found.filter(|row| row.operation.is_none()) else {
        return Ok(());
    };
    discard(&tx, &row).await?;
    Ok(tx.commit().await?)
}

async fn discard(tx: &Tx, row: &rows::Draft) -> Result<()> {
    if row.operation.is_none() {
        vault::delete_all(tx, row.instance).await?;
    }
    if let Some(id) = row.claim {
        claim::remove(tx, row.tenant, id).await?;
    }
    Ok(rows::delete(tx, row.tenant, row.user).await?)
}

/// Takes a bot for the draft in the place of the one before.
///
/// # Errors
/// As [`claim::create`].
pub async fn put_telegram(core: &Core, caller: &Caller, asked: claim::Ask) -> Result<Claim> {
    caller.require(Permission::SecretWrite)?;
    let prepared = claim::prepare(core, caller, asked).await?;
    let draft = change(core, caller, async |open| {
        open.drop_claim().await?;
        let claim = claim::keep(core, &open.tx, caller, prepared).await?;
        open.row.claim = Some(claim.id);
        open.body.skip_channel = false;
        Ok(())
    })
    .await?;
    draft.telegram.ok_or(Error::NotFound("claim"))
}

/// Forgets the draft's bot. Idempotent.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_telegram(core: &Core, caller: &Caller) -> Result<()> {
    caller.require(Permission::SecretWrite)?;
    change(core, caller, async |open| open.drop_claim().await).await?;
    Ok(())
}

/// Removes drafts that nobody has touched for a month, a bounded number at a time.
pub(crate) async fn sweep(core: &Core) -> Result<()> {
    let before = core.now().minus(KEPT);
    let stale = rows::stale(core.db.read(), before, SWEEP).await?;
    if stale.is_empty() {
        return Ok(());
    }
    let tx = core.db.begin().await?;
    for row in &stale {
        tenant::lock(&tx, row.tenant).await?;
        // Somebody may have come back to it since it was listed.
        let now = rows::find(&tx, row.tenant, row.user).await?;
        if let Some(row) = now.filter(|row| row.updated_at < before) {
            discard(&tx, &row).await?;
        }
    }
    Ok(tx.commit().await?)
}
