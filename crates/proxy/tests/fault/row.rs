//! One fault: what the vendor does, and what must come of it.

use std::time::Duration;

use bytes::Bytes;

use crate::{
    way::{INPUT, OUTPUT, Way},
    wire::{Script, Step},
};

/// How the client's answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// An error in the dialect's shape, whole.
    Error,
    /// What the vendor said and then one event with an error.
    LastEvent,
    /// A body that does not come to its end.
    Cut,
    /// All that the vendor said.
    Whole,
}

/// What is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Booked {
    Nothing,
    /// What the vendor told.
    Told(u64, u64),
    /// An estimate of both, within what was reserved.
    Guessed,
    /// Either of the two before.
    Near,
}

/// Where the call is led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    Stub,
    /// The stub's port, as if it spoke TLS.
    Tls,
    Other(&'static str),
}

/// A fault.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) way: Way,
    pub(crate) script: Script,
    pub(crate) base: Base,
    /// The stage with short times.
    pub(crate) hasty: bool,
    /// Text of the request, bytes.
    pub(crate) request: usize,
    pub(crate) status: u16,
    pub(crate) outcome: &'static str,
    pub(crate) end: End,
    pub(crate) booked: Booked,
}

impl Row {
    /// A vendor that gets through all the same.
    pub(crate) fn new(name: impl Into<String>, way: Way, steps: Vec<Step>) -> Self {
        Self {
            name: name.into(),
            way,
            script: Script { steps, deaf: false },
            base: Base::Stub,
            hasty: false,
            request: 5,
            status: 200,
            outcome: "ok",
            end: End::Whole,
            booked: Booked::Told(INPUT, OUTPUT),
        }
    }

    /// No answer begins.
    pub(crate) fn lost(self, status: u16, outcome: &'static str) -> Self {
        let (end, booked) = (End::Error, Booked::Guessed);
        Self {
            status,
            outcome,
            end,
            booked,
            ..self
        }
    }

    /// The vendor says no, or was not reached.
    pub(crate) fn free(self, status: u16, outcome: &'static str) -> Self {
        let (end, booked) = (End::Error, Booked::Nothing);
        Self {
            status,
            outcome,
            end,
            booked,
            ..self
        }
    }

    /// An answer that began ends badly.
    pub(crate) fn torn(self, outcome: &'static str) -> Self {
        let end = if self.way.streams() {
            End::LastEvent
        } else {
            End::Cut
        };
        Self {
            outcome,
            end,
            booked: Booked::Guessed,
            ..self
        }
    }

    /// It passes, and what it cost is an estimate.
    pub(crate) fn guessed(self) -> Self {
        Self {
            outcome: "estimated",
            booked: Booked::Guessed,
            ..self
        }
    }

    pub(crate) fn telling(self, input: u64, output: u64) -> Self {
        Self {
            booked: Booked::Told(input, output),
            ..self
        }
    }

    /// Or an estimate.
    pub(crate) fn near(self) -> Self {
        Self {
            booked: Booked::Near,
            ..self
        }
    }

    pub(crate) fn hasty(self) -> Self {
        Self {
            hasty: true,
            ..self
        }
    }

    pub(crate) fn deaf(mut self) -> Self {
        self.script.deaf = true;
        self
    }

    pub(crate) fn at(self, base: Base) -> Self {
        Self { base, ..self }
    }
}

// === what vendors say ===

pub(crate) fn say(bytes: impl Into<Bytes>) -> Step {
    Step::Say(bytes.into())
}

pub(crate) fn wait(ms: u64) -> Step {
    Step::Wait(Duration::from_millis(ms))
}

/// A head with these lines.
pub(crate) fn head(status: &str, lines: &[&str]) -> String {
    let mut head = format!("HTTP/1.1 {status}\r\n");
    for line in lines {
        head.extend([*line, "\r\n"]);
    }
    head + "\r\n"
}

/// The head of a stream in chunks.
pub(crate) fn events_head() -> String {
    head(
        "200 OK",
        &[
            "content-type: text/event-stream",
            "transfer-encoding: chunked",
        ],
    )
}

/// One chunk.
pub(crate) fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut all = format!("{:x}\r\n", bytes.len()).into_bytes();
    all.extend_from_slice(bytes);
    all.extend_from_slice(b"\r\n");
    all
}

pub(crate) const END: &str = "0\r\n\r\n";

/// A stream of these pieces, each a chunk, orderly to its end.
pub(crate) fn stream<B: AsRef<[u8]>>(pieces: impl IntoIterator<Item = B>) -> Vec<Step> {
    let mut all = open(pieces);
    all.push(say(END));
    all
}

/// The same, not ended.
pub(crate) fn open<B: AsRef<[u8]>>(pieces: impl IntoIterator<Item = B>) -> Vec<Step> {
    let mut all = vec![say(events_head())];
    all.extend(pieces.into_iter().map(|piece| say(chunk(piece))));
    all
}

/// An answer of known length.
pub(crate) fn document(status: &str, lines: &[&str], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let length = format!("content-length: {}", body.len());
    let mut all = head(status, &[lines, &[length.as_str()]].concat()).into_bytes();
    all.extend_from_slice(body);
    vec![say(all)]
}

pub(crate) const JSON: &[&str] = &["content-type: application/json"];

pub(crate) fn with(mut steps: Vec<Step>, more: impl IntoIterator<Item = Step>) -> Vec<Step> {
    steps.extend(more);
    steps
}
