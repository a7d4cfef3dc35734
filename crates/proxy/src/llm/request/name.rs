//! The keys that decide about a call. Everything else in a body passes unread.

use crate::llm::json::{Token, plain};

/// A key that is looked at, by what it means; vendors spell some of them in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(super) enum Name {
    /// None of them.
    #[default]
    Other,
    Model,
    /// OpenRouter's alternatives.
    Models,
    Stream,
    StreamOptions,
    IncludeUsage,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    MaxTokensToSample,
    /// `n` and Google's `candidateCount`.
    Answers,
    BestOf,
    ServiceTier,
    /// Names content that lies at the vendor: how long it is, the body does not tell.
    Stored,
    /// Google's settings.
    GenerationConfig,
    Tools,
    /// `type` of a tool.
    Type,
    /// The answer would be fetched later, by a path that is not metered.
    Background,
    /// Another price for the same tokens.
    Speed,
    Region,
    /// Work at the vendor beside the model, by a field of its own.
    Extra,
}

/// What may stand directly in the body.
const TOP: &[(&[u8], Name)] = &[
    (b"model", Name::Model),
    (b"models", Name::Models),
    (b"stream", Name::Stream),
    (b"stream_options", Name::StreamOptions),
    (b"max_tokens", Name::MaxTokens),
    (b"max_completion_tokens", Name::MaxCompletionTokens),
    (b"max_output_tokens", Name::MaxOutputTokens),
    (b"max_tokens_to_sample", Name::MaxTokensToSample),
    (b"n", Name::Answers),
    (b"best_of", Name::BestOf),
    (b"service_tier", Name::ServiceTier),
    (b"serviceTier", Name::ServiceTier),
    (b"previous_response_id", Name::Stored),
    (b"conversation", Name::Stored),
    (b"prompt", Name::Stored),
    (b"cachedContent", Name::Stored),
    (b"cached_content", Name::Stored),
    (b"generationConfig", Name::GenerationConfig),
    (b"generation_config", Name::GenerationConfig),
    (b"tools", Name::Tools),
    (b"background", Name::Background),
    (b"speed", Name::Speed),
    (b"inference_geo", Name::Region),
    (b"web_search_options", Name::Extra),
    (b"search_parameters", Name::Extra),
    (b"enable_search", Name::Extra),
    (b"plugins", Name::Extra),
    (b"mcp_servers", Name::Extra),
    (b"container", Name::Extra),
];

/// What may stand in Google's `generationConfig`.
const GENERATION: &[(&[u8], Name)] = &[
    (b"maxOutputTokens", Name::MaxOutputTokens),
    (b"max_output_tokens", Name::MaxOutputTokens),
    (b"candidateCount", Name::Answers),
    (b"candidate_count", Name::Answers),
];

impl Name {
    /// The meaning of a key inside the members `above`, outermost first; `None` where it cannot be told for certain.
    pub(super) fn read(above: &[Self], key: Token<'_>) -> Option<Self> {
        let table = match above {
            [] => TOP,
            [Self::GenerationConfig] => GENERATION,
            [Self::StreamOptions] => &[(b"include_usage".as_slice(), Self::IncludeUsage)],
            [Self::Tools, Self::Other] => &[(b"type".as_slice(), Self::Type)],
            _ => return Some(Self::Other),
        };
        let found = |text: &[u8]| table.iter().find(|(name, _)| *name == text);
        if let Some((_, name)) = found(key.bytes) {
            return Some(*name);
        }
        if !key.whole || key.bytes.iter().all(|byte| is_quiet(*byte)) {
            return Some(Self::Other);
        }
        let text = plain(key.bytes)?;
        if let Some((_, name)) = found(text.as_bytes()) {
            return Some(*name);
        }
        // Some vendors' parsers take a key for another one when only the case differs; which of two they would take is not ours to guess.
        let folded = text.replace('\u{17f}', "s").replace('\u{212a}', "k");
        let alike = table
            .iter()
            .any(|(name, _)| folded.as_bytes().eq_ignore_ascii_case(name));
        (!alike).then_some(Self::Other)
    }

    /// As it is called towards the caller.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::IncludeUsage => "stream_options.include_usage",
            Self::Type => "tools.type",
            name => TOP
                .iter()
                .find(|(_, other)| *other == name)
                .map_or("", |(text, _)| {
                    std::str::from_utf8(text).unwrap_or_default()
                }),
        }
    }

    /// For the set of names that were there.
    pub(super) fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// Whether a key made of such bytes can only mean what it spells.
fn is_quiet(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(above: &[Name], key: &str) -> Option<Name> {
        let token = Token {
            bytes: key.as_bytes(),
            whole: true,
            from: 0,
            to: 0,
        };
        Name::read(above, token)
    }

    #[test]
    fn keys_are_known_by_their_place() {
        assert_eq!(read(&[], "model"), Some(Name::Model));
        assert_eq!(read(&[], r"\u006dodel"), Some(Name::Model));
        assert_eq!(read(&[Name::Other], "model"), Some(Name::Other));
        let config = [Name::GenerationConfig];
        assert_eq!(
            read(&config, "maxOutputTokens"),
            Some(Name::MaxOutputTokens)
        );
        assert_eq!(read(&[Name::Tools, Name::Other], "type"), Some(Name::Type));
        assert_eq!(read(&[Name::Tools], "type"), Some(Name::Other));
    }

    #[test]
    fn a_key_that_some_parsers_take_for_another_is_refused() {
        for key in [
            "Model",
            "MAX_TOKENS",
            "\u{17f}tream",
            r"\u0053tream",
            "max_to\u{212a}ens",
        ] {
            assert_eq!(read(&[], key), None, "{key}");
        }
        for key in ["maxTokens", "Modell", "x-y", "🦀"] {
            assert_eq!(read(&[], key), Some(Name::Other), "{key}");
        }
    }

    #[test]
    fn every_name_has_a_text_and_a_bit() {
        for (_, name) in TOP {
            assert!(!name.text().is_empty() && name.bit() > 1);
        }
    }
}
