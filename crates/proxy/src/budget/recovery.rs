//! The first thing a proxy does: what an earlier process reserved and did not settle is booked, what it leased goes back.
//!
//! Each step may be done twice: events have ids, and leases that ended are gone. So a crash in here is cured by starting again.

use std::{collections::HashMap, io, sync::Arc, time::Duration};

use creel_domain::UsageEventId;
use tokio::{task::spawn_blocking, time::sleep};

use super::{Book, Promise, Treasury, reservation};
use crate::{
    journal::{Chapter, Line, Past},
    ledger::{Sink, SinkError, UsageRecord},
};

/// Records in one write.
const BATCH: usize = 256;
/// First and longest pause between attempts.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));

/// Deals with the past.
pub(super) struct Recovery {
    pub(super) book: Arc<Book>,
    pub(super) sink: Arc<dyn Sink>,
    pub(super) treasury: Arc<dyn Treasury>,
}

/// What was found.
#[derive(Debug, Default)]
struct Found {
    /// Reserved, and neither settled nor void so far.
    open: HashMap<UsageEventId, Promise>,
    settled: usize,
}

impl Recovery {
    /// Returns when calls may be admitted.
    pub(super) async fn run(self) {
        let whole = self.replay().await;
        let mut retry = Retry(PAUSE.0);
        while let Err(why) = self.treasury.release(!whole).await {
            retry.after(&why).await;
        }
        self.disk(|book| book.journal.begin()).await;
        self.book.open();
    }

    /// Books what is to be booked; whether the journal told everything.
    async fn replay(&self) -> bool {
        let (mut past, mut found) = (Past::default(), Found::default());
        loop {
            let read = move |book: &Book| {
                let mut next = past;
                let chapter = next.next_chapter(&book.journal)?;
                Ok((next, chapter))
            };
            let (next, chapter) = self.disk(read).await;
            past = next;
            let Some(chapter) = chapter else {
                break;
            };
            self.book_all(&found.take(chapter)).await;
        }
        let lost: Vec<_> = found.open.into_values().collect();
        self.tell(found.settled, lost.len(), past.is_whole());
        let lost: Vec<_> = lost.into_iter().map(reservation::lost_record).collect();
        self.book_all(&lost).await;
        past.is_whole()
    }

    fn tell(&self, settled: usize, lost: usize, whole: bool) {
        metrics::counter!("creel_journal_lost_calls_total").increment(lost as u64);
        if lost > 0 {
            tracing::warn!(
                settled,
                lost,
                "Creel was stopped during {lost} model calls; they are booked at the most they can have cost"
            );
        }
        if !whole {
            tracing::warn!(replica = %self.book.journal.replica(), "lines of the journal may be missing; what was leased counts as spent");
        }
    }

    async fn book_all(&self, records: &[UsageRecord]) {
        for batch in records.chunks(BATCH) {
            let mut retry = Retry(PAUSE.0);
            while let Err(why) = self.sink.usage(batch).await {
                if let SinkError::Refused(why) = why {
                    tracing::error!(rows = batch.len(), error = %why, "usage events of the last run were refused and are lost");
                    break;
                }
                retry.after(&why).await;
            }
            self.treasury.booked(batch).await;
        }
    }

    /// Asks the disk until it answers.
    async fn disk<T: Send + 'static>(
        &self,
        ask: impl Fn(&Book) -> io::Result<T> + Clone + Send + 'static,
    ) -> T {
        loop {
            let (book, ask) = (Arc::clone(&self.book), ask.clone());
            match spawn_blocking(move || ask(&book)).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(why)) => {
                    tracing::error!(error = %why, "the journal cannot be used: {why}");
                }
                Err(why) => tracing::error!(error = %why, "the journal cannot be used"),
            }
            sleep(PAUSE.1).await;
        }
    }
}

impl Found {
    /// Adds a segment; returns what was settled in it.
    fn take(&mut self, chapter: Chapter) -> Vec<UsageRecord> {
        let mut records = Vec::new();
        for line in chapter.lines {
            match line {
                Line::Reserve(promise) => {
                    self.open.insert(promise.head.id, promise);
                }
                Line::Settle(record) => {
                    self.open.remove(&record.id);
                    records.push(record);
                }
                Line::Void(id) => {
                    self.open.remove(&id);
                }
                Line::Closed => {}
            }
        }
        self.settled += records.len();
        records
    }
}

/// The pause before the next attempt.
struct Retry(Duration);

impl Retry {
    async fn after(&mut self, why: &SinkError) {
        tracing::warn!(error = ?why, "what the last run left waits for the database, and no call is admitted before");
        sleep(self.0).await;
        self.0 = (self.0 * 2).min(PAUSE.1);
    }
}
