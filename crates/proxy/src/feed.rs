//! Loads the snapshot: woken by a notice, when the database's fingerprint changed, and now and then regardless.
//!
//! The only reader of the database in this crate. While the database is away the last snapshot stays in force: calls go on, changes wait. A
//! crash loses nothing; the next start loads again.

mod limit;
mod route;

use std::{collections::HashMap, sync::Arc, time::Duration};

use creel_db::{
    Db,
    feed::{self, Fingerprint},
    secret::Vault,
};
use creel_domain::{Clock, price::Table};
use ipnet::Ipv4Net;
use secrecy::SecretString;
use tokio::sync::{Notify, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::snapshot::Snapshot;

/// How often the fingerprint is looked at. Longer makes a change of another process wait; shorter is idle queries.
const LOOK: Duration = Duration::from_secs(2);
/// Every so many looks the snapshot is loaded although the fingerprint is the same, for changes that it does not cover.
const REGARDLESS: u32 = 5;

/// What the operator's configuration adds to the database.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Pool that leases are cut from.
    pub pool: Ipv4Net,
    /// Base URLs that replace the catalogue's, by provider id.
    pub base_urls: HashMap<String, Url>,
    /// The platform's own keys, by provider id, in the order in which they are tried; used where the tenant has none.
    pub platform_keys: HashMap<String, Vec<SecretString>>,
    /// Where the Bot API answers.
    pub telegram_api_base: Url,
}

/// Makes snapshots.
pub struct Feed {
    db: Db,
    vault: Arc<Vault>,
    settings: Settings,
    clock: Arc<dyn Clock>,
}

impl Feed {
    /// Over an open, migrated database.
    pub fn new(db: Db, vault: Arc<Vault>, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            vault,
            settings,
            clock,
        }
    }

    /// One snapshot of now.
    ///
    /// # Errors
    /// When the database does not answer. A secret that cannot be opened only leaves its own route without it.
    pub async fn load(&self) -> creel_db::Result<Snapshot> {
        let now = self.clock.now();
        let rows = feed::load(self.db.read(), self.settings.pool, now).await?;
        let shared = feed::shared(self.db.read()).await?;
        let build = route::Build {
            settings: &self.settings,
            vault: &self.vault,
            tenants: limit::of_tenants(&rows),
        };
        let mut snapshot = Snapshot::new(rows.into_iter().map(|row| build.route(row)));
        snapshot.prices = Arc::new(Table::new(shared.prices));
        for (provider, limit) in shared.key_limits {
            snapshot.key_limits.entry(provider).or_default().push(limit);
        }
        Ok(snapshot)
    }

    /// Keeps a snapshot current until `stop`. The first one is empty and is replaced as soon as the database answers.
    pub fn start(
        self,
        tracker: &TaskTracker,
        stop: CancellationToken,
        wake: Arc<Notify>,
    ) -> watch::Receiver<Arc<Snapshot>> {
        let (snapshot, reader) = watch::channel(Arc::default());
        tracker.spawn(async move { stop.run_until_cancelled(self.run(snapshot, wake)).await });
        reader
    }

    async fn run(self, snapshot: watch::Sender<Arc<Snapshot>>, wake: Arc<Notify>) {
        let mut seen = None;
        for look in 0u32.. {
            let known = seen.filter(|_| look % REGARDLESS != 0);
            match self.refresh(known, &snapshot).await {
                Ok(fingerprint) => seen = Some(fingerprint),
                Err(why) => {
                    tracing::warn!(error = %why, "the routes could not be loaded; the last ones stay in force");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = wake.notified() => seen = None,
            }
        }
    }

    /// Loads if the fingerprint is another. Taken before the load, so that a change in between is seen next time.
    async fn refresh(
        &self,
        seen: Option<Fingerprint>,
        snapshot: &watch::Sender<Arc<Snapshot>>,
    ) -> creel_db::Result<Fingerprint> {
        let fingerprint = feed::fingerprint(self.db.read()).await?;
        if seen != Some(fingerprint) {
            snapshot.send_replace(Arc::new(self.load().await?));
        }
        Ok(fingerprint)
    }
}
