//! What the operator configures of the Docker driver.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use ipnet::Ipv4Net;

use crate::Error;

/// How to reach the engine and what is ours on this host.
#[derive(Debug, Clone)]
pub struct DockerOptions {
    /// Engine as `unix:///path` or `tcp://host:port`; `None` is `DOCKER_HOST`, then the default socket.
    pub host: Option<String>,
    /// This cluster's id: the ownership label. Never changes, or everything becomes foreign.
    pub cluster: String,
    /// Directory on a tmpfs for secret files; [`DockerOptions::default_runtime_dir`] finds one.
    pub runtime_dir: PathBuf,
    /// Addresses of all instances: the firewall's scope. Two clusters on one host need two pools.
    pub pool: Ipv4Net,
    /// Port of our proxy listeners on each bridge's gateway address.
    pub proxy_port: u16,
    /// Resolvers for the workloads, reachable on port 53 even at a private address. Empty takes the host's own.
    pub resolvers: Vec<Ipv4Addr>,
    /// Whether the firewall is asserted.
    pub firewall: Enforcement,
}

/// Whether the firewall is asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enforcement {
    /// Rules first, containers second.
    #[default]
    Enforced,
    /// Dangerous: tenants reach the host's services and its private network. For a single user at home.
    DangerouslyOff,
}

impl DockerOptions {
    /// Options with every default, for a cluster, a pool and a port.
    pub fn new(cluster: &str, pool: Ipv4Net, proxy_port: u16) -> Self {
        Self {
            host: None,
            cluster: cluster.to_owned(),
            runtime_dir: Self::default_runtime_dir(),
            pool,
            proxy_port,
            resolvers: Vec::new(),
            firewall: Enforcement::Enforced,
        }
    }

    /// `/run/creel` if `/run` is a tmpfs, else `/dev/shm/creel`.
    pub fn default_runtime_dir() -> PathBuf {
        let under_run = super::files::is_tmpfs(Path::new("/run"));
        PathBuf::from(if under_run {
            "/run/creel"
        } else {
            "/dev/shm/creel"
        })
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if self.cluster.is_empty() {
            return Err(Error::refused("the cluster id must not be empty"));
        }
        if !self.runtime_dir.is_absolute() {
            return Err(Error::refused(
                "the runtime directory must be an absolute path",
            ));
        }
        Ok(())
    }
}
