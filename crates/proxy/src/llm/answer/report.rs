//! Usage out of whatever a vendor reports. Vendors' answers are hostile input: a number that is none is no number, never an error of ours.

use creel_domain::usage::Usage;

use super::key::Key;
use crate::llm::endpoint::{Dialect, Endpoint};

/// A count above this is nonsense and read as none: no call has a thousand million tokens.
const MOST: u64 = 1_000_000_000;

/// What has been reported so far in one answer. Vendors count upwards, so of two reports the larger number is right, field by field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    dialect: Dialect,
    /// Whether there is no output to be told.
    no_output: bool,
    counts: Counts,
    /// Sums of the passes that Anthropic made for one answer; its totals leave out those that shortened the context.
    passes: Counts,
    /// Whether a report came that is not only the beginning of one: Anthropic's first event already names an output, of one token.
    last: bool,
    /// Tier of service that was given.
    tier: Option<Tier>,
}

/// Tiers that have a price of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    Standard,
    Flex,
    Priority,
    Batch,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
    kept_5m: Option<u64>,
    kept_1h: Option<u64>,
    tool_input: Option<u64>,
    thoughts: Option<u64>,
    input_audio: Option<u64>,
    output_audio: Option<u64>,
    input_image: Option<u64>,
    output_image: Option<u64>,
}

// === impl Tier ===

impl Tier {
    /// As vendors write it; what is not known costs the usual price.
    pub(crate) fn read(text: &[u8]) -> Self {
        match text {
            b"flex" => Self::Flex,
            b"priority" => Self::Priority,
            b"batch" => Self::Batch,
            _ => Self::Standard,
        }
    }

    /// As price tables write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Standard => creel_domain::price::STANDARD,
            Self::Flex => "flex",
            Self::Priority => "priority",
            Self::Batch => "batch",
        }
    }
}

// === impl Counts ===

impl Counts {
    fn slot(&mut self, parent: Key, key: Key) -> Option<&mut Option<u64>> {
        Some(match (parent, key) {
            (Key::OutputParts, Key::Audio) => &mut self.output_audio,
            (Key::OutputParts, Key::Image) => &mut self.output_image,
            (Key::InputParts, Key::Audio) => &mut self.input_audio,
            (Key::InputParts, Key::Image) => &mut self.input_image,
            (_, Key::Input) => &mut self.input,
            (_, Key::Output) => &mut self.output,
            (_, Key::Total) => &mut self.total,
            (_, Key::CacheRead) => &mut self.cache_read,
            (_, Key::CacheWrite) => &mut self.cache_write,
            (_, Key::Kept5m) => &mut self.kept_5m,
            (_, Key::Kept1h) => &mut self.kept_1h,
            (_, Key::ToolInput) => &mut self.tool_input,
            (_, Key::Thoughts) => &mut self.thoughts,
            _ => return None,
        })
    }

    fn each(&mut self) -> [&mut Option<u64>; 13] {
        [
            &mut self.input,
            &mut self.output,
            &mut self.total,
            &mut self.cache_read,
            &mut self.cache_write,
            &mut self.kept_5m,
            &mut self.kept_1h,
            &mut self.tool_input,
            &mut self.thoughts,
            &mut self.input_audio,
            &mut self.output_audio,
            &mut self.input_image,
            &mut self.output_image,
        ]
    }

    /// Takes in one number; `parent` is the part of the report that it stands in.
    pub(super) fn put(&mut self, parent: Key, key: Key, number: Option<u64>) {
        if let (Some(slot), Some(number)) = (self.slot(parent, key), number) {
            raise(slot, number);
        }
    }

    /// Raises each count to the other's.
    fn raise(&mut self, mut other: Self) {
        for (mine, other) in self.each().into_iter().zip(other.each()) {
            if let Some(number) = *other {
                raise(mine, number);
            }
        }
    }

    /// Adds each count.
    pub(super) fn add(&mut self, mut other: Self) {
        for (mine, other) in self.each().into_iter().zip(other.each()) {
            if let Some(number) = *other {
                *mine = Some(mine.unwrap_or(0).saturating_add(number));
            }
        }
    }
}

fn raise(slot: &mut Option<u64>, number: u64) {
    *slot = Some(slot.unwrap_or(0).max(number));
}

/// A count, also one that a vendor's language writes as `12.0`.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let whole = match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok().filter(|number| *number <= MOST)
}

// === impl Report ===

impl Report {
    pub(super) fn new(endpoint: Endpoint, dialect: Dialect) -> Self {
        Self {
            dialect,
            no_output: endpoint == Endpoint::Embeddings,
            counts: Counts::default(),
            passes: Counts::default(),
            last: false,
            tier: None,
        }
    }

    /// Takes in one report; `beginning` says that another will follow.
    pub(super) fn merge(&mut self, counts: Counts, passes: Counts, beginning: bool) {
        self.counts.raise(counts);
        self.passes.raise(passes);
        self.last |= !beginning;
    }

    pub(super) fn served(&mut self, tier: Tier) {
        self.tier = Some(tier);
    }

    /// The tier that was given, where the vendor told.
    pub(crate) fn tier(&self) -> Option<Tier> {
        self.tier
    }

    /// Whether input and output are both known for good.
    pub(crate) fn complete(&self) -> bool {
        let output = self.counts.output.is_some() || self.counts.total.is_some() || self.no_output;
        self.last && self.counts.input.is_some() && output
    }

    /// The usage as reported; the estimates stand in where nothing was, and where more is probable.
    pub(crate) fn usage(&self, input_estimate: u64, output_estimate: u64) -> Usage {
        let mut counts = self.counts;
        counts.raise(self.passes);
        let usage = match self.dialect {
            Dialect::Anthropic => anthropic(&counts, input_estimate),
            Dialect::OpenAi | Dialect::Google => within(&counts, input_estimate),
        };
        let output = usage.output.max(output_estimate);
        bounded(Usage {
            output: if self.no_output { 0 } else { output },
            ..usage
        })
    }
}

/// Input that leaves the cached parts out.
fn anthropic(counts: &Counts, input_estimate: u64) -> Usage {
    let cache_read = counts.cache_read.unwrap_or(0);
    let kept_1h = counts.kept_1h.unwrap_or(0);
    let kept = counts.kept_5m.unwrap_or(0).saturating_add(kept_1h);
    let cache_write = counts.cache_write.unwrap_or(0).max(kept);
    Usage {
        input: counts.input.map_or(input_estimate, |input| {
            input.saturating_add(cache_read).saturating_add(cache_write)
        }),
        output: counts.output.unwrap_or(0),
        cache_read,
        cache_write,
        cache_write_1h: kept_1h,
        reasoning: counts.thoughts.unwrap_or(0),
        ..Usage::default()
    }
}

/// Input that counts the cached parts in. Thinking may stand beside the output (Gemini, xAI): then only the total tells it.
fn within(counts: &Counts, input_estimate: u64) -> Usage {
    let input = counts.input.map_or(input_estimate, |input| {
        input.saturating_add(counts.tool_input.unwrap_or(0))
    });
    let told = counts.output.unwrap_or(0);
    let by_total = counts.total.map_or(0, |total| total.saturating_sub(input));
    let beside = by_total.saturating_sub(told);
    Usage {
        input,
        output: told.max(by_total),
        cache_read: counts.cache_read.unwrap_or(0),
        cache_write: counts.cache_write.unwrap_or(0).max(
            counts
                .kept_5m
                .unwrap_or(0)
                .saturating_add(counts.kept_1h.unwrap_or(0)),
        ),
        cache_write_1h: counts.kept_1h.unwrap_or(0),
        reasoning: counts.thoughts.unwrap_or(0).max(beside),
        input_audio: counts.input_audio.unwrap_or(0),
        output_audio: counts.output_audio.unwrap_or(0),
        input_image: counts.input_image.unwrap_or(0),
        output_image: counts.output_image.unwrap_or(0),
    }
}

/// No part is more than its whole.
fn bounded(usage: Usage) -> Usage {
    let Usage { input, output, .. } = usage;
    let cache_write = usage.cache_write.min(input);
    Usage {
        cache_read: usage.cache_read.min(input),
        cache_write,
        cache_write_1h: usage.cache_write_1h.min(cache_write),
        reasoning: usage.reasoning.min(output),
        input_audio: usage.input_audio.min(input),
        output_audio: usage.output_audio.min(output),
        input_image: usage.input_image.min(input),
        output_image: usage.output_image.min(output),
        ..usage
    }
}
