//! The answer on its way back: what it costs is read while it passes, and it is passed on the moment it arrives.
//!
//! Owns counts and the beginnings of cut tokens; a line of a hundred megabytes is read in the memory of a short one. Must not change an answer, nor keep
//! what a model wrote. A crash loses the counts; the reservation in the journal stands for them.

mod events;
mod interest;
mod key;
mod relay;
mod report;
mod visit;

#[cfg(test)]
mod tests;

use creel_domain::usage::Usage;

use self::{events::Events, interest::Interest, report::Report, visit::Finder};
use super::{endpoint::Target, json::Walker};

pub(super) use self::{
    relay::{Patience, Relay, Source},
    report::Tier,
};

/// Reads usage from a passing body.
#[derive(Debug)]
pub(super) struct Scanner {
    report: Report,
    shape: Shape,
    free: bool,
}

#[derive(Debug)]
enum Shape {
    Events(Box<Events>),
    Document {
        document: Box<Document>,
        bytes: u64,
    },
    /// Compressed, although plain was asked for: passed on unread.
    Opaque {
        bytes: u64,
    },
}

/// One JSON document on its way.
#[derive(Debug, Default)]
struct Document {
    walker: Walker,
    finder: Finder,
    /// Not JSON any more; the rest is not looked at.
    broken: bool,
}

/// What an answer cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cost {
    pub(super) usage: Usage,
    /// Whether the vendor's word is missing, wholly or in part.
    pub(super) estimated: bool,
    /// The tier that was given, where the vendor told.
    pub(super) tier: Option<Tier>,
}

impl Cost {
    /// Of a call that left and was never heard of again.
    pub(super) fn estimated_input(input: u64) -> Self {
        Self {
            usage: Usage {
                input,
                ..Usage::default()
            },
            estimated: true,
            tier: None,
        }
    }
}

impl Scanner {
    /// For server-sent events.
    pub(super) fn events(target: Target<'_>) -> Self {
        let interest = Interest::new(target.endpoint, target.dialect());
        Self::new(target, Shape::Events(Box::new(Events::new(interest))))
    }

    /// For one JSON document.
    pub(super) fn document(target: Target<'_>) -> Self {
        let document = Box::default();
        Self::new(target, Shape::Document { document, bytes: 0 })
    }

    /// For what cannot be read.
    pub(super) fn opaque(target: Target<'_>) -> Self {
        Self::new(target, Shape::Opaque { bytes: 0 })
    }

    fn new(target: Target<'_>, shape: Shape) -> Self {
        Self {
            report: Report::new(target.endpoint, target.dialect()),
            shape,
            free: target.endpoint.is_free(),
        }
    }

    /// Takes in the next bytes, however they are split.
    pub(super) fn see(&mut self, chunk: &[u8]) {
        match &mut self.shape {
            Shape::Events(events) => events.see(chunk, &mut self.report),
            Shape::Document { document, bytes } => {
                *bytes += chunk.len() as u64;
                document.see(chunk);
            }
            Shape::Opaque { bytes } => *bytes += chunk.len() as u64,
        }
    }

    /// Whether the vendor said that it is done and what it took, so that nothing more need be waited for.
    pub(super) fn done(&self) -> bool {
        match &self.shape {
            Shape::Events(events) => events.done() && (self.free || self.report.complete()),
            Shape::Document { .. } | Shape::Opaque { .. } => false,
        }
    }

    /// Whether the answer says that it is an error.
    pub(super) fn failed(&self) -> bool {
        match &self.shape {
            Shape::Events(events) => events.failed(),
            Shape::Document { document, .. } => document.failed(),
            Shape::Opaque { .. } => false,
        }
    }

    /// What it cost, now that no more will come; `orderly` says that the vendor ended it, `most` is the largest output that may be guessed.
    pub(super) fn cost(&mut self, orderly: bool, input_estimate: u64, most: u64) -> Cost {
        let done = self.done();
        match &mut self.shape {
            Shape::Events(events) => events.finish(&mut self.report),
            Shape::Document { document, .. } => document.finish(&mut self.report),
            Shape::Opaque { .. } => {}
        }
        let known = self.report.complete() && (orderly || done);
        let probable = if known {
            0
        } else {
            self.probable_output().min(most)
        };
        let usage = self.report.usage(input_estimate, probable);
        Cost {
            usage: if self.free { Usage::default() } else { usage },
            estimated: !known && !self.free,
            tier: self.report.tier(),
        }
    }

    /// Text of JSON is about four bytes a token, and packed to about a quarter.
    fn probable_output(&self) -> u64 {
        match &self.shape {
            Shape::Events(events) => events.probable_output(),
            Shape::Document { bytes, .. } => bytes / 4,
            Shape::Opaque { bytes } => *bytes,
        }
    }
}

impl Document {
    fn see(&mut self, chunk: &[u8]) {
        self.broken = self.broken || self.walker.feed(chunk, &mut self.finder).is_err();
    }

    fn finish(&mut self, report: &mut Report) {
        self.finder.settle(report);
    }

    fn ends(&self) -> bool {
        self.finder.ends
    }

    fn failed(&self) -> bool {
        self.finder.failed
    }
}
