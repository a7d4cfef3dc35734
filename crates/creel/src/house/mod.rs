//! What every server-side command stands on: database, master key, cluster id, and the use cases over them.
//!
//! Owns the wiring of `creel-control`; starts no task. Each step is idempotent, so a process killed between two of them is simply started again.

mod driver;
mod fake;
mod host;
pub(crate) mod keyring;
mod outbound;
mod platform;
mod vendor;

use std::{os::unix::fs::DirBuilderExt as _, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use creel_control::{
    Core, Options, Wake, Waker,
    platform::{NoPlatform, Platform},
    workload::Workloads,
};
use creel_db::{Db, plan, secret::Vault, setting};
use creel_domain::{Clock, Entropy, Plan, SystemClock, SystemEntropy, token};
use creel_proxy::{
    Outbound,
    guard::Guard,
    journal::{self, Journal},
    outbound::system_lookup,
};
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;

use crate::config::Config;

pub(crate) use driver::{Engine, engine, release_host, runtime_dir, seed_fake_release};
pub(crate) use host::sample;
pub(crate) use outbound::outbound;
pub(crate) use platform::OwnPlatform;

/// Time.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Randomness.
pub(crate) fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}

/// A short random name part, hexadecimal.
pub(crate) fn random_name() -> String {
    let mut bytes = [0u8; 6];
    SystemEntropy.fill(&mut bytes);
    token::hex(&bytes)
}

/// Makes the data directory, readable by its owner alone.
pub(crate) fn make_data_dir(path: &Path) -> anyhow::Result<()> {
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path);
    made.with_context(|| {
        format!(
            "{} cannot be made; choose another data_dir (--set data_dir=…)",
            path.display()
        )
    })
}

/// Opens the database without changing it.
pub(crate) async fn open(config: &Config) -> anyhow::Result<Db> {
    Db::open(config.database_url.expose_secret())
        .await
        .context("the database cannot be opened")
}

/// An open, migrated database with the installation's own data in it.
pub(crate) struct Foundation {
    /// Database.
    pub db: Db,
    /// The random id that labels everything we own in the engine.
    pub cluster: String,
}

/// Opens, migrates and seeds.
pub(crate) async fn lay(config: &Config) -> anyhow::Result<Foundation> {
    make_data_dir(&config.data_dir)?;
    let db = open(config).await?;
    db.migrate()
        .await
        .context("the database cannot be migrated")?;
    let cluster = seed(&db).await.context("the database cannot be written")?;
    Ok(Foundation { db, cluster })
}

async fn seed(db: &Db) -> creel_db::Result<String> {
    let tx = db.begin().await?;
    plan::seed(&tx, &Plan::shipped(), SystemClock.now()).await?;
    let cluster = setting::get_or_insert(&tx, setting::CLUSTER, &random_name()).await?;
    tx.commit().await?;
    Ok(cluster)
}

/// The use cases and the two wake-up channels that join them to reconciler and proxy.
pub(crate) struct Heart {
    /// The use cases.
    pub core: Core,
    /// For the reconciler.
    pub wake: Wake,
    /// For the proxy's feed.
    pub feed: Arc<Notify>,
}

/// Wires the use cases.
pub(crate) fn heart(
    config: &Config,
    db: Db,
    vault: Arc<Vault>,
    workloads: Arc<dyn Workloads>,
    platform: Arc<dyn Platform>,
) -> anyhow::Result<Heart> {
    let feed = Arc::new(Notify::new());
    let (waker, wake) = Waker::new(Arc::clone(&feed));
    let core = Core {
        db,
        vault,
        clock: clock(),
        entropy: entropy(),
        http: outbound()?,
        options: Arc::new(options(config)),
        workloads,
        platform,
        vendors: Arc::new(vendor::Dialled(pools(config)?)),
        waker,
    };
    Ok(Heart { core, wake, feed })
}

/// Connections to the outside, as the data paths make them.
pub(crate) fn pools(config: &Config) -> anyhow::Result<Outbound> {
    let guard = Guard {
        allow: config.proxy.allow_private.clone(),
    };
    let connect = Duration::from_secs(config.proxy.connect_timeout_s);
    Outbound::new(guard, connect, system_lookup()).context("TLS cannot be set up")
}

/// The proxy's journal, which no other process may have.
pub(crate) fn journal(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<Journal> {
    let dir = config.proxy.journal_dir(&config.data_dir);
    // A machine that does not name its boot is taken for another one at each start: safe, and what was leased is lost.
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_else(|_| {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        token::hex(&random)
    });
    let options = journal::Options::new(dir, boot.trim());
    Journal::open(options, entropy).context("proxy.journal_dir cannot be used")
}

/// The use cases for a command that writes a wish or an account and leaves the acting to the server.
pub(crate) async fn core(config: &Config) -> anyhow::Result<Core> {
    let foundation = lay(config).await?;
    let vault = keyring::vault(&config.master_key)?;
    Ok(heart(
        config,
        foundation.db,
        vault,
        Arc::new(creel_control::workload::NoEngine),
        Arc::new(NoPlatform),
    )?
    .core)
}

fn options(config: &Config) -> Options {
    let life = &config.lifecycle;
    Options {
        pool: config.network.pool,
        proxy_port: config.proxy.port,
        telegram_api_base: config.telegram.api_base.clone(),
        providers: config.providers.clone().into_iter().collect(),
        allow_private: config.proxy.allow_private.clone(),
        open_signup: config.signup.open,
        worker: worker_name(),
        parallel: config.driver.parallel,
        resync: Duration::from_secs(life.resync_s),
        ready_timeout: Duration::from_secs(life.ready_timeout_s),
        stop_grace: Duration::from_secs(life.stop_grace_s),
        max_attempts: life.max_attempts.into(),
        stable_after: Duration::from_secs(life.stable_after_s),
        orphan_grace: Duration::from_secs(life.orphan_grace_s),
    }
}

/// Unique per start of a process: a restarted one must not take its dead predecessor's leases for its own.
fn worker_name() -> String {
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    format!("{host}-{}-{}", std::process::id(), random_name())
}
