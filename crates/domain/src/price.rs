//! What model calls cost, in whole nano-dollars: prices by vendor, model, tier and time, and the cost of one call.
//!
//! The shipped rows are data (`data/prices.json`), each with its public source. Rows of the operator stand beside them and win. A price is applied
//! when a call is booked and never again: a later row changes nothing that was. Where nobody told us a price there is none; such a call is booked
//! at no cost, and whoever asks is told that the price is unknown. Nothing is kept here, so nothing is lost in a crash.
//!
//! The file was made from packages that ship the vendors' published prices: `openclaw` 2026.9.6 of npm for the models that it has; `litellm` 1.109.1 of
//! PyPI (`model_prices_and_context_window_backup.json`) for the other vendors and models, for service tiers, long calls, an hour in the cache, audio and
//! images, and where a price has changed since; `model-prices` 0.0.5 of PyPI for the moment of such a change; `genai-prices` 0.2.3 of PyPI for OpenRouter.
//! Left out are models without a published price, models their vendors have switched off, and batches, which the proxy does not carry.
//! `DeepSeek` takes half at quiet hours; such calls are booked at the full price, so a limit holds all the same.

mod table;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, token::text_enum, usage::Usage};

pub use table::{Row, STANDARD, Table, shipped};

/// Tokens that a price is for.
const PER: u128 = 1_000_000;

/// Price of a million tokens of each kind, nano-dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Input that has no price of its own among the others.
    pub input: u64,
    /// Output that has none, thinking included.
    pub output: u64,
    /// Input read from the vendor's cache.
    pub cache_read: u64,
    /// Input written to the vendor's cache for five minutes; the price of input where the vendor takes no more for it.
    pub cache_write: u64,
    /// Input written to it for an hour.
    pub cache_write_1h: u64,
    /// Audio in; as text where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_audio: Option<u64>,
    /// Audio out; as text where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_audio: Option<u64>,
    /// Images in; as text where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_image: Option<u64>,
    /// Images out; as text where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_image: Option<u64>,
}

text_enum! {
    /// How strong a model is beside the others, for people who know no model names. Our judgement: by price where there is one
    /// (input below a dollar a million is light, from five dollars on strong), else by where its vendor places it.
    pub enum Tier {
        /// Quick and cheap.
        Light = "light",
        /// For most work.
        Balanced = "balanced",
        /// For hard work, at its price.
        Strong = "strong",
    }
}

impl Price {
    /// Nothing at all: what our own canned answers cost.
    pub const FREE: Self = Self {
        input: 0,
        output: 0,
        cache_read: 0,
        cache_write: 0,
        cache_write_1h: 0,
        input_audio: None,
        output_audio: None,
        input_image: None,
        output_image: None,
    };

    /// The shipped list price of today, for a call that is not extraordinarily long; `None` where nobody told us one.
    pub fn find(provider: &str, model: &str) -> Option<Self> {
        let newest = Timestamp::from_micros(i64::MAX);
        Table::shipped()
            .find(provider, model, STANDARD, 0, newest)
            .copied()
    }

    /// Cost of a call in nano-dollars, rounded up, so that a call that cost anything is never booked as free. Saturates.
    pub fn cost(&self, usage: Usage) -> u64 {
        nano_usd(
            self.of_input(usage)
                .into_iter()
                .chain(self.of_output(usage)),
        )
    }

    /// The most that so many tokens can cost, whatever part of them is cached, heard or seen. Rounded up, saturates.
    pub fn most(&self, input: u64, output: u64) -> u64 {
        let dearest = self
            .by_kind()
            .map(|kinds| kinds.into_iter().fold(0, u64::max));
        nano_usd([(input, dearest[0]), (output, dearest[1])])
    }

    /// Each price, or that of the other where it is more.
    #[must_use]
    pub fn dearer(self, other: Self) -> Self {
        let most = |mine: Option<u64>, text: u64, more: Option<u64>, other_text: u64| {
            (mine.is_some() || more.is_some())
                .then(|| mine.unwrap_or(text).max(more.unwrap_or(other_text)))
        };
        Self {
            input: self.input.max(other.input),
            output: self.output.max(other.output),
            cache_read: self.cache_read.max(other.cache_read),
            cache_write: self.cache_write.max(other.cache_write),
            cache_write_1h: self.cache_write_1h.max(other.cache_write_1h),
            input_audio: most(self.input_audio, self.input, other.input_audio, other.input),
            output_audio: most(
                self.output_audio,
                self.output,
                other.output_audio,
                other.output,
            ),
            input_image: most(self.input_image, self.input, other.input_image, other.input),
            output_image: most(
                self.output_image,
                self.output,
                other.output_image,
                other.output,
            ),
        }
    }

    /// Tokens and price of each part of the input. What was cached is no longer audio or image, and a part without a price of its own stays text.
    fn of_input(&self, usage: Usage) -> [(u64, u64); 6] {
        let long = usage.cache_write_1h;
        let cached = usage.cache_read.saturating_add(usage.cache_write.max(long));
        let fresh = usage.input.saturating_sub(cached);
        let [(audio, audio_price), (image, image_price)] = apart(
            fresh,
            [
                (usage.input_audio, self.input_audio),
                (usage.input_image, self.input_image),
            ],
        );
        [
            (fresh - audio - image, self.input),
            (usage.cache_read, self.cache_read),
            (usage.cache_write.saturating_sub(long), self.cache_write),
            (long, self.cache_write_1h),
            (audio, audio_price),
            (image, image_price),
        ]
    }

    fn of_output(&self, usage: Usage) -> [(u64, u64); 3] {
        let [(audio, audio_price), (image, image_price)] = apart(
            usage.output,
            [
                (usage.output_audio, self.output_audio),
                (usage.output_image, self.output_image),
            ],
        );
        [
            (usage.output - audio - image, self.output),
            (audio, audio_price),
            (image, image_price),
        ]
    }

    /// The prices that can apply to input, and those that can apply to output.
    fn by_kind(&self) -> [[u64; 6]; 2] {
        let or = |price: Option<u64>, text: u64| price.unwrap_or(text);
        let (input, output) = (self.input, self.output);
        [
            [
                input,
                self.cache_read,
                self.cache_write,
                self.cache_write_1h,
                or(self.input_audio, input),
                or(self.input_image, input),
            ],
            [
                output,
                or(self.output_audio, output),
                or(self.output_image, output),
                0,
                0,
                0,
            ],
        ]
    }
}

/// How much of `whole` each part takes that has a price of its own, first come first served, so that no token is paid for twice.
fn apart(whole: u64, parts: [(u64, Option<u64>); 2]) -> [(u64, u64); 2] {
    let mut left = whole;
    parts.map(|(tokens, price)| {
        let Some(price) = price else { return (0, 0) };
        let taken = tokens.min(left);
        left -= taken;
        (taken, price)
    })
}

/// Two u64 fit into a u128 as a product; several such products may not.
fn nano_usd(parts: impl IntoIterator<Item = (u64, u64)>) -> u64 {
    let sum = parts
        .into_iter()
        .map(|(tokens, price)| u128::from(tokens) * u128::from(price))
        .fold(0u128, u128::saturating_add);
    u64::try_from(sum.div_ceil(PER)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
