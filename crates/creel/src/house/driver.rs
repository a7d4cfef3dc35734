//! The configured driver, with the probe that fits it.

use std::{path::PathBuf, sync::Arc};

use creel_control::reconciler::{GatewayProbe, Probe};
use creel_db::{Db, release};
use creel_domain::ReleaseId;
use creel_driver::{DockerDriver, DockerOptions, Driver, Enforcement};
use tokio_util::task::TaskTracker;

use super::{clock, entropy, fake};
use crate::config::{Config, Firewall, Kind};

/// What only a worker holds.
pub(crate) struct Engine {
    /// Runs workloads.
    pub driver: Arc<dyn Driver>,
    /// Asks Gateways.
    pub probe: Arc<dyn Probe>,
}

/// Connects lazily: the engine may be down now and is found when it comes.
pub(crate) fn engine(
    config: &Config,
    cluster: &str,
    tasks: &TaskTracker,
) -> anyhow::Result<Engine> {
    Ok(match config.driver.kind {
        Kind::Docker => Engine {
            driver: Arc::new(DockerDriver::connect(docker(config, cluster))?),
            probe: Arc::new(GatewayProbe::new(tasks.clone())),
        },
        Kind::Fake => fake::engine(config, tasks),
    })
}

fn docker(config: &Config, cluster: &str) -> DockerOptions {
    DockerOptions {
        host: config.driver.host.clone(),
        // One directory a cluster: two Creels on a host must not answer for each other's secret files.
        runtime_dir: config
            .driver
            .runtime_dir
            .clone()
            .unwrap_or_else(|| DockerOptions::default_runtime_dir().join(cluster)),
        resolvers: config.network.resolvers.clone(),
        firewall: match config.network.firewall {
            Firewall::Enforced => Enforcement::Enforced,
            Firewall::DangerouslyOff => Enforcement::DangerouslyOff,
        },
        ..DockerOptions::new(cluster, config.network.pool, config.proxy.port)
    }
}

/// Takes away what a cluster left on the host beside its workloads: the firewall table. Does nothing while any workload is left.
pub(crate) async fn release_host(config: &Config, cluster: &str) -> anyhow::Result<()> {
    let driver = DockerDriver::connect(docker(config, cluster))?;
    if driver.observe_all().await?.is_empty() {
        driver.release_host().await?;
    }
    Ok(())
}

/// Where secret files of running workloads lie, each cluster's in a directory of its own below unless the operator named one.
pub(crate) fn runtime_dir(config: &Config) -> PathBuf {
    config
        .driver
        .runtime_dir
        .clone()
        .unwrap_or_else(DockerOptions::default_runtime_dir)
}

/// The fake engine has every image; without a release in the database nothing would start on it.
pub(crate) async fn seed_fake_release(config: &Config, db: &Db) -> creel_db::Result<()> {
    if config.driver.kind != Kind::Fake || release::newest(db.read()).await?.is_some() {
        return Ok(());
    }
    let (clock, entropy) = (clock(), entropy());
    let fake = release::Release {
        id: ReleaseId::generate(&*clock, &*entropy),
        openclaw: "fake".to_owned(),
        tag: "fake".to_owned(),
        digest: "sha256:fake".to_owned(),
        size_bytes: 0,
        created_at: clock.now(),
    };
    let tx = db.begin().await?;
    release::put(&tx, &fake).await?;
    tx.commit().await
}
