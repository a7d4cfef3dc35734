//! The steps of the fake's verbs: scripted delay and failure first, then one change of the world.

use std::{future::Future, time::Duration};

use creel_domain::{InstanceId, Step};
use futures::{StreamExt as _, stream};

use super::{
    FakeDriver, FakeEvent,
    world::{Container, World},
};
use crate::{Error, Exit, LogLine, LogQuery, LogStream, Progress, WorkloadSpec, progress::step};

/// What a workload that hears the polite signal ends with, and one that does not.
const CLEAN: Exit = Exit {
    code: 0,
    oom_killed: false,
};
const KILLED: Exit = Exit {
    code: 137,
    oom_killed: false,
};

impl FakeDriver {
    /// A step that changes the world at one blow.
    pub(super) async fn act<T: Send>(
        &self,
        progress: &dyn Progress,
        which: Step,
        work: impl FnOnce(&mut World) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.watched(progress, which, async { work(&mut self.world()) })
            .await
    }

    /// A step with its scripted delay and failure before it.
    pub(super) async fn watched<T: Send>(
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

    pub(super) async fn make_container(&self, spec: &WorkloadSpec) -> Result<(), Error> {
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
            self.remove_container(id)?;
        }
        self.world().cell(id).container = Some(Container::of(spec));
        Ok(())
    }

    pub(super) fn start(&self, spec: &WorkloadSpec) {
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
    }

    pub(super) async fn stop(&self, id: InstanceId, grace: Duration) -> Result<(), Error> {
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

    pub(super) fn remove_container(&self, id: InstanceId) -> Result<(), Error> {
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

    pub(super) fn follow(&self, id: InstanceId, next: usize, query: LogQuery) -> LogStream {
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
    pub(super) fn line(&self, id: InstanceId, next: &mut usize) -> (Option<LogLine>, bool) {
        let mut world = self.world();
        let cell = world.cell(id);
        *next = (*next).max(cell.log.first);
        let line = cell.log.lines.get(*next - cell.log.first).cloned();
        *next += usize::from(line.is_some());
        (line, cell.is_running())
    }
}
