//! `creel keys rotate`: add a key, wrap everything with it, forget the older ones. Each step may be cut and the command run again.
//!
//! A serving Creel reads the file again before it seals, so it needs no restart. One that read the file just before may still seal one secret
//! under the older key; that is why wrapping goes on until nothing is left, twice.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, bail};
use creel_control::{Core, keys};
use creel_db::secret::{self, Keyring, MasterKey as Key};
use creel_domain::SystemEntropy;

use crate::{
    cli::Keys,
    config::{Config, MasterKey},
    house::{self, keyring},
    output,
};

/// Longer than a request that read the older keyring may still take.
const STRAGGLERS: Duration = Duration::from_secs(35);

/// Runs it.
pub(crate) async fn run(config: &Config, command: &Keys) -> anyhow::Result<()> {
    let Keys::Rotate {
        forget_old,
        dry_run,
    } = *command;
    let MasterKey::File { path, .. } = &config.master_key else {
        bail!(
            "the master key comes from the environment (secrets.master_key), where it cannot be rotated. Put it into a file and set secrets.master_key_file"
        )
    };
    let ring = keyring::load(&config.master_key).context("the master key cannot be read")?;
    let core = house::core(config).await?;
    let ended = if dry_run {
        tell(&core, &ring, path, forget_old).await
    } else {
        rotate(&core, ring, path, forget_old).await
    };
    core.db.close().await?;
    ended
}

async fn tell(core: &Core, ring: &Keyring, path: &Path, forget_old: bool) -> anyhow::Result<()> {
    let count = secret::list_all(core.db.read()).await?.len();
    output::line(&format!(
        "A new key would be added to {} (now wrapping: {}).",
        path.display(),
        ring.current().id()
    ));
    output::line(&format!(
        "The keys of {count} secrets would be wrapped with it; no secret itself is touched."
    ));
    if forget_old {
        output::line(
            "The older keys would be removed from the file. Backups made until now need them.",
        );
    }
    Ok(())
}

async fn rotate(core: &Core, ring: Keyring, path: &Path, forget_old: bool) -> anyhow::Result<()> {
    let ring = ring.with(Key::generate(&SystemEntropy));
    keyring::replace(path, &ring)?;
    output::note(&format!(
        "The new key {} is in {}.",
        ring.current().id(),
        path.display()
    ));
    let mut wrapped = keys::rewrap_all(core, &ring).await?;
    output::note(&format!("{wrapped} secrets are wrapped with it."));
    if forget_old {
        output::note(&format!(
            "Waiting {} s for requests that began with the older key …",
            STRAGGLERS.as_secs()
        ));
        tokio::time::sleep(STRAGGLERS).await;
        wrapped += keys::rewrap_all(core, &ring).await?;
        forget(core, &ring, path).await?;
    }
    let left = if forget_old {
        "older keys are gone from the file"
    } else {
        "older keys stay in the file until --forget-old"
    };
    output::line(&format!(
        "Rotated to {}: {wrapped} secrets, {left}.",
        ring.current().id()
    ));
    Ok(())
}

async fn forget(core: &Core, ring: &Keyring, path: &Path) -> anyhow::Result<()> {
    let current = ring.current().id();
    let rows = secret::list_all(core.db.read()).await?;
    let older = rows
        .iter()
        .filter(|row| row.sealed.kek_id != current)
        .count();
    if older > 0 {
        bail!(
            "{older} secrets are still wrapped with an older key; nothing was removed. Run the command again."
        );
    }
    keyring::replace(path, &ring.only_current())
}
