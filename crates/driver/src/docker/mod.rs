//! The Docker driver: one hardened container, one network, one volume and one tmpfs directory per instance.
//!
//! Owns the order of the calls; each file beside this one owns one kind of object. It must not keep anything in memory
//! that a restart would miss: the engine's labels are the only record, and the two things remembered here (an agreed API
//! version, the firewall as last read back) are made again when they are absent.

mod adopt;
mod answer;
mod container;
mod engine;
mod exec;
mod files;
mod firewall;
mod host;
mod image;
mod inventory;
mod logs;
mod network;
mod options;
mod profile;
mod stats;
mod view;
mod volume;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use creel_domain::{InstanceId, Step};

pub use self::options::{DockerOptions, Enforcement};
use self::{engine::Engine, files::Files, firewall::Firewall};
use crate::{
    Driver, EngineInfo, Error, ExecLimit, ExecOutput, HostReport, ImageInfo, LogQuery, LogStream,
    Observed, Progress, SecretFile, Stats, Volume, WorkloadSpec, names::Names, progress::step,
};

/// Runs workloads on a Docker engine of this host.
///
/// # Guarantees
/// - Making one touches nothing: the engine may be down and is found when it comes back, at whatever API version.
/// - No container is started by this process before the firewall was asserted and read back.
///
/// # Assumptions
/// - The engine runs on this host and shares its network and mount namespace (no remote engine, no Docker Desktop).
/// - This process may chown and write anywhere below the runtime directory (CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER)
///   and change the firewall (CAP_NET_ADMIN); `nft` is installed.
/// - The runtime directory belongs to one cluster; this is checked with a file in it.
///
/// # Caveats
/// - A host firewall of another program that drops input by default must let `crl*` reach the proxy port: a drop in any
///   table is final, and ours cannot overrule it.
/// - Whoever opens the engine's socket is root on the host.
#[derive(Debug)]
pub struct DockerDriver {
    options: DockerOptions,
    engine: Engine,
    files: Files,
    firewall: Firewall,
}

impl DockerDriver {
    /// A driver that connects at first use.
    ///
    /// # Errors
    /// [`Error::Refused`] for options that can never work: a runtime directory that is not absolute, an empty cluster.
    pub fn connect(options: DockerOptions) -> Result<Self, Error> {
        options.check()?;
        Ok(Self {
            engine: Engine::new(options.host.clone()),
            files: Files::new(&options.runtime_dir, &options.cluster),
            firewall: Firewall::new(&options),
            options,
        })
    }

    /// Removes the cluster's firewall table: for an uninstall, once no workload is left.
    ///
    /// # Errors
    /// [`Error::Refused`] with what `nft` said.
    pub async fn release_host(&self) -> Result<(), Error> {
        self.firewall.remove().await
    }
}

#[async_trait]
impl Driver for DockerDriver {
    async fn ensure_running(
        &self,
        spec: &WorkloadSpec,
        progress: &dyn Progress,
    ) -> Result<Observed, Error> {
        spec.check()?;
        let names = Names::of(spec.instance);
        step(
            progress,
            Step::Image,
            image::require(&self.engine, &spec.image),
        )
        .await?;
        step(progress, Step::Network, self.ensure_network(spec, &names)).await?;
        step(progress, Step::Firewall, self.firewall.before_start()).await?;
        step(progress, Step::Volume, self.ensure_volume(spec, &names)).await?;
        step(progress, Step::Files, self.files.write_all(spec)).await?;
        let found = step(
            progress,
            Step::Container,
            self.ensure_container(spec, &names),
        )
        .await?;
        step(
            progress,
            Step::Start,
            self.ensure_started(spec, &names, found),
        )
        .await
    }

    async fn ensure_stopped(
        &self,
        id: InstanceId,
        grace: Duration,
        progress: &dyn Progress,
    ) -> Result<Observed, Error> {
        step(progress, Step::Stop, self.stop(id, grace)).await?;
        self.observe(id).await
    }

    async fn ensure_absent(
        &self,
        id: InstanceId,
        volume: Volume,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let names = Names::of(id);
        step(
            progress,
            Step::RemoveContainer,
            self.remove_container(&names),
        )
        .await?;
        step(progress, Step::RemoveNetwork, self.remove_network(&names)).await?;
        if volume == Volume::Remove {
            step(progress, Step::RemoveVolume, self.remove_volume(&names)).await?;
        }
        step(progress, Step::RemoveFiles, self.files.remove(&names)).await
    }

    async fn put_files(&self, id: InstanceId, files: &[SecretFile]) -> Result<(), Error> {
        self.files.put(&Names::of(id), files).await
    }

    async fn observe(&self, id: InstanceId) -> Result<Observed, Error> {
        self.look_at(id).await
    }

    async fn observe_all(&self) -> Result<Vec<Observed>, Error> {
        self.look_at_all().await
    }

    async fn exec(
        &self,
        id: InstanceId,
        argv: &[String],
        stdin: Option<Bytes>,
        limit: ExecLimit,
    ) -> Result<ExecOutput, Error> {
        self.run_inside(id, argv, stdin, limit).await
    }

    async fn logs(&self, id: InstanceId, query: LogQuery) -> Result<LogStream, Error> {
        self.read_log(id, query).await
    }

    async fn stats(&self, id: InstanceId) -> Result<Stats, Error> {
        self.read_stats(id).await
    }

    async fn engine(&self) -> Result<EngineInfo, Error> {
        self.engine.describe().await
    }

    async fn assert_host(&self) -> Result<HostReport, Error> {
        self.report_host().await
    }

    async fn image(&self, reference: &str) -> Result<Option<ImageInfo>, Error> {
        image::find(&self.engine, reference).await
    }
}
