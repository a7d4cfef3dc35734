//! What is, as the engine tells it.

use std::{net::Ipv4Addr, path::PathBuf};

use creel_domain::{InstanceId, Timestamp};

/// What there is of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Which instance.
    pub instance: InstanceId,
    /// The container's state.
    pub state: WorkloadState,
    /// Generation that the container was made from.
    pub generation: Option<i64>,
    /// Spec hash that the container was made from; compare with [`crate::WorkloadSpec::hash`].
    pub spec_hash: Option<String>,
    /// The workload's address, also while it is stopped.
    pub address: Option<Ipv4Addr>,
    /// Whether its network exists.
    pub network: bool,
    /// Whether its state volume exists.
    pub volume: bool,
    /// Whether its directory of secret files exists.
    pub files: bool,
    /// How the last run ended; only while the state is `Exited`.
    pub exit: Option<Exit>,
    /// When the present or last run began.
    pub started_at: Option<Timestamp>,
    /// Fields in which the container is weaker than the hardened profile. Always empty unless somebody else changed or
    /// made the container, or the engine ignores a limit: worth an alarm.
    pub deviations: Vec<&'static str>,
}

/// State of the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkloadState {
    /// There is none.
    Absent,
    /// Made, never started.
    Created,
    /// Its process runs.
    Running,
    /// Frozen.
    Paused,
    /// Its process ended; [`Observed::exit`] says how.
    Exited,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// Exit code; 128 and the signal's number after a signal.
    pub code: i64,
    /// Whether the kernel killed it at its memory limit.
    pub oom_killed: bool,
}

/// What a running workload uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// CPU time used since the start, nanoseconds. A rate is the difference of two.
    pub cpu_nanos: u64,
    /// Time in which the CPU limit held it back since the start, nanoseconds.
    pub throttled_nanos: u64,
    /// Memory in use, bytes, without file cache that the kernel can drop.
    pub memory_bytes: u64,
    /// Memory limit, bytes.
    pub memory_limit_bytes: u64,
    /// Processes and threads.
    pub pids: u64,
    /// Received from the network since the start, bytes.
    pub received_bytes: u64,
    /// Sent to the network since the start, bytes.
    pub sent_bytes: u64,
}

/// What the engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// Kind: `docker` or `fake`.
    pub kind: &'static str,
    /// The engine's version.
    pub version: String,
    /// The API version that was agreed on.
    pub api_version: String,
    /// Kernel version.
    pub kernel: String,
    /// Control group version, 1 or 2; `None` if the engine does not say.
    pub cgroup: Option<u8>,
    /// Version or commit of the low-level runtime, as the engine says it.
    pub runtime: Option<String>,
    /// Security features the engine names, for example `name=seccomp,profile=default`.
    pub security: Vec<String>,
    /// Cores of the host.
    pub cpus: u64,
    /// Memory of the host, bytes.
    pub memory_bytes: u64,
}

/// What isolation rests on, on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostReport {
    /// The firewall.
    pub firewall: FirewallState,
    /// Where secret files lie.
    pub runtime_dir: PathBuf,
    /// Whether that is a tmpfs. If not, starts are refused.
    pub runtime_dir_is_tmpfs: bool,
    /// What a person should know and mend, in sentences.
    pub warnings: Vec<String>,
}

/// What asserting the firewall found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirewallState {
    /// The rules were in force as we left them.
    Held,
    /// The rules were absent or changed and were written anew, which is normal once per process start.
    Written,
    /// The operator switched enforcement off.
    Off,
}

/// An image on the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    /// The image's id, `sha256:…`: what a spec should name.
    pub digest: String,
    /// Size unpacked, bytes.
    pub size_bytes: u64,
}

// === impl Observed ===

impl Observed {
    /// Nothing at all of this instance.
    pub fn absent(instance: InstanceId) -> Self {
        Self {
            instance,
            state: WorkloadState::Absent,
            generation: None,
            spec_hash: None,
            address: None,
            network: false,
            volume: false,
            files: false,
            exit: None,
            started_at: None,
            deviations: Vec::new(),
        }
    }

    /// Whether no object is left. With [`crate::Volume::Keep`] the volume stays by intent, so it does not count when
    /// `keeping` says so.
    pub fn is_gone(&self, keeping: crate::Volume) -> bool {
        let volume_gone = !self.volume || keeping == crate::Volume::Keep;
        self.state == WorkloadState::Absent && !self.network && !self.files && volume_gone
    }

    /// Whether a running container was made from this spec: then `ensure_running` would leave it alone.
    pub fn runs(&self, spec: &crate::WorkloadSpec) -> bool {
        self.state == WorkloadState::Running
            && self.generation == Some(spec.generation)
            && self.spec_hash.as_deref() == Some(&spec.hash())
    }
}
