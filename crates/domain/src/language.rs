//! Thinking level and language of an agent, and the short texts a person may set on it.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

text_enum! {
    /// How long the model may think before it answers.
    pub enum Thinking {
        /// No thinking.
        Off = "off",
        /// The least a model offers.
        Minimal = "minimal",
        /// A little.
        Low = "low",
        /// Some.
        Medium = "medium",
        /// A lot.
        High = "high",
    }
}

/// Longest persona text, bytes: it becomes part of every model call, so each byte is paid for again and again.
pub const PERSONA_MAX_BYTES: usize = 8 * 1024;

/// Whether `text` looks like a BCP 47 language tag (`en`, `de-CH`, `zh-Hans`): 2 to 35 characters.
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts
        .next()
        .is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    primary
        && text.len() <= 35
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags() {
        assert!(["en", "de-CH", "zh-Hans"].into_iter().all(is_language_tag));
        assert!(
            !["", "e", "english please", "en_US", "en-"]
                .into_iter()
                .any(is_language_tag)
        );
    }
}
