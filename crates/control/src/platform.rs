//! Looking at what Creel itself stands on: the engine, the host, the proxies, the reconciler.
//!
//! Owns the words for it; the binary fills them in, because only it knows which parts run in this process. A part that another process runs is
//! `None` here, never "down": a console beside a separate worker must not cry wolf. Nothing is kept.

use async_trait::async_trait;
use creel_domain::{InstanceId, Timestamp};
pub use creel_driver::EngineInfo;

use crate::Result;

/// What the process can tell about itself and its surroundings. No call waits longer than two seconds.
#[async_trait]
pub trait Platform: Send + Sync + 'static {
    /// Whether the engine answers within 1.5 s; `None` when this process has none.
    async fn engine_alive(&self) -> Option<bool>;
    /// What the engine is; `None` when this process has none.
    ///
    /// # Errors
    /// [`crate::Error::Upstream`] when it does not answer in time, in words for an operator.
    async fn engine(&self) -> Option<Result<EngineInfo>>;
    /// The host as it was a few seconds ago; `None` before the first sample.
    fn host(&self) -> Option<HostSample>;
    /// The data paths; `None` when another process has them.
    fn proxies(&self) -> Option<Proxies>;
    /// The vendors' keys as the llm proxy sees them; `None` when another process has it.
    fn upstreams(&self) -> Option<Vec<Upstream>> {
        None
    }
    /// The reconciler's last comparison with the engine; `None` when another process runs it or it is still at its first.
    fn round(&self) -> Option<Round>;
}

/// What the host is and has left. Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostSample {
    /// When it was taken.
    pub at: Timestamp,
    /// Cores.
    pub cpus: u32,
    /// Work done over the last seconds by all cores together, 0 to 100.
    pub cpu_percent: u32,
    /// Load over the last minute, in hundredths.
    pub load_1_hundredths: u64,
    /// Memory there is.
    pub memory_total_bytes: u64,
    /// Memory that could not be had for a new program.
    pub memory_used_bytes: u64,
    /// Swap there is.
    pub swap_total_bytes: u64,
    /// Swap in use.
    pub swap_used_bytes: u64,
    /// The disk that holds the data directory.
    pub disk_total_bytes: u64,
    /// What cannot be written on it any more, root's reserve included.
    pub disk_used_bytes: u64,
    /// Since the host's start.
    pub uptime_seconds: u64,
}

/// How the data paths are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Instances that are served.
    pub bound: usize,
    /// Instances whose listener cannot be bound, and the system's reason.
    pub failing: Vec<(InstanceId, String)>,
    /// Why usage cannot be written at present, if so.
    pub ledger_trouble: Option<String>,
}

/// A vendor's key as the llm proxy sees it; of the keys that tenants brought, all together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Provider id.
    pub provider: String,
    /// The key's last four characters; `None` for tenants' keys, for a short one and where none is needed.
    pub key_last4: Option<String>,
    /// Whose key it is.
    pub owned_by: KeyOwner,
    /// Whether calls go there.
    pub state: Breaker,
    /// Calls over the last five minutes.
    pub calls: u64,
    /// Of these, failed ones.
    pub failures: u64,
    /// What the last failure was, in words without a key or an address.
    pub last_error: Option<String>,
    /// When.
    pub last_error_at: Option<Timestamp>,
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOwner {
    /// The platform's.
    Platform,
    /// Those that tenants brought.
    Tenant,
}

/// Whether calls go to an upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// They do.
    Closed,
    /// They do not: it failed too often.
    Open,
    /// One is let through to see.
    HalfOpen,
}

/// One comparison of every row with the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// When it ended.
    pub at: Timestamp,
    /// Why it did not come to its end, if so.
    pub trouble: Option<String>,
    /// What isolation lacks on this host, in sentences.
    pub warnings: Vec<String>,
}

/// For processes and tests without any of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlatform;

#[async_trait]
impl Platform for NoPlatform {
    async fn engine_alive(&self) -> Option<bool> {
        None
    }
    async fn engine(&self) -> Option<Result<EngineInfo>> {
        None
    }
    fn host(&self) -> Option<HostSample> {
        None
    }
    fn proxies(&self) -> Option<Proxies> {
        None
    }
    fn round(&self) -> Option<Round> {
        None
    }
}
