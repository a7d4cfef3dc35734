//! The most that a call can cost, told from its body before it leaves.
//!
//! A token is at least one byte of text, so the body's length bounds its text whatever the vendor's tokenizer is. What is no text, or does not lie in
//! the body, is bounded by its kind or by the model's window.

use creel_domain::provider::Model;

use super::Ask;
use crate::llm::endpoint::Endpoint;

/// What vendors put in front of tools and messages, tokens. Anthropic names 700 for its dearest tool choice.
const PREAMBLE: u64 = 1024;
/// One picture or sound, tokens; the largest that a vendor's documentation counts for one picture is below 5,000.
const PART: u64 = 6000;
/// Window of a model that is not in the catalogue, tokens.
const WINDOW: u64 = 1_000_000;
/// Longest answer of a model that is not in the catalogue and is asked for no maximum, tokens.
const ANSWER: u64 = 32_768;

/// Most tokens in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bound {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

impl Bound {
    /// Both together.
    pub(crate) fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

impl Ask {
    /// The bound for a model that is one of `known`, or none of them.
    pub(in crate::llm) fn worst(&self, model: &str, known: &[Model]) -> Bound {
        match self.endpoint {
            Endpoint::CountTokens | Endpoint::CountGoogle | Endpoint::Models => Bound::default(),
            _ => Bound {
                input: self.worst_input(model, known),
                output: self.worst_output(model, known),
            },
        }
    }

    fn worst_input(&self, model: &str, known: &[Model]) -> u64 {
        let text = self.length as u64 + PREAMBLE;
        let bounded = text.saturating_add(self.fields.media.saturating_mul(PART));
        // A tool of the vendor's fetches whatever it likes.
        let unbounded = self.fields.unbounded || self.fields.vendor_tool.is_some();
        if unbounded {
            let window = find(known, model).map_or(WINDOW, |m| m.context_window.into());
            bounded.max(window)
        } else {
            bounded
        }
    }

    fn worst_output(&self, model: &str, known: &[Model]) -> u64 {
        if self.endpoint == Endpoint::Embeddings {
            return 0;
        }
        let longest = || match find(known, model) {
            Some(model) => model.max_tokens.into(),
            // A model that the catalogue does not know may be the vendor's best.
            None => known
                .iter()
                .map(|model| model.max_tokens.into())
                .fold(ANSWER, u64::max),
        };
        let each = self.fields.output.unwrap_or_else(longest);
        each.saturating_mul(self.fields.answers.unwrap_or(1).max(1))
    }

    /// Probable input, for a call whose usage never arrives: a token of text is three bytes and more, JSON around it included.
    pub(in crate::llm) fn probable_input(&self) -> u64 {
        match self.endpoint {
            Endpoint::CountTokens | Endpoint::CountGoogle => 0,
            _ => (self.length as u64).div_ceil(3),
        }
    }
}

fn find<'a>(known: &'a [Model], model: &str) -> Option<&'a Model> {
    known.iter().find(|known| known.id == model)
}
