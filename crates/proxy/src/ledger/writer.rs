//! The receiving end: batches events into the database and tries again until it is back.

use std::{collections::HashMap, sync::Arc, time::Duration};

use creel_db::channel::Heard;
use creel_domain::{InstanceId, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{Misuse, Sink, SinkError, UsageRecord};
use crate::activity::{self, Note};

/// Rows per write.
const BATCH: usize = 256;
/// Longest time an event waits for company. Longer is lost in a crash; shorter is more transactions.
const LINGER: Duration = Duration::from_millis(100);
/// First and longest pause between attempts.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long after a stop is asked a failing database is still tried.
const LAST_WILL: Duration = Duration::from_secs(10);
/// How often what was heard is written. Rarer shows people old news; oftener is writes that nobody sees.
const ACTIVITY_EVERY: Duration = Duration::from_secs(1);
/// The same key on the same bridge is audited once in this time.
const MISUSE_EVERY: Duration = Duration::from_mins(1);

/// Writes what comes out of the queues.
pub(crate) struct Writer {
    pub(crate) sink: Arc<dyn Sink>,
    /// What is wrong with the database, for health.
    pub(crate) trouble: watch::Sender<Option<String>>,
    /// Cancelled when no new calls come: drain and end.
    pub(crate) drain: CancellationToken,
}

impl Writer {
    /// Runs until the queue is closed and empty.
    pub(crate) async fn usage(&self, mut records: mpsc::Receiver<UsageRecord>) {
        let mut batch = Vec::with_capacity(BATCH);
        while self.collect(&mut records, &mut batch).await {
            self.write(&batch).await;
            batch.clear();
        }
    }

    /// Fills `batch` with at least one event; false at the end.
    async fn collect(
        &self,
        records: &mut mpsc::Receiver<UsageRecord>,
        batch: &mut Vec<UsageRecord>,
    ) -> bool {
        let first = self.next(records).await;
        batch.extend(first);
        let full = Instant::now() + LINGER;
        while !batch.is_empty() && batch.len() < BATCH {
            match timeout_at(full, records.recv_many(batch, BATCH - batch.len())).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        metrics::gauge!("creel_usage_spool_records").set(count(batch.len() + records.len()));
        !batch.is_empty()
    }

    /// The next item; after a stop was asked, what is still queued or promised, then `None`.
    async fn next<T>(&self, queue: &mut mpsc::Receiver<T>) -> Option<T> {
        tokio::select! {
            item = queue.recv() => item,
            () = self.drain.cancelled(), if !queue.is_closed() => {
                queue.close();
                queue.recv().await
            }
        }
    }

    async fn write(&self, batch: &[UsageRecord]) {
        if let Err(SinkError::Refused(why)) = self.insist(batch).await {
            tracing::warn!(
                rows = batch.len(),
                error = %why,
                "a batch of usage events was refused; trying its rows one by one"
            );
            for record in batch {
                self.write_one(record).await;
            }
        }
    }

    async fn write_one(&self, record: &UsageRecord) {
        if let Err(SinkError::Refused(why)) = self.insist(std::slice::from_ref(record)).await {
            metrics::counter!("creel_usage_refused_total").increment(1);
            tracing::error!(
                instance = %record.instance, usage_event = %record.id, tokens = record.usage.total(), error = %why,
                "usage event {} was refused by the database and is lost", record.id
            );
        }
    }

    /// Tries until the database takes or refuses the rows, or until a stop has waited long enough.
    async fn insist(&self, batch: &[UsageRecord]) -> Result<(), SinkError> {
        let mut pause = PAUSE.0;
        let mut patience = LAST_WILL;
        loop {
            match self.sink.usage(batch).await {
                Err(SinkError::Unavailable(why)) => {
                    tracing::warn!(rows = batch.len(), error = %why, "usage events wait for the database");
                    self.trouble.send_replace(Some(why.to_string()));
                }
                done => {
                    self.trouble.send_replace(None);
                    return done;
                }
            }
            if self.drain.is_cancelled() {
                if patience.is_zero() {
                    tracing::error!(
                        rows = batch.len(),
                        "usage events are lost: stopped while the database is away"
                    );
                    return Ok(());
                }
                pause = pause.min(Duration::from_secs(1));
                patience = patience.saturating_sub(pause);
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// Runs until every sender is gone or a stop is asked.
    pub(crate) async fn misuse(&self, mut misuses: mpsc::Receiver<Misuse>) {
        let mut last: HashMap<(InstanceId, InstanceId), Timestamp> = HashMap::new();
        while let Some(misuse) = self.next(&mut misuses).await {
            let pair = (misuse.owner, misuse.shown_by);
            last.retain(|_, at| misuse.at.since(*at) < MISUSE_EVERY);
            if last.contains_key(&pair) {
                continue;
            }
            last.insert(pair, misuse.at);
            tracing::warn!(owner = %misuse.owner, shown_by = %misuse.shown_by,
                "the key of {} was shown on the bridge of {}", misuse.owner, misuse.shown_by);
            if let Err(why) = self.sink.misuse(&misuse).await {
                tracing::error!(error = %why, "the misuse could not be audited");
                last.remove(&pair);
            }
        }
    }
}

impl Writer {
    /// Merges notes and writes them, each instance at most once a second. What cannot be written is dropped: the next message tells the same.
    pub(crate) async fn activity(&self, mut notes: mpsc::Receiver<Note>) {
        while let Some((instance, heard)) = self.next(&mut notes).await {
            let mut merged = HashMap::from([(instance, heard)]);
            self.gather(&mut notes, &mut merged).await;
            if let Err(why) = self.sink.activity(&merged).await {
                tracing::warn!(instances = merged.len(), error = %why, "what was heard on channels was not noted");
            }
        }
    }

    async fn gather(
        &self,
        notes: &mut mpsc::Receiver<Note>,
        merged: &mut HashMap<InstanceId, Heard>,
    ) {
        let due = Instant::now() + ACTIVITY_EVERY;
        loop {
            tokio::select! {
                note = timeout_at(due, notes.recv()) => match note {
                    Ok(Some((instance, later))) => {
                        activity::merge(merged.entry(instance).or_default(), later);
                    }
                    Ok(None) | Err(_) => return,
                },
                () = self.drain.cancelled() => break,
            }
        }
        while let Ok((instance, later)) = notes.try_recv() {
            activity::merge(merged.entry(instance).or_default(), later);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge of a few thousand rows")]
fn count(rows: usize) -> f64 {
    rows as f64
}
