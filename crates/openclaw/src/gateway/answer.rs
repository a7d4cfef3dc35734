//! The answers we read, as types: only the fields we use, everything unknown ignored, everything else refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `error` of a refused call, over either way.
#[derive(Debug, Deserialize)]
pub(crate) struct ErrorBody {
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default, rename = "retryAfterMs")]
    pub retry_after_ms: Option<u64>,
}

/// What `config.get` says.
#[derive(Debug, Clone, Deserialize)]
pub struct ConfigSnapshot {
    /// Hash of the file as it is; the base of a write.
    pub hash: String,
    /// Whether the file can be used.
    pub valid: bool,
    /// The file as parsed; secrets are blanked out.
    #[serde(default)]
    pub parsed: Value,
}

/// What `config.apply` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Whether anything was written; a file that is in place already is left alone.
    pub written: bool,
    /// Whether the change takes effect only after a restart, which the Gateway then does by itself, in its process.
    pub restart: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ApplyAnswer {
    #[serde(default)]
    sentinel: Option<Sentinel>,
}

#[derive(Debug, Deserialize)]
struct Sentinel {
    #[serde(default)]
    payload: Option<SentinelPayload>,
}

#[derive(Debug, Deserialize)]
struct SentinelPayload {
    #[serde(default)]
    stats: Option<SentinelStats>,
}

#[derive(Debug, Deserialize)]
struct SentinelStats {
    #[serde(default, rename = "requiresRestart")]
    requires_restart: bool,
}

impl From<ApplyAnswer> for Applied {
    fn from(answer: ApplyAnswer) -> Self {
        let stats = answer
            .sentinel
            .and_then(|s| s.payload)
            .and_then(|p| p.stats);
        Self {
            written: true,
            restart: stats.is_some_and(|s| s.requires_restart),
        }
    }
}

/// What `channels.status` says, by channel id (`telegram`, `whatsapp`, `discord`).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ChannelsStatus {
    /// Only channels whose plugin is loaded.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelStatus>,
}

/// One channel. `None` where the channel has no such notion.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelStatus {
    /// Whether it has what it needs to start.
    #[serde(default)]
    pub configured: Option<bool>,
    /// Whether its loop runs.
    #[serde(default)]
    pub running: Option<bool>,
    /// Whether its socket is up.
    #[serde(default)]
    pub connected: Option<bool>,
    /// WhatsApp: whether a phone is linked.
    #[serde(default)]
    pub linked: Option<bool>,
    /// The last failure, in a tenant's Gateway's words.
    #[serde(default)]
    pub last_error: Option<String>,
}

/// What should become of background terminals when work is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TerminalPolicy {
    /// They survive a freeze.
    Preserve,
    /// They end: for an update.
    Terminate,
}

/// What `gateway.suspend.prepare` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspension {
    /// No work runs and none is admitted until the lease ends or `suspend_resume` is called.
    Ready {
        /// To resume with.
        suspension_id: String,
        /// End of the lease, Unix milliseconds by the Gateway's clock.
        expires_at_ms: u64,
    },
    /// Work is running.
    Busy {
        /// When to ask again, milliseconds, if it said so.
        retry_after_ms: Option<u64>,
        /// What runs, in its words; at most 16.
        blockers: Vec<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuspendAnswer {
    status: String,
    #[serde(default)]
    suspension_id: Option<String>,
    #[serde(default)]
    expires_at_ms: Option<u64>,
    #[serde(default)]
    retry_after_ms: Option<u64>,
    #[serde(default)]
    blockers: Vec<Value>,
}

impl SuspendAnswer {
    pub(crate) fn read(self) -> Option<Suspension> {
        match (self.status.as_str(), self.suspension_id, self.expires_at_ms) {
            ("ready", Some(suspension_id), Some(expires_at_ms)) => Some(Suspension::Ready {
                suspension_id,
                expires_at_ms,
            }),
            ("busy", ..) => Some(Suspension::Busy {
                retry_after_ms: self.retry_after_ms,
                blockers: self.blockers.iter().take(16).map(named).collect(),
            }),
            _ => None,
        }
    }
}

/// A blocker is a string or an object that names itself; nobody acts on it, it is only shown.
fn named(blocker: &Value) -> String {
    let text = ["message", "reason", "kind", "code"]
        .iter()
        .find_map(|key| blocker.get(key).and_then(Value::as_str))
        .or_else(|| blocker.as_str());
    super::short(text.unwrap_or("work"), 120)
}
