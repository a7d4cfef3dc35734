//! The bounded queues between the data paths and the database: usage events and misused keys.
//!
//! A call takes its slot in the queue *before* it is admitted, so settling it later never waits and never loses: when the database is away
//! long enough to fill the queue, new calls wait and then are refused, and nothing is dropped. What lies in the queue lies in the journal too, so a
//! crash loses nothing; an orderly stop drains it. Must not look at prompts or answers: numbers and names only.

mod database;
mod writer;

use std::collections::HashMap;

use async_trait::async_trait;
use creel_db::{
    channel::Heard,
    pause::{self, Pause},
};
use creel_domain::{
    InstanceId, TenantId, Timestamp, UsageEventId,
    usage::{Cause, Usage},
};
use tokio::sync::mpsc;

use crate::{
    budget::{Claim, Head, Settled},
    journal::Receipt,
};

pub use database::DatabaseSink;
pub(crate) use writer::Writer;

/// Calls in flight plus events not yet written. Lower makes calls wait during a pause of the database; higher is memory, some 300 bytes each.
const QUEUE: usize = 65_536;
/// Misuse is rare and repeated by an attacker; more than this at once says nothing new.
const MISUSE_QUEUE: usize = 64;

/// One metered model call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// Made before the write, so that a write repeated after an error books once.
    pub id: UsageEventId,
    /// Who called.
    pub instance: InstanceId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Provider id of the catalogue.
    pub provider: &'static str,
    /// The vendor's model id, as asked for.
    pub model: String,
    /// Tokens.
    pub usage: Usage,
    /// Cost, nano-dollars; `None` where the price is unknown.
    pub cost_nano_usd: Option<u64>,
    /// Why the instance called.
    pub cause: Cause,
    /// The channel on which somebody wrote; empty where none did.
    pub channel: String,
    /// HTTP status of the vendor's answer; 401 and 403 say that the provider key was refused, 499 that the client left before an answer,
    /// 502 and 504 are ours, 598 that Creel was stopped during the call.
    pub status: u16,
    /// Whether the tokens are our estimate, because the vendor's report did not arrive.
    pub estimated: bool,
    /// Whether the answer was streamed.
    pub streamed: bool,
    /// Whether the tenant's own key paid.
    pub own_key: bool,
    /// When the call was admitted.
    pub started_at: Timestamp,
    /// From admission to the last byte, milliseconds.
    pub latency_ms: u64,
    /// From admission to the first byte of the answer's body, milliseconds.
    pub ttft_ms: Option<u64>,
    /// What it spent, of which purses.
    pub claims: Vec<Claim>,
}

/// A valid instance key shown on another instance's bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misuse {
    /// Whose key it is.
    pub owner: InstanceId,
    /// The owner's tenant.
    pub owner_tenant: TenantId,
    /// On whose bridge it was shown.
    pub shown_by: InstanceId,
    /// That instance's tenant.
    pub shown_by_tenant: TenantId,
    /// When.
    pub at: Timestamp,
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// Try again later: the database is away or busy.
    #[error("the database is not available")]
    Unavailable(#[source] crate::BoxError),
    /// Never will: a row breaks a rule.
    #[error("the database refused the rows")]
    Refused(#[source] crate::BoxError),
}

/// Where events end; implemented over the database by the feed's side and by a list in tests.
#[async_trait]
pub trait Sink: Send + Sync + 'static {
    /// Writes all or none, and books the claims of exactly those that were not there yet. Idempotent by `id`.
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError>;
    /// Appends to the audit log.
    async fn misuse(&self, misuse: &Misuse) -> Result<(), SinkError>;
    /// Pauses an instance's model calls until its owner resumes them. Idempotent.
    async fn pause(&self, _pause: &Pause) -> Result<(), SinkError> {
        Ok(())
    }
    /// Notes what was heard on channels. Where nobody looks at it, nothing is kept.
    async fn activity(&self, _heard: &HashMap<InstanceId, Heard>) -> Result<(), SinkError> {
        Ok(())
    }
}

/// The sending end.
#[derive(Debug, Clone)]
pub struct Ledger {
    usage: mpsc::Sender<Entry>,
    misuse: mpsc::Sender<Misuse>,
    pauses: mpsc::Sender<Pause>,
}

/// A place in the queue, held from admission to settlement.
#[derive(Debug)]
pub struct Slot(mpsc::OwnedPermit<Entry>);

/// A record on its way, and the journal's receipt for it.
#[derive(Debug)]
pub struct Entry {
    pub(crate) record: UsageRecord,
    pub(crate) receipt: Receipt,
}

/// The receiving ends.
#[derive(Debug)]
pub struct Queues {
    pub(crate) usage: mpsc::Receiver<Entry>,
    pub(crate) misuse: mpsc::Receiver<Misuse>,
    pub(crate) pauses: mpsc::Receiver<Pause>,
}

impl Ledger {
    /// Both ends, for one proxy.
    pub fn new() -> (Self, Queues) {
        let (usage, records) = mpsc::channel(QUEUE);
        let (misuse, misuses) = mpsc::channel(MISUSE_QUEUE);
        let (pauses, pausing) = mpsc::channel(MISUSE_QUEUE);
        let queues = Queues {
            usage: records,
            misuse: misuses,
            pauses: pausing,
        };
        let ledger = Self {
            usage,
            misuse,
            pauses,
        };
        (ledger, queues)
    }

    /// A place, if there is one at once.
    pub(crate) fn try_slot(&self) -> Option<Slot> {
        self.usage.clone().try_reserve_owned().ok().map(Slot)
    }

    /// Waits for a place; `None` when the queue is closed for shutdown.
    pub(crate) async fn slot(&self) -> Option<Slot> {
        self.usage.clone().reserve_owned().await.ok().map(Slot)
    }

    /// Has an instance paused that made so many equal turns. Full means that the database is away: the loop will be found again.
    pub(crate) fn pause(&self, instance: InstanceId, tenant: TenantId, turns: u32, at: Timestamp) {
        let _found_again = self.pauses.try_send(Pause {
            instance,
            tenant,
            reason: pause::LOOP.to_owned(),
            detail: format!("The agent asked the same {turns} times in a row."),
            paused_at: at,
        });
    }

    /// Reports a misused key. Full means that the same is already being reported.
    pub fn misuse(&self, misuse: Misuse) {
        metrics::counter!("creel_token_misuse_total").increment(1);
        let _full_says_nothing_new = self.misuse.try_send(misuse);
    }
}

impl Slot {
    /// Hands the event over. Never waits, never fails while the writer lives.
    pub(crate) fn book(self, record: UsageRecord, receipt: Receipt) {
        let _sender = self.0.send(Entry { record, receipt });
    }
}

impl UsageRecord {
    /// The record of a call that came to this, with what it really spent.
    pub fn new(head: Head, settled: Settled, claims: Vec<Claim>) -> Self {
        Self {
            id: head.id,
            instance: head.instance,
            tenant: head.tenant,
            provider: head.provider,
            model: settled.model,
            usage: settled.usage,
            cost_nano_usd: settled.cost_nano_usd,
            cause: head.cause,
            channel: head.channel,
            status: settled.status,
            estimated: settled.estimated,
            streamed: head.streamed,
            own_key: head.own_key,
            started_at: head.started_at,
            latency_ms: settled.latency_ms,
            ttft_ms: settled.ttft_ms,
            claims,
        }
    }
}
