//! Finds the report in one JSON document of an answer: a whole answer, the data of one event, or Google's list of answers.
//!
//! Only places where a vendor reports are looked at. What a model wrote, and what an instance sent and the vendor repeats (metadata, the schemas of
//! tools), may spell `usage` as it likes.

use super::{
    key::Key,
    report::{Counts, Report, Tier, number},
};
use crate::llm::json::{Kind, Token, Visit};

/// Depths whose keys matter: Google's list, an answer in it, its report, a list of parts, a part.
const DEPTHS: u32 = 7;

/// Looks at one document.
#[derive(Debug, Default)]
pub(super) struct Finder {
    names: [Key; DEPTHS as usize],
    /// Depth of an answer's own members: 1, or 2 in a list.
    base: u32,
    /// Depth of the members of the report that is open.
    inside: Option<u32>,
    counts: Counts,
    passes: Counts,
    /// The pass that is open.
    pass: Counts,
    /// The kind of the part that is open, and its count.
    modality: Key,
    count: Option<u64>,
    found: Found,
    members: u32,
    tier: Option<Tier>,
    /// The last event of a stream.
    pub(super) ends: bool,
    /// An error instead of an answer.
    pub(super) failed: bool,
}

/// What is known of a report.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    /// It was there to its end.
    complete: bool,
    /// Another will follow.
    beginning: bool,
}

impl Finder {
    /// Hands over what was found in the document.
    pub(super) fn settle(&mut self, report: &mut Report) {
        if self.found.complete {
            report.merge(self.counts, self.passes, self.found.beginning);
            if let Some(tier) = self.tier {
                report.served(tier);
            }
        }
    }

    fn at(&self, depth: u32) -> Key {
        let index = depth.checked_sub(1).map(|index| index as usize);
        index
            .and_then(|index| self.names.get(index).copied())
            .unwrap_or_default()
    }

    fn name(&mut self, depth: u32, key: Key) {
        if let Some(name) = self.names.get_mut(depth as usize - 1) {
            *name = key;
        }
    }

    /// Whether a report may be a member at this depth.
    fn may_report(&self, depth: u32) -> bool {
        let carrier = self.at(self.base);
        match depth.checked_sub(self.base) {
            Some(0) => true,
            Some(1) => matches!(carrier, Key::Message | Key::Response | Key::Groq),
            Some(2) => carrier == Key::Choices,
            _ => false,
        }
    }

    /// A number or string of the report, by its distance from the report's own members.
    fn told(&mut self, inside: u32, depth: u32, token: Token<'_>) {
        let (parent, key) = (self.at(inside), self.at(depth));
        let number = number(token.bytes);
        match (depth - inside, parent) {
            (0, _) => self.counts.put(Key::Usage, key, number),
            (1, Key::InputParts | Key::OutputParts | Key::CacheCreation) => {
                self.counts.put(parent, key, number);
            }
            (2, Key::Iterations) => self.pass.put(Key::Usage, key, number),
            (2, _) if key == Key::Count => self.count = number,
            _ => {}
        }
    }

    /// A part of Google's lists, or a pass of Anthropic's, is over.
    fn part(&mut self, inside: u32) {
        let list = self.at(inside);
        if list == Key::Iterations {
            self.passes.add(std::mem::take(&mut self.pass));
        } else {
            self.counts.put(list, self.modality, self.count);
        }
        (self.modality, self.count) = (Key::Other, None);
    }

    fn word(&mut self, depth: u32, word: &[u8]) {
        if depth == self.base && self.at(depth) == Key::Type {
            let first = self.members == 1;
            self.failed |= first && word == b"error";
            self.ends |= matches!(
                word,
                b"message_stop"
                    | b"response.completed"
                    | b"response.incomplete"
                    | b"response.failed"
            );
        }
        let near = depth <= self.base + 1 && self.inside.is_none();
        if self.at(depth) == Key::ServiceTier && (near || self.inside == Some(depth)) {
            self.tier = Some(Tier::read(word));
        }
    }
}

impl Visit for Finder {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        let known = match self.inside {
            Some(_) => Key::of_report(key.bytes),
            None if depth <= self.base + 2 => Key::read(key.bytes),
            None => return,
        };
        if depth == self.base {
            self.members += 1;
        }
        self.name(depth, known);
    }

    fn string(&mut self, depth: u32, text: Token<'_>) {
        let part = self.inside.is_some_and(|inside| depth == inside + 2);
        if part && self.at(depth) == Key::Modality {
            self.modality = match text.bytes {
                b"AUDIO" => Key::Audio,
                b"IMAGE" => Key::Image,
                _ => Key::Other,
            };
        } else if depth <= DEPTHS {
            self.word(depth, text.bytes);
        }
        if depth == self.base && self.at(depth) == Key::Error {
            self.failed |= self.members == 1;
        }
    }

    fn scalar(&mut self, depth: u32, text: Token<'_>) {
        if let Some(inside) = self.inside {
            self.told(inside, depth, text);
        }
    }

    fn open(&mut self, depth: u32, kind: Kind, _: usize) {
        if depth == 1 {
            self.base = 1 + u32::from(kind == Kind::Array);
        }
        let member = depth - 1;
        let object = kind == Kind::Object && member > 0;
        if self.inside.is_none() && object {
            let key = self.at(member);
            if key == Key::Usage && self.may_report(member) {
                self.inside = Some(depth);
                self.found.beginning = member > self.base && self.at(self.base) == Key::Message;
            }
            self.failed |= key == Key::Error && member == self.base && self.members == 1;
        }
        if depth <= DEPTHS {
            self.name(depth, Key::Other);
        }
    }

    fn close(&mut self, depth: u32, kind: Kind, _: usize) {
        match self.inside {
            Some(inside) if depth == inside => {
                self.inside = None;
                self.found.complete = true;
            }
            Some(inside) if depth == inside + 2 && kind == Kind::Object => self.part(inside),
            _ => {}
        }
        if depth == self.base {
            self.members = 0;
        }
    }
}
