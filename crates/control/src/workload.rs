//! Looking at workloads from outside the reconciler: logs and figures, without handing out a driver.

use std::sync::Arc;

use async_trait::async_trait;
use creel_db::instance::Instance;
use creel_domain::Slug;
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
