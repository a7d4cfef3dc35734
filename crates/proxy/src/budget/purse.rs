//! Words of the budget: purses, claims on them, what a call may cost and what it did cost.

use std::sync::Arc;

use creel_db::budget::Purse;
use creel_domain::{
    InstanceId, TenantId, Timestamp, UsageEventId,
    limit::Unit,
    usage::{Cause, Usage},
};

/// An amount of one call that counts in a purse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where it counts.
    pub purse: Arc<Purse>,
    /// The limit that was in force when the call was admitted.
    pub limit: u64,
    /// How much.
    pub amount: u64,
}

/// The most that a call can come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worst {
    /// Calls: 1.
    pub calls: u64,
    /// Input and output tokens.
    pub tokens: u64,
    /// Cost at the dearest price that can apply.
    pub nano_usd: u64,
}

/// What is known of a call when it is admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Id of its usage event, made before, so that nothing counts twice.
    pub id: UsageEventId,
    /// Who calls.
    pub instance: InstanceId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Provider id of the catalogue.
    pub provider: &'static str,
    /// The vendor's model id.
    pub model: String,
    /// Whether the tenant's own key pays.
    pub own_key: bool,
    /// Whether the answer is to be streamed.
    pub streamed: bool,
    /// Why the instance calls.
    pub cause: Cause,
    /// The channel on which somebody wrote; empty where none did.
    pub channel: String,
    /// When the call was admitted: what decides about windows and prices.
    pub started_at: Timestamp,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Tokens.
    pub usage: Usage,
    /// Cost; `None` where the price is unknown, which spends all that was reserved.
    pub cost_nano_usd: Option<u64>,
    /// HTTP status of the answer.
    pub status: u16,
    /// Whether the tokens are our estimate.
    pub estimated: bool,
    /// From admission to the last byte, milliseconds.
    pub latency_ms: u64,
    /// From admission to the first byte, milliseconds.
    pub ttft_ms: Option<u64>,
    /// The model that answered.
    pub model: String,
}

/// A call of which only its reservation is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The call.
    pub head: Head,
    /// The most it can have come to.
    pub worst: Worst,
    /// What was reserved for it.
    pub claims: Vec<Claim>,
}

// === impl Worst ===

impl Worst {
    /// The part that is counted in this unit.
    pub fn of(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Calls => self.calls,
            Unit::Tokens => self.tokens,
            Unit::NanoUsd => self.nano_usd,
        }
    }
}

// === impl Settled ===

impl Settled {
    /// What really counts in this unit, of a call for which `reserved` was put aside.
    pub(super) fn real(&self, unit: Unit, reserved: u64) -> u64 {
        match unit {
            Unit::Calls => 1,
            Unit::Tokens => self.usage.total(),
            Unit::NanoUsd => self.cost_nano_usd.unwrap_or(reserved),
        }
    }
}
