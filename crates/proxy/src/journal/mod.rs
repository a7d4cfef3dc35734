//! What was reserved for each call and what became of it, on this machine's disk, so that a killed process loses nothing.
//!
//! Owns one directory: a lock, the replica's name, and segments of lines that are only ever appended to. A line is there, for every process after
//! this one, the moment [`Journal::reserve`] or one of its sisters returns: it was given to the kernel with one write(2). A thread makes lines
//! durable in groups every 50 ms, so only the machine's own end can take the last of them; [`Past::is_whole`] says whether it may have. A torn last line is a call that
//! never left. Damage elsewhere is reported and treated like a power loss. Must not know what a budget is, and holds no word of a prompt.

mod frame;
mod keeper;
mod line;
mod past;
mod pen;
mod place;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use creel_domain::{Entropy, UsageEventId};
use uuid::Uuid;

use self::{line::Entry, pen::Pen, place::Place};
use crate::{
    budget::{Claim, Head, Worst},
    ledger::UsageRecord,
};

pub use line::Line;
pub use past::{Chapter, Past};
pub(crate) use pen::Receipt;

/// Where and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory, of this process alone.
    pub dir: PathBuf,
    /// Name of the machine's boot: `/proc/sys/kernel/random/boot_id`.
    pub boot: String,
    /// Length from which on another segment is begun, bytes. Shorter is more files; longer is removed later.
    pub segment_bytes: u64,
    /// Length of all segments from which on no call is admitted, bytes: the database has been away for long.
    pub most_bytes: u64,
    /// How often lines are made durable. Longer loses more details in a power loss; shorter wears the disk.
    pub sync_every: Duration,
}

/// The journal of one process.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    keeper: Mutex<Option<JoinHandle<()>>>,
    /// Segments of earlier processes, until [`Journal::begin`].
    past: Vec<u64>,
}

#[derive(Debug)]
struct Shared {
    options: Options,
    place: Place,
    pen: Mutex<Pen>,
    /// Whether there are lines that are not durable yet.
    dirty: AtomicBool,
    stop: AtomicBool,
    keeper: std::sync::OnceLock<std::thread::Thread>,
}

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Two processes would spend the same slices of budget.
    #[error("another process works with the journal in {}", .dir.display())]
    Locked {
        /// The directory.
        dir: PathBuf,
    },
    /// The replica's name cannot be read; a fresh one would lose what is leased under the old one.
    #[error("{} does not hold the name of a replica", .path.display())]
    Replica {
        /// The file.
        path: PathBuf,
    },
    /// The disk says no.
    #[error("the journal cannot use {}", .path.display())]
    Disk {
        /// File or directory.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
}

/// Why a line was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppendError {
    #[error("the journal is not open")]
    Closed,
    #[error("the journal has reached its longest length")]
    Full,
    #[error("the line is too long")]
    TooLong,
    #[error("the disk does not take the journal's line")]
    Disk(#[source] io::Error),
}

// === impl Options ===

impl Options {
    /// The usual lengths, in this directory.
    pub fn new(dir: impl Into<PathBuf>, boot: impl Into<String>) -> Self {
        Self {
            dir: dir.into(),
            boot: boot.into(),
            segment_bytes: 8 * 1024 * 1024,
            most_bytes: 256 * 1024 * 1024,
            sync_every: Duration::from_millis(50),
        }
    }
}

// === impl OpenError ===

impl OpenError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { path, source }
    }
}

// === impl Journal ===

impl Journal {
    /// Takes the directory. Nothing can be written before [`Journal::begin`].
    ///
    /// # Errors
    /// When another process has it, or the disk says no.
    pub fn open(options: Options, entropy: &dyn Entropy) -> Result<Self, OpenError> {
        let place = Place::open(options.dir.clone(), entropy)?;
        let past = place.segments().map_err(OpenError::at(place.dir()))?;
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                place,
                pen: Mutex::default(),
                dirty: AtomicBool::default(),
                stop: AtomicBool::default(),
                keeper: std::sync::OnceLock::new(),
            }),
            keeper: Mutex::default(),
            past,
        })
    }

    /// What the database knows this directory by.
    pub fn replica(&self) -> Uuid {
        self.shared.place.replica
    }

    /// Removes the past, which is dealt with, and begins to write. Waits for the disk.
    ///
    /// # Errors
    /// When the disk says no; it may be tried again.
    pub fn begin(&self) -> io::Result<()> {
        // In their order: a line that takes another back must not go before it.
        for number in &self.past {
            self.shared.place.remove(*number)?;
        }
        self.shared.place.sync()?;
        let number = self.past.last().map_or(1, |last| last + 1);
        let (file, length) = self
            .shared
            .place
            .create(number, &self.shared.options.boot)?;
        let shared = Arc::clone(&self.shared);
        let keeper = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || keeper::run(&shared))?;
        let _first_time_only = self.shared.keeper.set(keeper.thread().clone());
        self.shared.pen().turn(number, file, length);
        *self.keeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(keeper);
        Ok(())
    }

    /// Notes what is reserved for a call that is about to leave.
    pub(crate) fn reserve(
        &self,
        head: &Head,
        worst: &Worst,
        claims: &[Claim],
    ) -> Result<(), AppendError> {
        let mut pen = self.shared.pen();
        if pen.total() >= self.shared.options.most_bytes {
            return Err(AppendError::Full);
        }
        pen.reserve(head.id, Entry::Reserve(head, worst, claims))?;
        drop(pen);
        self.shared.dirty();
        Ok(())
    }

    /// Notes what a call came to. Where the disk takes no line the call stays open: a restart then books it at its worst case, unless its event is there.
    pub(crate) fn settle(&self, record: &UsageRecord) -> Receipt {
        let done = self.shared.pen().settle(record.id, Entry::Settle(record));
        self.shared.dirty();
        done.unwrap_or_else(|why| {
            failed("settlement", &why);
            Receipt::Unwritten(record.id)
        })
    }

    /// Notes that a call never left.
    pub(crate) fn void(&self, id: UsageEventId) {
        let done = self.shared.pen().void(id);
        self.shared.dirty();
        if let Err(why) = done {
            failed("return", &why);
        }
    }

    /// These settlements are in the database.
    pub(crate) fn booked(&self, receipts: impl IntoIterator<Item = Receipt>) {
        let mut pen = self.shared.pen();
        for receipt in receipts {
            pen.booked(receipt);
        }
        let idle = pen.oldest_done().or(pen.oldest_held(keeper::BEHIND));
        drop(pen);
        if idle.is_some() {
            self.shared.dirty();
        }
    }

    /// Says that nothing is missing, makes it durable and ends. Waits for the disk.
    pub fn close(&self) {
        self.shared.stop();
        let keeper = self
            .keeper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(keeper) = keeper {
            let _panicked = keeper.join();
        }
        let mut pen = self.shared.pen();
        if pen.file().is_none() {
            return;
        }
        if let Err(why) = pen.write(Entry::Closed) {
            failed("end", &why);
        }
        if let Some(file) = pen.close() {
            self.shared.tell("made durable", file.sync_data());
        }
    }
}

impl Drop for Journal {
    /// As if the process had been killed: no last line.
    fn drop(&mut self) {
        self.shared.stop();
    }
}

fn failed(what: &'static str, why: &AppendError) {
    metrics::counter!("creel_journal_failures_total").increment(1);
    let source = std::error::Error::source(why).map(ToString::to_string);
    tracing::error!(error = %why, source, "the journal could not note a call's {what}: {why}");
}

// === impl Shared ===

impl Shared {
    fn pen(&self) -> MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the keeper, once for all lines until it has run.
    fn dirty(&self) {
        if !self.dirty.swap(true, Ordering::AcqRel)
            && let Some(keeper) = self.keeper.get()
        {
            keeper.unpark();
        }
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        if let Some(keeper) = self.keeper.get() {
            keeper.unpark();
        }
    }

    fn sync(&self) -> io::Result<()> {
        let file = self.pen().file();
        file.map_or(Ok(()), |file| file.sync_data())
    }

    fn tell(&self, what: &'static str, done: io::Result<()>) {
        if let Err(why) = done {
            metrics::counter!("creel_journal_failures_total").increment(1);
            tracing::error!(dir = %self.place.dir().display(), error = %why, "the journal could not be {what}: {why}");
        }
    }
}

#[cfg(test)]
mod tests;
