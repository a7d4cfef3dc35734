//! Budgets: before a call leaves, the most it can cost is taken from every limit that applies to it; when it ends, what it did cost is.
//!
//! Owns the slices of budget that this replica leased and their use, in memory and, line by line, in the journal. No SQL here and none on a call's way:
//! one task, the lessee, asks the treasury. **The promise:** what is settled, plus the worst case of what is not, never exceeds what was leased, and what is leased,
//! together with what is spent, never exceeds a limit, under any concurrency and any crash. A killed process loses nothing: its successor replays the
//! journal, books calls in flight at their worst case, and gives the rest back. After a power loss, where the last lines may be missing, the rest is
//! counted as spent. See docs/adr/0008.

mod accounts;
mod book;
mod lessee;
mod pot;
mod purse;
mod recovery;
mod refusal;
mod reservation;
mod treasury;

use std::sync::Arc;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{lessee::Lessee, recovery::Recovery};
use crate::{accounting::Means, ledger::Ledger};

pub use book::{Book, Patience};
pub use creel_db::budget::{Purse, Slice};
pub use purse::{Claim, Head, Promise, Settled, Worst};
pub use refusal::{Cap, Refusal};
pub use reservation::Reservation;
pub use treasury::{Ask, Exchange, MemoryTreasury, Treasury};

/// Starts a book: deals with the past, then admits calls, until `drain`; then gives everything back. Calls before that are told that Creel cannot check.
///
/// The tasks end after the ledger's writer: what it books must be known before the leases end.
pub(crate) fn start(
    setup: Means,
    ledger: Ledger,
    tasks: &TaskTracker,
    drain: CancellationToken,
) -> Arc<Book> {
    let book = Arc::new(Book::new(
        setup.journal,
        ledger,
        setup.snapshot,
        setup.patience,
    ));
    let recovery = Recovery {
        book: Arc::clone(&book),
        sink: setup.sink,
        treasury: Arc::clone(&setup.treasury),
    };
    let lessee = Lessee {
        book: Arc::clone(&book),
        treasury: setup.treasury,
        clock: setup.clock,
    };
    tasks.spawn(async move {
        let recovered = drain.run_until_cancelled(recovery.run()).await;
        if recovered.is_some() {
            lessee.run(drain).await;
        }
    });
    book
}

/// A book for tests that admit no call.
#[cfg(test)]
pub(crate) fn idle() -> Arc<Book> {
    let directory = tempfile::tempdir().unwrap();
    let options = crate::journal::Options::new(directory.path(), "boot");
    Arc::new(Book::new(
        crate::journal::Journal::open(options, &creel_domain::SystemEntropy).unwrap(),
        Ledger::new().0,
        tokio::sync::watch::channel(Arc::default()).1,
        Patience::default(),
    ))
}

#[cfg(test)]
mod tests;
