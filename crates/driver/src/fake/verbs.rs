//! The driver's verbs over the pretended engine.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use creel_domain::{InstanceId, Step};
use futures::{StreamExt as _, stream};

use super::{
    FakeDriver, FakeEvent, FakeVerb, object_name,
    world::{Container, Owner, World},
};
use crate::{
    Driver, EngineInfo, Error, ExecLimit, ExecOutput, Exit, FirewallState, HostReport, ImageInfo,
    LogLine, LogQuery, LogStream, Observed, Progress, SecretFile, Stats, Volume, WorkloadSpec,
    WorkloadState, progress::step, spec::check_files,
};

/// What a workload that hears the polite signal ends with, and one that does not.
const CLEAN: Exit = Exit {
    code: 0,
    oom_killed: false,
};
const KILLED: Exit = Exit {
    code: 137,
    oom_killed: false,
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
            world.cell(id).make_volume(spec)
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
        self.watched(progress, Step::Start, self.start(spec))
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
        self.watched(progress, Step::RemoveContainer, self.remove_container(id))
            .await?;
        self.act(progress, Step::RemoveNetwork, |world| {
            match world.cell(id).network {
                Some((Owner::Other, _)) => Err(Error::foreign(object_name("network", id))),
                _ => {
                    world.cell(id).network = None;
                    Ok(())
                }
            }
        })
        .await?;
        if volume == Volume::Remove {
            self.act(progress, Step::RemoveVolume, |world| {
                match world.cell(id).volume {
                    Some(Owner::Other) => Err(Error::foreign(object_name("volume", id))),
                    _ => {
                        world.cell(id).volume = None;
                        Ok(())
                    }
                }
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

impl FakeDriver {
    /// A step that changes the world at one blow.
    async fn act<T: Send>(
        &self,
        progress: &dyn Progress,
        which: Step,
        work: impl FnOnce(&mut World) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.watched(progress, which, async { work(&mut self.world()) })
            .await
    }

    /// A step with its scripted delay and failure before it.
    async fn watched<T: Send>(
        &self,
        progress: &dyn Progress,
        which: Step,
        work: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        let scripted = async {
            let delay = self.world().script.delay_of(which);
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            self.world().script.enter_step(which)?;
            work.await
        };
        step(progress, which, scripted).await
    }

    async fn make_container(&self, spec: &WorkloadSpec) -> Result<(), Error> {
        let id = spec.instance;
        let drifted = {
            let mut world = self.world();
            let cell = world.cell(id);
            let exists = cell.own_container(id)?.is_some();
            if exists && cell.has_right_container(spec) {
                return Ok(());
            }
            exists
        };
        if drifted {
            self.stop(id, spec.stop_grace).await?;
            self.remove_container(id).await?;
        }
        self.world().cell(id).container = Some(Container::of(spec));
        Ok(())
    }

    async fn start(&self, spec: &WorkloadSpec) -> Result<(), Error> {
        let id = spec.instance;
        let now = self.clock.now();
        let (started, crash) = {
            let mut world = self.world();
            let cell = world.cell(id);
            let started = cell.start(now);
            (
                started,
                if started {
                    cell.crashes.pop_front()
                } else {
                    None
                },
            )
        };
        if started {
            self.tell(FakeEvent::Started {
                instance: id,
                address: spec.lease.workload,
            });
        }
        if let Some(exit) = crash {
            self.end(id, exit);
        }
        Ok(())
    }

    async fn stop(&self, id: InstanceId, grace: Duration) -> Result<(), Error> {
        let stubborn = {
            let mut world = self.world();
            let cell = world.cell(id);
            cell.own_container(id)?;
            cell.stubborn && cell.is_running()
        };
        if stubborn {
            tokio::time::sleep(grace).await;
        }
        self.end(id, if stubborn { KILLED } else { CLEAN });
        Ok(())
    }

    async fn remove_container(&self, id: InstanceId) -> Result<(), Error> {
        self.world().cell(id).own_container(id)?;
        self.end(id, KILLED);
        let mut world = self.world();
        let cell = world.cell(id);
        cell.container = None;
        // The log goes with its container, as on a real engine; its numbers go on.
        cell.log.first += cell.log.lines.len();
        cell.log.lines.clear();
        Ok(())
    }

    fn follow(&self, id: InstanceId, next: usize, query: LogQuery) -> LogStream {
        let state = (self.clone(), self.said.subscribe(), next);
        let lines = stream::unfold(state, move |(driver, mut said, mut next)| async move {
            loop {
                said.borrow_and_update();
                let (line, runs) = driver.line(id, &mut next);
                if let Some(line) = line {
                    return Some((Ok(line), (driver, said, next)));
                }
                if !query.follow || !runs || said.changed().await.is_err() {
                    return None;
                }
            }
        });
        let early = move |line: &LogLine| query.since.is_some_and(|since| line.at < Some(since));
        lines
            .filter(move |line: &Result<LogLine, Error>| {
                std::future::ready(!line.as_ref().is_ok_and(early))
            })
            .boxed()
    }

    /// The line with this number or the first kept after it, and whether more may come.
    fn line(&self, id: InstanceId, next: &mut usize) -> (Option<LogLine>, bool) {
        let mut world = self.world();
        let cell = world.cell(id);
        *next = (*next).max(cell.log.first);
        let line = cell.log.lines.get(*next - cell.log.first).cloned();
        *next += usize::from(line.is_some());
        (line, cell.is_running())
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
