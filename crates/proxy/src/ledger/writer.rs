//! The receiving end: batches events into the database and tries again until it is back.

use std::{collections::HashMap, sync::Arc, time::Duration};

use creel_db::{channel::Heard, pause::Pause};
use creel_domain::{InstanceId, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Entry, Misuse, Queues, Sink, SinkError, UsageRecord};
use crate::{
    activity::{self, Note},
    budget::{Book, Treasury},
    journal::Receipt,
};

/// Rows per write.
const BATCH: usize = 256;
/// Longest time an event waits for company. Longer shows people old figures; shorter is more transactions.
const LINGER: Duration = Duration::from_millis(100);
/// First and longest pause between attempts.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How often what was heard is written. Rarer shows people old news; oftener is writes that nobody sees.
const ACTIVITY_EVERY: Duration = Duration::from_secs(1);
/// The same key on the same bridge is audited once in this time.
const MISUSE_EVERY: Duration = Duration::from_mins(1);

/// Writes what comes out of the queues.
pub(crate) struct Writer {
    pub(crate) sink: Arc<dyn Sink>,
    /// Told what is booked.
    pub(crate) book: Arc<Book>,
    /// Told too, for one that shares no transaction with the sink.
    pub(crate) treasury: Arc<dyn Treasury>,
    /// What is wrong with the database, for health.
    pub(crate) trouble: watch::Sender<Option<String>>,
    /// Cancelled when no new calls come: drain and end.
    pub(crate) drain: CancellationToken,
    /// How long after a stop is asked a failing database is still tried.
    pub(crate) last_will: Duration,
    /// Cancelled when the database was waited for in vain after that.
    pub(crate) given_up: CancellationToken,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// How a write ended.
enum Written {
    Yes,
    /// Later, by whoever reads the journal next.
    No,
}

impl Writer {
    /// Starts the tasks that write.
    pub(crate) fn start(self: Arc<Self>, queues: Queues, tasks: &TaskTracker) {
        let usage = Arc::clone(&self);
        tasks.spawn(async move { usage.usage(queues.usage).await });
        let pausing = Arc::clone(&self);
        tasks.spawn(async move { pausing.pauses(queues.pauses).await });
        tasks.spawn(async move { self.misuse(queues.misuse).await });
    }

    /// Runs until the queue is closed and empty.
    pub(crate) async fn usage(&self, mut entries: mpsc::Receiver<Entry>) {
        let mut batch = Vec::with_capacity(BATCH);
        while self.collect(&mut entries, &mut batch).await {
            let entries = batch.drain(..).map(|entry| (entry.record, entry.receipt));
            let (records, receipts): (Vec<_>, Vec<_>) = entries.unzip();
            self.write(&records, &receipts).await;
        }
    }

    /// Fills `batch` with at least one event; false at the end.
    async fn collect(&self, entries: &mut mpsc::Receiver<Entry>, batch: &mut Vec<Entry>) -> bool {
        let first = self.next(entries).await;
        batch.extend(first);
        let full = Instant::now() + LINGER;
        while !batch.is_empty() && batch.len() < BATCH {
            match timeout_at(full, entries.recv_many(batch, BATCH - batch.len())).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        metrics::gauge!("creel_usage_spool_records").set(count(batch.len() + entries.len()));
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

    async fn write(&self, batch: &[UsageRecord], receipts: &[Receipt]) {
        match self.insist(batch).await {
            Ok(Written::Yes) => self.booked(batch, receipts).await,
            Ok(Written::No) => {}
            Err(why) => {
                tracing::warn!(
                    rows = batch.len(),
                    error = %why,
                    "a batch of usage events was refused; trying its rows one by one"
                );
                for (record, receipt) in batch.iter().zip(receipts) {
                    self.write_one(record, *receipt).await;
                }
            }
        }
    }

    async fn write_one(&self, record: &UsageRecord, receipt: Receipt) {
        match self.insist(std::slice::from_ref(record)).await {
            Ok(Written::Yes) => self.booked(std::slice::from_ref(record), &[receipt]).await,
            Ok(Written::No) => {}
            Err(why) => {
                // The journal need not keep what will never be taken. What was leased for it stays spent until the next start.
                self.book.journal().booked([receipt]);
                metrics::counter!("creel_usage_refused_total").increment(1);
                tracing::error!(
                    instance = %record.instance, usage_event = %record.id, tokens = record.usage.total(), error = %why,
                    "usage event {} was refused by the database and is lost", record.id
                );
            }
        }
    }

    async fn booked(&self, batch: &[UsageRecord], receipts: &[Receipt]) {
        self.treasury.booked(batch).await;
        self.book.booked(batch);
        self.book.journal().booked(receipts.iter().copied());
    }

    /// Tries until the database takes or refuses the rows, or until a stop has waited long enough.
    async fn insist(&self, batch: &[UsageRecord]) -> Result<Written, SinkError> {
        let mut pause = PAUSE.0;
        let mut patience = self.last_will;
        loop {
            match self.sink.usage(batch).await {
                Err(SinkError::Unavailable(why)) => {
                    tracing::warn!(rows = batch.len(), error = %why, "usage events wait for the database");
                    self.trouble.send_replace(Some(why.to_string()));
                }
                done => {
                    self.trouble.send_replace(None);
                    return done.map(|()| Written::Yes);
                }
            }
            if self.drain.is_cancelled() {
                if patience.is_zero() || self.given_up.is_cancelled() {
                    self.given_up.cancel();
                    tracing::warn!(
                        rows = batch.len(),
                        "stopped while the database is away: usage events stay in the journal for the next start"
                    );
                    return Ok(Written::No);
                }
                pause = pause.min(Duration::from_secs(1));
                patience = patience.saturating_sub(pause);
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// Writes pauses, each once; one that fails is found again by whoever asked for it.
    async fn pauses(&self, mut pauses: mpsc::Receiver<Pause>) {
        while let Some(pause) = self.next(&mut pauses).await {
            let instance = pause.instance;
            tracing::warn!(%instance, "model calls of {instance} are paused: {}", pause.detail);
            if let Err(why) = self.sink.pause(&pause).await {
                tracing::error!(%instance, error = %why, "the pause of {instance} could not be written");
            }
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
