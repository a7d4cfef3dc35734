//! The host's firewall: one nftables table per cluster, covering every instance of its pool, present and future.
//!
//! Owns the table `inet creel_…` and no other; Docker's and the operator's own rules are never touched. The table is
//! deleted and made in one transaction, so at no moment is there less than before. It lives in the kernel: a crash of
//! ours leaves it in force, a reboot removes it together with every container.

mod neighbour;
mod nft;
mod readback;
mod resolver;
mod ruleset;

use std::net::Ipv4Addr;

use tokio::sync::Mutex;

use self::ruleset::Ruleset;
use super::options::DockerOptions;
use crate::{Error, FirewallState};

/// One cluster's table.
#[derive(Debug)]
pub(super) struct Firewall {
    enforced: bool,
    table: String,
    scope: ruleset::Scope,
    resolvers: Vec<Ipv4Addr>,
    last: Mutex<Option<Written>>,
}

/// What we handed over and what the kernel made of it.
#[derive(Debug)]
struct Written {
    ruleset: Ruleset,
    readback: serde_json::Value,
}

impl Firewall {
    pub(super) fn new(options: &DockerOptions) -> Self {
        Self {
            enforced: options.enforces(),
            table: ruleset::table_name(&options.cluster),
            scope: ruleset::Scope {
                pool: options.pool,
                proxy_port: options.proxy_port,
            },
            resolvers: options.resolvers.clone(),
            last: Mutex::new(None),
        }
    }

    /// In force before the first container starts; later [`Firewall::hold`] is called by time.
    pub(super) async fn before_start(&self) -> Result<(), Error> {
        if self.last.lock().await.is_some() {
            return Ok(());
        }
        self.hold().await.map(|_| ())
    }

    /// Looks whether the table is as we left it and writes it anew if not.
    pub(super) async fn hold(&self) -> Result<FirewallState, Error> {
        if !self.enforced {
            return Ok(FirewallState::Off);
        }
        let mut last = self.last.lock().await;
        let ruleset = Ruleset::new(&self.table, self.scope, &self.open_resolvers());
        if let Some(written) = last.as_ref()
            && written.ruleset == ruleset
            && nft::list(&self.table).await?.as_ref() == Some(&written.readback)
        {
            return Ok(FirewallState::Held);
        }
        // Forgotten first: if the next lines fail, nothing may start on the strength of old rules.
        *last = None;
        *last = Some(self.write(ruleset).await?);
        Ok(FirewallState::Written)
    }

    async fn write(&self, ruleset: Ruleset) -> Result<Written, Error> {
        nft::run(&ruleset.text()).await?;
        let readback = nft::list(&self.table).await?.unwrap_or_default();
        match readback::missing(&ruleset, &readback) {
            None => Ok(Written { ruleset, readback }),
            Some(what) => Err(Error::refused(format!(
                "the kernel took the firewall table {} but does not show {what}",
                self.table
            ))),
        }
    }

    /// Tables of other clusters that judge our addresses too.
    pub(super) async fn neighbours(&self) -> Result<Vec<String>, Error> {
        if self.enforced {
            neighbour::overlapping(&self.table, self.scope.pool).await
        } else {
            Ok(Vec::new())
        }
    }

    pub(super) async fn remove(&self) -> Result<(), Error> {
        let mut last = self.last.lock().await;
        *last = None;
        nft::run(&ruleset::removal(&self.table)).await
    }

    fn open_resolvers(&self) -> Vec<Ipv4Addr> {
        if self.resolvers.is_empty() {
            resolver::of_host()
        } else {
            self.resolvers.clone()
        }
    }
}
