//! What is tested: the serving Creel, or one of our own that shares nothing with it but engine and image.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use creel_control::Core;
use creel_db::release::{self, Release};
use creel_domain::{Clock as _, InstanceId, ReleaseId, SystemClock, SystemEntropy};
use creel_driver::Volume;
use tokio_util::task::TaskTracker;

use crate::{
    command::doctor::reachable,
    config::{Config, Kind, MasterKey},
    house,
    serve::{self, Role, Running},
};

/// Pool of a Creel of our own: another firewall table, another range.
const POOL: &str = "10.203.0.0/16";
const IMAGE: &str = "creel/openclaw:2026.9.6";
const PATIENCE: Duration = Duration::from_secs(3);

/// The Creel under test.
pub(super) struct Target {
    /// Its API.
    pub(super) base: String,
    /// What a browser there would send as origin.
    pub(super) origin: String,
    /// The use cases over its database.
    pub(super) core: Core,
    config: Config,
    own: Option<Own>,
}

struct Own {
    running: Running,
    directory: tempfile::TempDir,
    runtime_dir: PathBuf,
}

impl Target {
    /// The one that serves by this configuration, else a fresh one.
    pub(super) async fn find(config: &Config, own: bool) -> anyhow::Result<Self> {
        if config.driver.kind == Kind::Fake {
            bail!(
                "the driver is fake, and a self-test on it proves nothing. Set driver.kind = \"docker\""
            );
        }
        let address = reachable(config.server.listen);
        if !own && serves(address).await {
            let core = Box::pin(house::core(config)).await?;
            let origin = config.server.public_url.origin().ascii_serialization();
            return Ok(Self {
                base: format!("http://{address}"),
                origin,
                core,
                config: config.clone(),
                own: None,
            });
        }
        Box::pin(Self::start(config)).await
    }

    async fn start(config: &Config) -> anyhow::Result<Self> {
        let image = image(config).await?;
        let directory = tempfile::Builder::new()
            .prefix("creel-selftest-")
            .tempdir()?;
        let config = apart(config, directory.path())?;
        let runtime_dir = house::runtime_dir(&config);
        let running = Box::pin(serve::start(&config, Role::All)).await?;
        register(&running.core, &image).await?;
        let address = running
            .address
            .context("the test's own Creel has no address")?;
        let origin = config.server.public_url.origin().ascii_serialization();
        let core = running.core.clone();
        Ok(Self {
            base: format!("http://{address}"),
            origin,
            core,
            config,
            own: Some(Own {
                running,
                directory,
                runtime_dir,
            }),
        })
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        match &self.own {
            None => format!("testing the Creel that serves at {}", self.base),
            Some(own) => format!(
                "nothing serves here, so one was started at {} with its data in {}",
                self.base,
                own.directory.path().display()
            ),
        }
    }

    /// What is left of an instance in the engine and on the host.
    pub(super) async fn left_of(&self, id: InstanceId) -> anyhow::Result<Option<String>> {
        let cluster = self.cluster().await?;
        let engine = house::engine(&self.config, &cluster, &TaskTracker::new())?;
        let seen = engine.driver.observe(id).await?;
        Ok((!seen.is_gone(Volume::Remove)).then(|| format!("{seen:?}")))
    }

    async fn cluster(&self) -> anyhow::Result<String> {
        let found =
            creel_db::setting::find(self.core.db.read(), creel_db::setting::CLUSTER).await?;
        found.context("the database names no cluster")
    }

    /// Stops what we started and removes its places.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        let cluster = self.cluster().await?;
        let Some(own) = self.own else {
            return Ok(self.core.db.close().await?);
        };
        own.running.shutdown(Duration::from_secs(5)).await;
        house::release_host(&self.config, &cluster).await?;
        own.directory
            .close()
            .context("the temporary data directory is left")?;
        match std::fs::remove_dir_all(&own.runtime_dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("the temporary runtime directory is left")
            }
            _ => Ok(()),
        }
    }
}

async fn serves(address: SocketAddr) -> bool {
    let answer = async {
        anyhow::Ok(
            house::outbound()?
                .get(format!("http://{address}/readyz"))
                .timeout(PATIENCE)
                .send()
                .await?
                .status(),
        )
    };
    answer.await.is_ok_and(|status| status.is_success())
}

/// Everything of its own, so that the real installation's rows, keys and networks are not even seen.
fn apart(config: &Config, directory: &std::path::Path) -> anyhow::Result<Config> {
    let mut own = config.clone();
    own.data_dir = directory.to_path_buf();
    own.database_url = format!("sqlite://{}", directory.join("creel.db").display()).into();
    own.master_key = MasterKey::File {
        path: directory.join("master.key"),
        named: false,
    };
    own.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    own.network.pool = POOL.parse()?;
    own.driver.runtime_dir = Some(
        house::runtime_dir(config)
            .with_file_name(format!("creel-selftest-{}", house::random_name())),
    );
    own.providers.clear();
    Ok(own)
}

/// The release that new instances here would run, else the image of its usual name.
async fn image(config: &Config) -> anyhow::Result<Release> {
    let newest = match house::open(config).await {
        Ok(db) if config.data_dir.exists() => release::newest(db.read()).await.ok().flatten(),
        _ => None,
    };
    if let Some(newest) = newest {
        return Ok(newest);
    }
    let engine = house::engine(config, "selftest", &TaskTracker::new())?;
    let found =
        engine.driver.image(IMAGE).await?.with_context(|| {
            format!("the engine has no image {IMAGE}. Build it: creel image build")
        })?;
    Ok(Release {
        id: ReleaseId::generate(&SystemClock, &SystemEntropy),
        openclaw: IMAGE.rsplit(':').next().unwrap_or_default().to_owned(),
        tag: IMAGE.to_owned(),
        digest: found.digest,
        size_bytes: found.size_bytes,
        created_at: SystemClock.now(),
    })
}

async fn register(core: &Core, image: &Release) -> anyhow::Result<()> {
    let tx = core.db.begin().await?;
    release::put(&tx, image).await?;
    Ok(tx.commit().await?)
}
