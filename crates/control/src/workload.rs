//! Looking at workloads from outside the reconciler: logs and figures, without handing out a driver.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use creel_db::instance::Instance;
use creel_domain::{Slug, Timestamp};
use creel_driver::Driver;
pub use creel_driver::{LogLine, LogQuery, LogSource, LogStream, Stats};

use crate::{Caller, Core, Error, Result, instance};

/// What the console side may see of a workload. Where the engine is another process's, this is a call to it.
#[async_trait]
pub trait Workloads: Send + Sync + 'static {
    /// Log lines, oldest first.
    async fn logs(&self, instance: &Instance, query: LogQuery) -> Result<LogStream>;
    /// What it uses right now.
    async fn stats(&self, instance: &Instance) -> Result<Stats>;
    /// When its present run began.
    async fn started_at(&self, instance: &Instance) -> Result<Option<Timestamp>>;
}

/// Workloads of the engine that this process drives.
pub struct OwnEngine(pub Arc<dyn Driver>);

#[async_trait]
impl Workloads for OwnEngine {
    async fn logs(&self, instance: &Instance, query: LogQuery) -> Result<LogStream> {
        self.0.logs(instance.id, query).await.map_err(refused)
    }
    async fn stats(&self, instance: &Instance) -> Result<Stats> {
        self.0.stats(instance.id).await.map_err(refused)
    }
    async fn started_at(&self, instance: &Instance) -> Result<Option<Timestamp>> {
        let seen = self.0.observe(instance.id).await.map_err(refused)?;
        Ok(seen.started_at)
    }
}

/// For a process without an engine of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoEngine;

#[async_trait]
impl Workloads for NoEngine {
    async fn logs(&self, _instance: &Instance, _query: LogQuery) -> Result<LogStream> {
        Err(elsewhere())
    }
    async fn stats(&self, _instance: &Instance) -> Result<Stats> {
        Err(elsewhere())
    }
    async fn started_at(&self, _instance: &Instance) -> Result<Option<Timestamp>> {
        Err(elsewhere())
    }
}

fn elsewhere() -> Error {
    Error::Upstream {
        service: "the engine",
        message: "this process has none; ask the worker's".to_owned(),
    }
}

fn refused(error: creel_driver::Error) -> Error {
    match error {
        creel_driver::Error::NotFound { .. } => Error::conflict(
            "not_started",
            "the instance has no workload, so there is nothing to read",
            "Start it first.",
        ),
        other => Error::Upstream {
            service: "the container engine",
            message: other.to_string(),
        },
    }
}

/// The log of the caller's instance.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it has no workload; [`Error::Upstream`] when the engine does not answer.
pub async fn logs(core: &Core, caller: &Caller, slug: &Slug, query: LogQuery) -> Result<LogStream> {
    let row = instance::get(core, caller, slug).await?;
    core.workloads.logs(&row, query).await
}

/// What a workload uses.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// Figures of now.
    pub stats: Stats,
    /// Share of one core over the last moment; 100 is a whole one. None when the workload began anew in between.
    pub cpu_percent: Option<u64>,
    /// When its present run began.
    pub started_at: Option<Timestamp>,
}

/// Between two looks at the CPU time: longer makes a person wait, shorter shows noise.
const MOMENT: Duration = Duration::from_millis(500);

/// What the caller's instance uses right now.
///
/// # Errors
/// As [`logs`].
pub async fn stats(core: &Core, caller: &Caller, slug: &Slug) -> Result<Use> {
    let row = instance::get(core, caller, slug).await?;
    let (first, from) = (core.workloads.stats(&row).await?, core.now());
    tokio::time::sleep(MOMENT).await;
    let (stats, to) = (core.workloads.stats(&row).await?, core.now());
    let elapsed = to.since(from).as_nanos().max(1);
    let used = stats.cpu_nanos.checked_sub(first.cpu_nanos);
    let percent = used.map(|nanos| u128::from(nanos) * 100 / elapsed);
    Ok(Use {
        stats,
        cpu_percent: percent.and_then(|percent| u64::try_from(percent).ok()),
        started_at: core.workloads.started_at(&row).await?,
    })
}
