//! Book, journal and ledger as one thing: started in one order, ended in another.
//!
//! Owns the tasks that write. It must not know what a call is for. A crash at any moment is what the journal is for; an orderly end leaves nothing leased
//! and nothing unwritten, as far as the database answers.

use std::sync::Arc;

use creel_domain::Clock;
use tokio::sync::{mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    activity::Note,
    budget::{self, Book, Patience, Treasury},
    journal::Journal,
    ledger::{Ledger, Sink, Writer},
    snapshot::Snapshot,
};

/// What it works with.
pub struct Means {
    /// Limits of platform keys are read from it.
    pub snapshot: watch::Receiver<Arc<Snapshot>>,
    /// Where events end.
    pub sink: Arc<dyn Sink>,
    /// Where budget is leased.
    pub treasury: Arc<dyn Treasury>,
    /// This process's own, opened and not begun.
    pub journal: Journal,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How long is waited.
    pub patience: Patience,
}

/// The running parts. Dropping it leaves them running until the runtime ends.
#[derive(Debug)]
pub struct Accounting {
    book: Arc<Book>,
    ledger: Ledger,
    writer: Arc<Writer>,
    trouble: watch::Receiver<Option<String>>,
    writers: TaskTracker,
    /// Cancelled when no call is left: the writers end.
    drain: CancellationToken,
    lessee: TaskTracker,
    /// Cancelled when everything is booked: the leases end.
    end_leases: CancellationToken,
}

impl Accounting {
    /// Deals with what the last run left, then admits calls. Must be called inside a tokio runtime.
    pub fn start(means: Means) -> Self {
        let (ledger, queues) = Ledger::new();
        let (drain, end_leases) = (CancellationToken::new(), CancellationToken::new());
        let (writers, lessee) = (TaskTracker::new(), TaskTracker::new());
        let (trouble, trouble_seen) = watch::channel(None);
        let (sink, treasury) = (Arc::clone(&means.sink), Arc::clone(&means.treasury));
        let last_will = means.patience.last_will;
        let book = budget::start(means, ledger.clone(), &lessee, end_leases.clone());
        let writer = Arc::new(Writer {
            sink,
            book: Arc::clone(&book),
            treasury,
            trouble,
            drain: drain.clone(),
            last_will,
            given_up: CancellationToken::new(),
        });
        Arc::clone(&writer).start(queues, &writers);
        Self {
            book,
            ledger,
            writer,
            trouble: trouble_seen,
            writers,
            drain,
            lessee,
            end_leases,
        }
    }

    /// Where calls are admitted.
    pub fn book(&self) -> &Arc<Book> {
        &self.book
    }

    /// Where misuse of keys is reported.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Writes what is heard on channels too.
    pub(crate) fn note(&self, notes: mpsc::Receiver<Note>) {
        let writer = Arc::clone(&self.writer);
        self.writers
            .spawn(async move { writer.activity(notes).await });
    }

    /// Why usage events cannot be written at present, if so.
    pub fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.clone()
    }

    /// Returns when every event is written and every lease has ended, or the database has been waited for in vain: then the journal keeps what is left
    /// for the next start. No call may be left.
    pub async fn shutdown(self) {
        self.drain.cancel();
        self.writers.close();
        self.writers.wait().await;
        // Only now: what was booked last has left the leases.
        self.end_leases.cancel();
        self.lessee.close();
        self.lessee.wait().await;
        let closing = tokio::task::spawn_blocking(move || self.book.close());
        let _panicked = closing.await;
    }
}
