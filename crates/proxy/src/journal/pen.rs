//! The writing end: one write(2) a line, and the count of what still needs each segment.
//!
//! Segments go in the order in which they came, never one from the middle: a `Void` line must outlive the `Reserve` line that it takes back.

use std::{
    collections::{HashMap, VecDeque},
    fs::File,
    io::{self, Write as _},
    sync::Arc,
};

use creel_domain::UsageEventId;

use super::{AppendError, frame, line::Entry};

/// The writing end. Under the journal's mutex.
#[derive(Debug, Default)]
pub(super) struct Pen {
    /// The segment that is written; none before the past is dealt with and after the end.
    file: Option<Arc<File>>,
    /// Where the segment's last whole line ends.
    length: u64,
    /// Whether half a line lies there that could not be taken back: the next line goes to another segment.
    torn: bool,
    bytes: Vec<u8>,
    /// Calls that are neither settled nor void, and the segment of their line.
    open: HashMap<UsageEventId, u64>,
    tallies: VecDeque<Tally>,
}

/// One segment and what needs it.
#[derive(Debug)]
struct Tally {
    number: u64,
    bytes: u64,
    /// Calls in flight whose line lies here.
    open: usize,
    /// Settlements here that are not in the database yet.
    unbooked: usize,
}

/// Says which settlement was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// Its line lies in this segment.
    Line(u64),
    /// The disk took no line; the call counts as open for the journal.
    Unwritten(UsageEventId),
}

impl Pen {
    /// Writes into another segment from now on; returns the one before.
    pub(super) fn turn(&mut self, number: u64, file: File, length: u64) -> Option<Arc<File>> {
        self.length = length;
        self.torn = false;
        self.tallies.push_back(Tally {
            number,
            bytes: length,
            open: 0,
            unbooked: 0,
        });
        self.file.replace(Arc::new(file))
    }

    pub(super) fn close(&mut self) -> Option<Arc<File>> {
        self.file.take()
    }

    pub(super) fn file(&self) -> Option<Arc<File>> {
        self.file.clone()
    }

    /// Whether the segment that is written should be the last of its length.
    pub(super) fn is_full(&self, bytes: u64) -> bool {
        self.file.is_some() && (self.torn || self.length >= bytes)
    }

    /// Bytes of all segments.
    pub(super) fn total(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.bytes).sum()
    }

    /// Number of the segment that is written.
    pub(super) fn number(&self) -> u64 {
        self.tallies.back().map_or(0, |tally| tally.number)
    }

    pub(super) fn reserve(
        &mut self,
        id: UsageEventId,
        entry: Entry<'_>,
    ) -> Result<(), AppendError> {
        let segment = self.write(entry)?;
        self.open.insert(id, segment);
        self.tally(segment, |tally| tally.open += 1);
        Ok(())
    }

    pub(super) fn settle(
        &mut self,
        id: UsageEventId,
        entry: Entry<'_>,
    ) -> Result<Receipt, AppendError> {
        let segment = self.write(entry)?;
        self.end(id);
        self.tally(segment, |tally| tally.unbooked += 1);
        Ok(Receipt::Line(segment))
    }

    pub(super) fn void(&mut self, id: UsageEventId) -> Result<(), AppendError> {
        self.write(Entry::Void(id))?;
        self.end(id);
        Ok(())
    }

    /// The event is in the database.
    pub(super) fn booked(&mut self, receipt: Receipt) {
        match receipt {
            Receipt::Line(segment) => self.tally(segment, |tally| {
                tally.unbooked = tally.unbooked.saturating_sub(1);
            }),
            Receipt::Unwritten(id) => self.end(id),
        }
    }

    pub(super) fn write(&mut self, entry: Entry<'_>) -> Result<u64, AppendError> {
        frame::begin(&mut self.bytes);
        let written = entry.write(&mut self.bytes);
        if written.is_err() || frame::finish(&mut self.bytes).is_none() {
            return Err(AppendError::TooLong);
        }
        let bytes = std::mem::take(&mut self.bytes);
        let done = self.append(&bytes);
        self.bytes = bytes;
        done
    }

    /// Copies a line of the oldest segment to the newest while its call is still open, so that one long call does not hold all segments.
    pub(super) fn carry(&mut self, id: UsageEventId, from: u64, line: Entry<'_>) {
        if self.open.get(&id) != Some(&from) {
            return;
        }
        if let Ok(segment) = self.write(line) {
            self.end(id);
            self.open.insert(id, segment);
            self.tally(segment, |tally| tally.open += 1);
        }
    }

    /// The oldest segment, if nothing needs it any more.
    pub(super) fn oldest_done(&self) -> Option<u64> {
        let oldest = self.tallies.front()?;
        let done = self.tallies.len() > 1 && oldest.open == 0 && oldest.unbooked == 0;
        done.then_some(oldest.number)
    }

    /// The oldest segment, if only calls in flight need it and this many came after it.
    pub(super) fn oldest_held(&self, behind: usize) -> Option<u64> {
        let oldest = self.tallies.front()?;
        let held = self.tallies.len() > behind && oldest.open > 0 && oldest.unbooked == 0;
        held.then_some(oldest.number)
    }

    pub(super) fn forget_oldest(&mut self) {
        self.tallies.pop_front();
    }

    fn append(&mut self, bytes: &[u8]) -> Result<u64, AppendError> {
        let Some(file) = self.file.as_ref().filter(|_| !self.torn) else {
            return Err(AppendError::Closed);
        };
        if let Err(why) = (&mut &**file).write_all(bytes) {
            return Err(self.take_back(why));
        }
        let length = bytes.len() as u64;
        self.length += length;
        let segment = self.number();
        self.tally(segment, |tally| tally.bytes += length);
        Ok(segment)
    }

    /// Half a line in the middle of a segment would hide what comes after it.
    fn take_back(&mut self, why: io::Error) -> AppendError {
        let cut = self
            .file
            .as_ref()
            .map_or(Ok(()), |file| file.set_len(self.length));
        self.torn = cut.is_err();
        AppendError::Disk(why)
    }

    fn end(&mut self, id: UsageEventId) {
        if let Some(segment) = self.open.remove(&id) {
            self.tally(segment, |tally| tally.open = tally.open.saturating_sub(1));
        }
    }

    /// Numbers follow each other, so a segment's place is its distance from the first.
    fn tally(&mut self, number: u64, change: impl FnOnce(&mut Tally)) {
        let first = self.tallies.front().map_or(0, |tally| tally.number);
        let at = number
            .checked_sub(first)
            .and_then(|at| usize::try_from(at).ok());
        if let Some(tally) = at.and_then(|at| self.tallies.get_mut(at)) {
            change(tally);
        }
    }
}
