//! The sink over the database: one transaction per batch.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use creel_db::{Db, Error, audit, channel, channel::Heard, usage};
use creel_domain::{AuditId, Clock, Entropy, InstanceId, channel::ChannelKind};
use serde_json::json;

use super::{Misuse, Sink, SinkError, UsageRecord};

/// Writes events with `creel-db`.
pub struct DatabaseSink {
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl DatabaseSink {
    /// Over an open, migrated database. Time and randomness are for the ids of audit lines.
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { db, clock, entropy }
    }

    async fn insert(&self, events: &[usage::UsageEvent]) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        usage::insert_many(&transaction, events).await?;
        transaction.commit().await
    }

    async fn note(&self, heard: &HashMap<InstanceId, Heard>) -> creel_db::Result<()> {
        let transaction = self.db.begin().await?;
        for (instance, heard) in heard {
            channel::note_activity(&transaction, *instance, ChannelKind::Telegram, heard).await?;
        }
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
        let events: Vec<_> = records.iter().map(event).collect();
        match self.insert(&events).await {
            Ok(()) => Ok(()),
            // An id that is there was written by an attempt whose answer got lost. In a batch the others may be missing.
            Err(Error::Conflict(_)) if events.len() == 1 => Ok(()),
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

    async fn activity(&self, heard: &HashMap<InstanceId, Heard>) -> Result<(), SinkError> {
        self.note(heard)
            .await
            .map_err(|why| SinkError::Unavailable(why.into()))
    }
}

fn event(record: &UsageRecord) -> usage::UsageEvent {
    usage::UsageEvent {
        id: record.id,
        tenant: record.tenant,
        instance: record.instance,
        provider: record.provider.to_owned(),
        model: record.model.clone(),
        usage: record.usage,
        status: record.status,
        estimated: record.estimated,
        started_at: record.started_at,
        latency_ms: record.latency_ms,
    }
}
