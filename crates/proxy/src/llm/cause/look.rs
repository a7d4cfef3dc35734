//! What is known about a call before it leaves.

use bytes::Bytes;
use http::HeaderMap;

use super::{
    Clues, Origin, Watch,
    print::{Print, copy},
    read,
    runtime::{REACH, Runtime},
    watch::{Prompt, Span},
};

/// Bytes at a prompt's end that are looked at: both clocks of a prompt that nobody wrote.
const CLOCKS: usize = 160;

/// A call, as far as cause and habits are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) origin: Origin,
    /// The trace that OpenClaw names: one for all calls of a turn, its retries and its sub-agents.
    pub(crate) trace: Option<u128>,
    /// A hash of the session's name; 0 where none is told.
    pub(crate) session: u64,
    /// Fingerprint of the prompt and the last step.
    pub(crate) print: u64,
    /// Whether no tool has answered since the prompt: the first call of a turn.
    pub(crate) fresh: bool,
    /// Whether there is a prompt at all.
    pub(crate) prompted: bool,
}

impl Watch {
    /// Reads the places that were noted. `body` is what was scanned, in its pieces.
    pub(crate) fn look(&self, headers: &HeaderMap, body: &[Bytes]) -> Look {
        let (mut prompt_end, mut line) = (Vec::new(), Vec::new());
        if let Some(prompt) = self.prompt {
            copy(body, end(prompt.text, CLOCKS), &mut prompt_end);
        }
        let runtime = self.runtime(body, &mut line);
        let clues = Clues {
            headers,
            told: self.prompt.map(|prompt| prompt.told),
            prompt_end: &prompt_end,
            runtime,
        };
        Look {
            origin: read(&clues),
            trace: trace(headers),
            session: runtime.map_or(0, |runtime| hash(runtime.session)),
            print: self.print(body),
            fresh: self.results.is_empty(),
            prompted: self.prompt.is_some(),
        }
    }

    /// OpenClaw puts the line at the end of the system prompt, or of the first message where that keeps the vendor's cache warm.
    fn runtime<'a>(&self, body: &[Bytes], line: &'a mut Vec<u8>) -> Option<Runtime<'a>> {
        for place in [self.first, self.system].into_iter().flatten() {
            copy(body, end(place, REACH), line);
            if Runtime::find(line).is_some() {
                break;
            }
        }
        Runtime::find(line)
    }

    fn print(&self, body: &[Bytes]) -> u64 {
        let mut print = Print::default();
        if let Some(Prompt { text, .. }) = self.prompt {
            print.loose(body, text);
        }
        for call in &self.calls {
            print.exact(body, *call);
        }
        for result in &self.results {
            print.loose(body, *result);
        }
        print.finish()
    }
}

fn end(span: Span, most: usize) -> Span {
    Span {
        from: span.from.max(span.to.saturating_sub(most)),
        to: span.to,
    }
}

/// `00-<32 hex digits>-<16 hex digits>-<flags>`.
fn trace(headers: &HeaderMap) -> Option<u128> {
    let parent = headers.get("traceparent")?.to_str().ok()?;
    let id = parent.strip_prefix("00-")?.get(..32)?;
    u128::from_str_radix(id, 16).ok().filter(|id| *id != 0)
}

fn hash(bytes: &[u8]) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
