//! The sink over the database: one transaction per batch of events with what they spent, and one per exchange of leases.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use creel_db::{
    Db, Error, Tx, audit,
    budget::{self, Booking, Purse, Slice},
    channel,
    channel::Heard,
    pause, usage,
};
use creel_domain::{AuditId, Clock, Entropy, InstanceId, channel::ChannelKind};
use serde_json::json;
use uuid::Uuid;

use super::{Misuse, Sink, SinkError, UsageRecord};
use crate::budget::{Ask, Exchange, Treasury};

/// Writes events and leases budget with `creel-db`.
pub struct DatabaseSink {
    db: Db,
    /// Whose leases: the journal's.
    replica: Uuid,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// What an exchange does with one purse.
#[derive(Default)]
struct Steps<'a> {
    back: u64,
    asks: Vec<(usize, &'a Ask)>,
    used_up: Option<u64>,
}

impl DatabaseSink {
    /// Over an open, migrated database. Time and randomness are for the ids of audit lines.
    pub fn new(db: Db, replica: Uuid, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            db,
            replica,
            clock,
            entropy,
        }
    }

    async fn insert(&self, records: &[UsageRecord]) -> creel_db::Result<()> {
        let events: Vec<_> = records.iter().map(event).collect();
        let transaction = self.db.begin().await?;
        let mut missing = usage::insert_missing(&transaction, &events).await?;
        // Removed, so that a record that is there twice books once.
        let new = records.iter().filter(|record| missing.remove(&record.id));
        let bookings: Vec<_> = new.flat_map(bookings).collect();
        budget::book(&transaction, self.replica, &bookings).await?;
        transaction.commit().await
    }

    async fn trade(&self, exchange: &Exchange) -> creel_db::Result<Vec<Slice>> {
        let mut slices = vec![Slice::default(); exchange.asks.len()];
        let transaction = self.db.begin().await?;
        for (purse, steps) in steps(exchange) {
            self.step(&transaction, purse, &steps, &mut slices).await?;
        }
        transaction.commit().await?;
        Ok(slices)
    }

    async fn step(
        &self,
        tx: &Tx,
        purse: &Purse,
        steps: &Steps<'_>,
        slices: &mut [Slice],
    ) -> creel_db::Result<()> {
        if steps.back > 0 {
            budget::give_back(tx, self.replica, purse, steps.back).await?;
        }
        for (at, ask) in &steps.asks {
            let slice =
                budget::lease(tx, self.replica, purse, ask.limit, ask.need, ask.want).await?;
            if let Some(place) = slices.get_mut(*at) {
                *place = slice;
            }
        }
        match steps.used_up {
            Some(limit) => budget::used_up(tx, purse, limit, self.clock.now()).await,
            None => Ok(()),
        }
    }

    async fn end_leases(&self, forfeit: bool) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        budget::release(&transaction, self.replica, forfeit).await?;
        transaction.commit().await
    }

    async fn note(&self, heard: &HashMap<InstanceId, Heard>) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        for (instance, heard) in heard {
            channel::note_activity(&transaction, *instance, ChannelKind::Telegram, heard).await?;
        }
        transaction.commit().await
    }

    async fn stop(&self, pause: &pause::Pause) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        pause::put(&transaction, pause).await?;
        transaction.commit().await
    }

    async fn append(&self, entry: &audit::Entry) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        audit::append(&transaction, entry).await?;
        transaction.commit().await
    }
}

#[async_trait]
impl Sink for DatabaseSink {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        match self.insert(records).await {
            Ok(()) => Ok(()),
            Err(why @ Error::Conflict(_)) => Err(SinkError::Refused(why.into())),
            // The table takes every event there can be, so whatever else is wrong is wrong with the database.
            Err(why) => Err(SinkError::Unavailable(why.into())),
        }
    }

    async fn misuse(&self, misuse: &Misuse) -> Result<(), SinkError> {
        let entry = audit::Entry {
            id: AuditId::generate(&*self.clock, &*self.entropy),
            at: misuse.at,
            tenant: Some(misuse.owner_tenant),
            actor: misuse.shown_by.to_string(),
            action: "instance_key.misused".to_owned(),
            target: misuse.owner.to_string(),
            detail: json!({
                "key_of": misuse.owner, "shown_by": misuse.shown_by,
                "key_of_tenant": misuse.owner_tenant, "shown_by_tenant": misuse.shown_by_tenant,
            }),
        };
        self.append(&entry)
            .await
            .map_err(|why| SinkError::Unavailable(why.into()))
    }

    async fn pause(&self, pause: &pause::Pause) -> Result<(), SinkError> {
        self.stop(pause)
            .await
            .map_err(|why| SinkError::Unavailable(why.into()))
    }

    async fn activity(&self, heard: &HashMap<InstanceId, Heard>) -> Result<(), SinkError> {
        self.note(heard)
            .await
            .map_err(|why| SinkError::Unavailable(why.into()))
    }
}

#[async_trait]
impl Treasury for DatabaseSink {
    async fn exchange(&self, exchange: &Exchange) -> Result<Vec<Slice>, SinkError> {
        self.trade(exchange).await.map_err(unavailable)
    }

    async fn granted(&self) -> Result<HashMap<Purse, u64>, SinkError> {
        let open = budget::open_leases(self.db.read(), self.replica).await;
        let granted = open.map_err(unavailable)?.into_iter();
        Ok(granted
            .map(|(purse, granted, _)| (purse, granted))
            .collect())
    }

    async fn release(&self, forfeit: bool) -> Result<(), SinkError> {
        self.end_leases(forfeit).await.map_err(unavailable)
    }
}

fn unavailable(why: Error) -> SinkError {
    SinkError::Unavailable(why.into())
}

/// By purse, in the order in which every replica takes them.
fn steps(exchange: &Exchange) -> BTreeMap<&Purse, Steps<'_>> {
    let mut all: BTreeMap<&Purse, Steps<'_>> = BTreeMap::new();
    for (purse, amount) in &exchange.returns {
        all.entry(purse).or_default().back += amount;
    }
    for (at, ask) in exchange.asks.iter().enumerate() {
        all.entry(&ask.purse).or_default().asks.push((at, ask));
    }
    for (purse, limit) in &exchange.used_up {
        all.entry(purse).or_default().used_up = Some(*limit);
    }
    all
}

fn bookings(record: &UsageRecord) -> impl Iterator<Item = Booking> {
    record.claims.iter().map(|claim| Booking {
        purse: (*claim.purse).clone(),
        amount: claim.amount,
        limit: Some(claim.limit),
        at: record.started_at,
    })
}

fn event(record: &UsageRecord) -> usage::UsageEvent {
    usage::UsageEvent {
        id: record.id,
        tenant: record.tenant,
        instance: record.instance,
        provider: record.provider.to_owned(),
        model: record.model.clone(),
        usage: record.usage,
        cost_nano_usd: record.cost_nano_usd,
        status: record.status,
        estimated: record.estimated,
        streamed: record.streamed,
        own_key: record.own_key,
        cause: record.cause,
        channel: record.channel.clone(),
        started_at: record.started_at,
        latency_ms: record.latency_ms,
        ttft_ms: record.ttft_ms,
    }
}
