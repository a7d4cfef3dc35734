//! The driver's verbs over the pretended engine.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use creel_domain::{InstanceId, Step};

use super::{
    FakeDriver, FakeVerb, object_name,
    world::{Container, World},
};
use crate::{
    Driver, EngineInfo, Error, ExecLimit, ExecOutput, FirewallState, HostReport, ImageInfo,
    LogQuery, LogStream, Observed, Progress, SecretFile, Stats, Volume, WorkloadSpec,
    WorkloadState, spec::check_files,
};

#[async_trait]
impl Driver for FakeDriver {
    async fn ensure_running(
        &self,
        spec: &WorkloadSpec,
        progress: &dyn Progress,
    ) -> Result<Observed, Error> {
        self.world().script.enter(FakeVerb::EnsureRunning)?;
        spec.check()?;
        let id = spec.instance;
        self.act(progress, Step::Image, |world| {
            let missing = Error::ImageMissing {
                image: spec.image.clone(),
            };
            world.has_image(&spec.image).then_some(()).ok_or(missing)
        })
        .await?;
        self.act(progress, Step::Network, |world| world.make_network(spec))
            .await?;
        self.act(progress, Step::Firewall, |_| Ok(())).await?;
        self.act(progress, Step::Volume, |world| {
            let assumed = world.volumes_assumed;
            world.cell(id).make_volume(spec, assumed)
        })
        .await?;
        self.act(progress, Step::Files, |world| {
            world.cell(id).files = None;
            world.cell(id).put_files(&spec.files);
            Ok(())
        })
        .await?;
        self.watched(progress, Step::Container, self.make_container(spec))
            .await?;
        self.watched(progress, Step::Start, async {
            self.start(spec);
            Ok(())
        })
        .await?;
        self.world().cell(id).observed(id)
    }

    async fn ensure_stopped(
        &self,
        id: InstanceId,
        grace: Duration,
        progress: &dyn Progress,
    ) -> Result<Observed, Error> {
        self.world().script.enter(FakeVerb::EnsureStopped)?;
        self.watched(progress, Step::Stop, self.stop(id, grace))
            .await?;
        self.world().cell(id).observed(id)
    }

    async fn ensure_absent(
        &self,
        id: InstanceId,
        volume: Volume,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        self.world().script.enter(FakeVerb::EnsureAbsent)?;
        self.watched(progress, Step::RemoveContainer, async {
            self.remove_container(id)
        })
        .await?;
        self.act(progress, Step::RemoveNetwork, |world| {
            world.cell(id).drop_network(id)
        })
        .await?;
        if volume == Volume::Remove {
            self.act(progress, Step::RemoveVolume, |world| {
                world.cell(id).drop_volume(id)
            })
            .await?;
        }
        self.act(progress, Step::RemoveFiles, |world| {
            world.cell(id).files = None;
            Ok(())
        })
        .await
    }

    async fn put_files(&self, id: InstanceId, files: &[SecretFile]) -> Result<(), Error> {
        check_files(files)?;
        let mut world = self.world();
        world.script.enter(FakeVerb::PutFiles)?;
        if world.cell(id).files.is_none() {
            return Err(Error::not_found(object_name("directory", id)));
        }
        world.cell(id).put_files(files);
        Ok(())
    }

    async fn observe(&self, id: InstanceId) -> Result<Observed, Error> {
        let mut world = self.world();
        world.script.enter(FakeVerb::Observe)?;
        world.cell(id).observed(id)
    }

    async fn observe_all(&self) -> Result<Vec<Observed>, Error> {
        let mut world = self.world();
        world.script.enter(FakeVerb::ObserveAll)?;
        let ours = world.cells.iter().filter(|(_, cell)| cell.has_ours());
        ours.map(|(id, cell)| cell.observed(*id)).collect()
    }

    async fn exec(
        &self,
        id: InstanceId,
        argv: &[String],
        stdin: Option<Bytes>,
        limit: ExecLimit,
    ) -> Result<ExecOutput, Error> {
        let hook = {
            let mut world = self.world();
            world.script.enter(FakeVerb::Exec)?;
            require_running(&mut world, id)?;
            world.exec.clone()
        };
        let output = hook.map_or_else(
            || answer(argv, stdin.clone()),
            |hook| hook(id, argv, stdin.clone()),
        );
        if output.stdout.len() + output.stderr.len() > limit.output_bytes {
            return Err(Error::TooLarge {
                what: "the command's output".to_owned(),
                limit_bytes: limit.output_bytes,
            });
        }
        Ok(output)
    }

    async fn logs(&self, id: InstanceId, query: LogQuery) -> Result<LogStream, Error> {
        let next = {
            let mut world = self.world();
            world.script.enter(FakeVerb::Logs)?;
            if world.cell(id).own_container(id)?.is_none() {
                return Err(Error::not_found(object_name("container", id)));
            }
            let log = &world.cell(id).log;
            let end = log.first + log.lines.len();
            let tail = query.tail.map_or(usize::MAX, |lines| {
                usize::try_from(lines).unwrap_or(usize::MAX)
            });
            log.first.max(end.saturating_sub(tail))
        };
        Ok(self.follow(id, next, query))
    }

    async fn stats(&self, id: InstanceId) -> Result<Stats, Error> {
        let now = self.clock.now();
        let mut world = self.world();
        world.script.enter(FakeVerb::Stats)?;
        let container = require_running(&mut world, id)?;
        // A workload that idles at two percent of a core and half its memory.
        let runs = container
            .started_at
            .map(|at| now.since(at))
            .unwrap_or_default();
        Ok(Stats {
            cpu_nanos: u64::try_from(runs.as_nanos() / 50).unwrap_or(u64::MAX),
            memory_bytes: container.memory_limit_bytes / 2,
            memory_limit_bytes: container.memory_limit_bytes,
            pids: 12,
            ..Stats::default()
        })
    }

    async fn engine(&self) -> Result<EngineInfo, Error> {
        self.world().script.enter(FakeVerb::Engine)?;
        Ok(EngineInfo {
            kind: "fake",
            version: env!("CARGO_PKG_VERSION").to_owned(),
            api_version: "fake".to_owned(),
            kernel: String::new(),
            cgroup: None,
            runtime: None,
            security: Vec::new(),
            cpus: 4,
            memory_bytes: 64 << 30,
        })
    }

    async fn assert_host(&self) -> Result<HostReport, Error> {
        self.world().script.enter(FakeVerb::AssertHost)?;
        Ok(HostReport {
            firewall: FirewallState::Held,
            runtime_dir: "/fake".into(),
            runtime_dir_is_tmpfs: true,
            warnings: Vec::new(),
        })
    }

    async fn image(&self, reference: &str) -> Result<Option<ImageInfo>, Error> {
        let mut world = self.world();
        world.script.enter(FakeVerb::Image)?;
        Ok(world.has_image(reference).then(|| ImageInfo {
            digest: reference.to_owned(),
            size_bytes: 650_000_000,
        }))
    }
}

fn require_running(world: &mut World, id: InstanceId) -> Result<&Container, Error> {
    let container = world.cell(id).own_container(id)?;
    container
        .filter(|one| one.state == WorkloadState::Running)
        .ok_or_else(|| Error::not_found(format!("running {}", object_name("container", id))))
}

fn answer(argv: &[String], stdin: Option<Bytes>) -> ExecOutput {
    match argv.first().map(String::as_str) {
        Some("cat") => ExecOutput {
            stdout: stdin.unwrap_or_default(),
            ..ExecOutput::default()
        },
        Some("false") => ExecOutput {
            code: 1,
            ..ExecOutput::default()
        },
        _ => ExecOutput::default(),
    }
}
