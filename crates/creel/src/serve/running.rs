//! The running parts, and how they end.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::bail;
use creel_api::{ApiOptions, ApiState};
use creel_control::{
    Core,
    platform::Platform,
    reconciler::Reconciler,
    workload::{NoEngine, OwnEngine, Workloads},
};
use creel_db::{Db, secret};
use creel_proxy::{Health, Parts, Proxy, budget::Treasury, feed, ledger::DatabaseSink};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::task::TaskTracker;

use super::{Ends, Role, http};
use crate::{
    config::{Config, MasterKey},
    house::{self, Engine, Heart, OwnPlatform, keyring},
};

/// Time for the last tasks after everything else has ended.
const LAST: Duration = Duration::from_secs(10);

/// A started Creel.
pub(crate) struct Running {
    /// The use cases.
    pub core: Core,
    /// Where the API answers, if this role serves it.
    pub address: Option<SocketAddr>,
    /// Whether a master key was made just now.
    pub made_key: bool,
    pub(super) ends: Ends,
    tasks: TaskTracker,
    web: TaskTracker,
    proxy: Option<Proxy>,
}

/// Starts the parts of a role: database, keys, reconciler, proxies, API, in this order.
///
/// # Errors
/// Whatever an operator must mend first, in words.
pub(crate) async fn start(config: &Config, role: Role) -> anyhow::Result<Running> {
    // First of all: a taken address should not cost a migration.
    let listener = if role.is_console() {
        Some(http::bind("server.listen", config.server.listen).await?)
    } else {
        None
    };
    let foundation = house::lay(config).await?;
    let made_key = keyring_of(config, &foundation.db).await?;
    let vault = keyring::vault(&config.master_key)?;
    let (ends, tasks, web) = (Ends::default(), TaskTracker::new(), TaskTracker::new());

    let engine = if role.is_worker() {
        Some(house::engine(config, &foundation.cluster, &tasks)?)
    } else {
        None
    };
    if engine.is_some() {
        house::seed_fake_release(config, &foundation.db).await?;
    }
    let platform = Arc::new(OwnPlatform::new(
        engine.as_ref().map(|engine| Arc::clone(&engine.driver)),
    ));
    let Heart { core, wake, feed } = house::heart(
        config,
        foundation.db,
        vault,
        workloads(engine.as_ref()),
        Arc::clone(&platform) as Arc<dyn Platform>,
    )?;
    platform.sampled(house::sample(
        config.data_dir.clone(),
        Arc::clone(&core.clock),
        &tasks,
        ends.stop.clone(),
    ));
    if let Some(Engine { driver, probe }) = engine {
        let reconciler = Reconciler::new(core.clone(), driver, probe);
        platform.reconciles(reconciler.rounds());
        tasks.spawn(reconciler.run(wake, ends.stop.clone()));
    }
    let proxy = if role.is_edge() {
        let proxy = start_proxy(config, &core, feed, &tasks, &ends)?;
        platform.serves(&proxy);
        Some(proxy)
    } else {
        None
    };
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    if let Some(listener) = listener {
        let trusted_proxies = config.server.trusted_proxies.clone();
        let options = ApiOptions {
            trusted_proxies,
            settings: Arc::clone(&config.settings),
            maintenance: config.server.maintenance.clone(),
            ..ApiOptions::new(config.server.public_url.clone())
        };
        let router = creel_api::router(ApiState {
            core: core.clone(),
            options,
        });
        web.spawn(
            http::Server {
                listener,
                router,
                ends: ends.clone(),
                tasks: web.clone(),
            }
            .run(),
        );
    }
    Ok(Running {
        core,
        address,
        made_key,
        ends,
        tasks,
        web,
        proxy,
    })
}

/// Makes the default key at the very first start only: in the place of a lost one a fresh key opens nothing.
async fn keyring_of(config: &Config, db: &Db) -> anyhow::Result<bool> {
    if let MasterKey::File { path, .. } = &config.master_key
        && !path.exists()
        && !secret::list_all(db.read()).await?.is_empty()
    {
        bail!(
            "the database holds sealed secrets and {} is gone. Put the key back from your copy; a fresh one opens none of them.",
            path.display()
        );
    }
    Ok(keyring::ensure(&config.master_key)? == keyring::Found::Made)
}

fn workloads(engine: Option<&Engine>) -> Arc<dyn Workloads> {
    match engine {
        Some(engine) => Arc::new(OwnEngine(Arc::clone(&engine.driver))),
        None => Arc::new(NoEngine),
    }
}

fn start_proxy(
    config: &Config,
    core: &Core,
    wake: Arc<tokio::sync::Notify>,
    tasks: &TaskTracker,
    ends: &Ends,
) -> anyhow::Result<Proxy> {
    let settings = feed::Settings {
        pool: config.network.pool,
        base_urls: config
            .providers
            .iter()
            .filter_map(|(id, p)| Some((id.clone(), p.base_url.clone()?)))
            .collect(),
        platform_keys: config
            .providers
            .iter()
            .map(|(id, p)| {
                (
                    id.clone(),
                    p.key.iter().chain(&p.more_keys).cloned().collect(),
                )
            })
            .collect(),
        telegram_api_base: config.telegram.api_base.clone(),
    };
    let feed = feed::Feed::new(
        core.db.clone(),
        Arc::clone(&core.vault),
        settings,
        Arc::clone(&core.clock),
    );
    let journal = house::journal(config, core.entropy.as_ref())?;
    let sink = Arc::new(DatabaseSink::new(
        core.db.clone(),
        journal.replica(),
        Arc::clone(&core.clock),
        Arc::clone(&core.entropy),
    ));
    let parts = Parts {
        snapshot: feed.start(tasks, ends.stop.clone(), wake),
        treasury: Arc::clone(&sink) as Arc<dyn Treasury>,
        sink,
        journal,
        clock: Arc::clone(&core.clock),
        entropy: Arc::clone(&core.entropy),
        outbound: house::pools(config)?,
    };
    let proxy = Proxy::start(config.proxy.options(), parts);
    let told = tell(proxy.health(), proxy.ledger_trouble());
    tasks.spawn(ends.stop.clone().run_until_cancelled_owned(told));
    Ok(proxy)
}

/// Keeps three gauges on what an operator should be woken for: a listener that cannot be bound is an instance without a model, and a ledger
/// that cannot write holds back every call.
async fn tell(mut listeners: watch::Receiver<Health>, mut ledger: watch::Receiver<Option<String>>) {
    loop {
        let (bound, failing) = {
            let seen = listeners.borrow_and_update();
            (seen.bound.len(), seen.failing.len())
        };
        let stuck = ledger.borrow_and_update().is_some();
        let gauge = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("creel_proxy_listeners_bound").set(gauge(bound));
        metrics::gauge!("creel_proxy_listeners_failing").set(gauge(failing));
        metrics::gauge!("creel_ledger_stuck").set(f64::from(u8::from(stuck)));
        let (one, other) = (listeners.changed(), ledger.changed());
        let gone = tokio::select! {
            changed = one => changed.is_err(),
            changed = other => changed.is_err(),
        };
        if gone {
            return;
        }
    }
}

impl Running {
    /// `/readyz` fails from now on; everything else goes on.
    pub(crate) fn not_ready(&self) {
        self.ends.not_ready.cancel();
    }

    /// Takes nothing new, lets requests and passes in flight end within `limit`, writes every usage event, closes the database.
    pub(crate) async fn shutdown(self, limit: Duration) {
        self.ends.not_ready.cancel();
        self.ends.stop.cancel();
        self.web.close();
        self.tasks.close();
        let web = tokio::time::timeout(limit, self.web.wait());
        let proxy = async {
            if let Some(proxy) = self.proxy {
                proxy.shutdown(limit).await;
            }
        };
        let (web, ()) = tokio::join!(web, proxy);
        if web.is_err() {
            tracing::warn!("{} requests were cut after {limit:?}", self.web.len());
        }
        if tokio::time::timeout(LAST, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                "{} background tasks did not end and are dropped",
                self.tasks.len()
            );
        }
        if let Err(error) = self.core.db.close().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the database was not closed cleanly; nothing acknowledged is lost"
            );
        }
    }
}
