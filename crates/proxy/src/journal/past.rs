//! What an earlier process left: its lines, and whether all of them are there.

use std::io;

use super::{
    Journal, Line,
    frame::{self, Found},
    line::{Title, VERSION},
    place::Place,
};

/// One segment, read.
#[derive(Debug, Default)]
pub struct Chapter {
    /// Its lines in their order.
    pub lines: Vec<Line>,
    /// Whether there are bytes that are no line, or lines that this version cannot read.
    pub corrupt: bool,
    /// Whether it was written under another boot of the machine.
    pub other_boot: bool,
}

/// Reads what earlier processes left, segment by segment.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    read: usize,
    whole: bool,
    same_boot: bool,
    closed: bool,
}

// === impl Past ===

impl Default for Past {
    fn default() -> Self {
        Self {
            read: 0,
            whole: true,
            same_boot: true,
            closed: false,
        }
    }
}

impl Past {
    /// The next segment; `None` after the last. Waits for the disk.
    ///
    /// # Errors
    /// When the disk says no; the same segment is tried again by the next call.
    pub fn next_chapter(&mut self, journal: &Journal) -> io::Result<Option<Chapter>> {
        let Some(number) = journal.past.get(self.read) else {
            return Ok(None);
        };
        let shared = &journal.shared;
        let last = self.read + 1 == journal.past.len();
        let chapter = Chapter::read(&shared.place, *number, last, &shared.options.boot)?;
        self.read += 1;
        self.whole &= !chapter.corrupt;
        self.same_boot &= !chapter.other_boot;
        self.closed = chapter.lines.last() == Some(&Line::Closed);
        Ok(Some(chapter))
    }

    /// Whether, once all is read, every line that was ever written is known to have been among them.
    pub fn is_whole(&self) -> bool {
        self.read > 0 && self.whole && (self.same_boot || self.closed)
    }
}

// === impl Chapter ===

impl Chapter {
    /// Reads a segment. Only the last one may end in the middle of a line.
    pub(super) fn read(place: &Place, number: u64, last: bool, boot: &str) -> io::Result<Self> {
        let bytes = place.read(number)?;
        let mut chapter = Self::default();
        let mut found = frame::read(&bytes);
        match found.next() {
            Some(Found::Line(title)) => chapter.entitle(title, place, boot),
            // The file was made and the process ended before its first line.
            None | Some(Found::Torn(_)) if last => return Ok(chapter),
            _ => chapter.corrupt = true,
        }
        for found in found {
            chapter.add(&found, last, number);
        }
        Ok(chapter)
    }

    fn entitle(&mut self, title: &[u8], place: &Place, boot: &str) {
        match Title::read(title) {
            Some(title) if title.version == VERSION && title.replica == place.replica => {
                self.other_boot = title.boot != boot;
            }
            _ => self.corrupt = true,
        }
    }

    fn add(&mut self, found: &Found<'_>, last: bool, segment: u64) {
        match found {
            Found::Line(bytes) => match Line::read(bytes) {
                Some(line) => self.lines.push(line),
                None => self.corrupt = true,
            },
            Found::Torn(at) if last => {
                tracing::info!(
                    segment,
                    at,
                    "the last line of the journal is torn: its call never left"
                );
            }
            Found::Torn(at) | Found::Corrupt(at) => {
                tracing::error!(
                    segment,
                    at,
                    "segment {segment} of the journal is damaged at byte {at}"
                );
                self.corrupt = true;
            }
        }
    }
}
