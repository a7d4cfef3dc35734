//! Server-sent events as they pass. A line is read where it lies; one that a border cuts is walked in its parts. Nothing is copied but the first
//! bytes of a cut line.
//!
//! Nearly all events carry a word of text and no report; those are told by two searches and stepped over.

use memchr::memchr2;

use super::{Document, interest::Interest, report::Report};

/// How much of a line's beginning tells what it is.
const HEAD: usize = 96;
/// Most bytes of one event that count as text. A vendor repeats the whole request in some.
const TEXT: u64 = 4096;

/// Reads a stream.
#[derive(Debug)]
pub(super) struct Events {
    interest: Interest,
    line: Line,
    /// Bytes of the present line's data.
    length: usize,
    /// Its beginning, where a border cuts it.
    head: Vec<u8>,
    /// The document that the event's data is, while it is walked.
    document: Option<Document>,
    /// Whether the last line ended in a carriage return, whose newline may follow.
    returned: bool,
    done: bool,
    failed: bool,
    /// Events with text, their bytes, and those of the shortest, which is nearly all frame.
    texts: u64,
    bytes: u64,
    frame: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// So many bytes of `data:` were there.
    Start(usize),
    Data,
    Other,
}

const FIELD: &[u8] = b"data:";

impl Events {
    pub(super) fn new(interest: Interest) -> Self {
        Self {
            interest,
            line: Line::Start(0),
            length: 0,
            head: Vec::new(),
            document: None,
            returned: false,
            done: false,
            failed: false,
            texts: 0,
            bytes: 0,
            frame: u64::MAX,
        }
    }

    /// Takes in the next bytes, however they are split.
    pub(super) fn see(&mut self, mut chunk: &[u8], report: &mut Report) {
        while let Some(first) = chunk.first() {
            if std::mem::take(&mut self.returned) && *first == b'\n' {
                chunk = &chunk[1..];
                continue;
            }
            let Some(end) = memchr2(b'\n', b'\r', chunk) else {
                return self.part(chunk);
            };
            let (line, ending, after) = (&chunk[..end], chunk[end], &chunk[end + 1..]);
            self.returned = ending == b'\r';
            if self.line == Line::Start(0) {
                self.whole(line, blank_follows(after, ending), report);
            } else {
                self.part(line);
                self.end_line(report);
            }
            chunk = after;
        }
    }

    /// The stream is over; an event that nothing closes counts as well.
    pub(super) fn finish(&mut self, report: &mut Report) {
        self.end_line(report);
        self.end_event(report);
    }

    /// Whether the vendor said that this is the end.
    pub(super) fn done(&self) -> bool {
        self.done
    }

    /// Whether an event was an error.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// Probable tokens of the text that passed: one an event, and one more for every four bytes that an event is longer than its frame.
    pub(super) fn probable_output(&self) -> u64 {
        let frames = self.texts.saturating_mul(self.frame);
        self.texts + self.bytes.saturating_sub(frames) / 4
    }

    /// A line that lies in one chunk; `alone` says that the event ends behind it.
    fn whole(&mut self, line: &[u8], alone: bool, report: &mut Report) {
        if line.is_empty() {
            return self.end_event(report);
        }
        let Some(data) = line.strip_prefix(FIELD) else {
            return;
        };
        self.weigh(data, data.len());
        if self.document.is_none() && alone && !self.interest.in_data(data) {
            return;
        }
        self.walk(data);
    }

    /// A part of a line.
    fn part(&mut self, mut part: &[u8]) {
        while let (Line::Start(seen), Some(byte)) = (self.line, part.first()) {
            self.line = match FIELD.get(seen) {
                Some(wanted) if wanted == byte && seen + 1 == FIELD.len() => Line::Data,
                Some(wanted) if wanted == byte => Line::Start(seen + 1),
                _ => Line::Other,
            };
            part = &part[1..];
        }
        if self.line == Line::Data {
            let room = HEAD.saturating_sub(self.head.len());
            self.head.extend_from_slice(&part[..part.len().min(room)]);
            self.length += part.len();
            self.walk(part);
        }
    }

    fn end_line(&mut self, report: &mut Report) {
        match self.line {
            Line::Start(0) => self.end_event(report),
            Line::Data => {
                let head = std::mem::take(&mut self.head);
                self.weigh(&head, self.length);
                self.head = head;
            }
            _ => {}
        }
        self.head.clear();
        self.length = 0;
        self.line = Line::Start(0);
    }

    fn walk(&mut self, data: &[u8]) {
        let document = self.document.get_or_insert_default();
        document.see(data);
    }

    fn end_event(&mut self, report: &mut Report) {
        if let Some(mut document) = self.document.take() {
            document.finish(report);
            self.done |= document.ends();
            self.failed |= document.failed();
        }
    }

    /// Counts a line of data towards the estimate.
    fn weigh(&mut self, data: &[u8], length: usize) {
        let head = &data[..data.len().min(HEAD)];
        if head.trim_ascii() == b"[DONE]" {
            self.done = true;
        } else if self.interest.is_text(head) {
            let length = (length as u64).min(TEXT);
            self.texts += 1;
            self.bytes += length;
            self.frame = self.frame.min(length);
        }
    }
}

/// Whether an empty line comes next, so that the event is over.
fn blank_follows(after: &[u8], ending: u8) -> bool {
    let after = match after {
        [b'\n', rest @ ..] if ending == b'\r' => rest,
        all => all,
    };
    matches!(after.first(), Some(b'\n' | b'\r'))
}
