//! `[driver]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, check::within};

/// What runs the workloads.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DriverSection {
    /// `docker` for the real engine; `fake` keeps workloads in memory, each with a miniature agent on loopback, for trying Creel
    /// and for its own development.
    pub kind: Kind,
    /// Engine as `unix:///path/docker.sock` or `tcp://host:port` on this host. Default: `DOCKER_HOST`, then the default socket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Directory on a tmpfs for the secret files of running workloads; one cluster's alone. Default: `/run/creel`, or `/dev/shm/creel` where
    /// `/run` is not a tmpfs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_dir: Option<PathBuf>,
    /// Instances started at the same time. Each start costs about two seconds of CPU; more than cores and a half only makes all of them slower.
    pub parallel: usize,
    /// Fake driver only: whether a miniature agent answers behind every instance, through the real proxies. Off, instances are entries in memory.
    pub fake_agents: bool,
    /// Fake driver only: how long each step of an operation takes, milliseconds, so that progress can be seen. `make dev` sets 300.
    pub fake_step_ms: u64,
}

/// A driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Docker Engine.
    Docker,
    /// No engine: workloads are entries in memory.
    Fake,
}

impl Default for DriverSection {
    fn default() -> Self {
        Self {
            kind: Kind::Docker,
            host: None,
            runtime_dir: None,
            parallel: 4,
            fake_agents: true,
            fake_step_ms: 0,
        }
    }
}

impl DriverSection {
    pub(super) fn check(&self) -> Result<(), Problem> {
        if self
            .runtime_dir
            .as_ref()
            .is_some_and(|dir| !dir.is_absolute())
        {
            return Err(Problem::at(
                "driver.runtime_dir",
                "must be an absolute path",
            ));
        }
        within("driver.parallel", self.parallel as u64, 1, 64)?;
        within("driver.fake_step_ms", self.fake_step_ms, 0, 60_000)
    }
}
