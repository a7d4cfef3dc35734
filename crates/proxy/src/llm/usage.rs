//! Usage out of whatever a vendor reports. Vendors' answers are hostile input: a number that is none is no number, never an error of ours.

use creel_domain::usage::Usage;
use serde::{Deserialize, Deserializer};

/// What has been reported so far in one answer. Later reports replace earlier ones field by field, as vendors count upwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Report {
    input: Option<u64>,
    output: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
    /// Whether `input` leaves the cached parts out (Anthropic).
    cached_apart: bool,
    total: Option<u64>,
    /// Whether the output reported last is the final one: Anthropic's first event already names an output, of one token.
    last: bool,
}

/// Any object of an answer that may carry usage, in any dialect.
#[derive(Deserialize)]
struct Carrier {
    #[serde(default)]
    usage: Option<Fields>,
    /// Anthropic `message_start`.
    #[serde(default)]
    message: Option<Inner>,
    /// OpenAI `response.completed`, `response.incomplete`, `response.failed`.
    #[serde(default)]
    response: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    usage: Option<Fields>,
}

#[derive(Deserialize, Default)]
struct Fields {
    #[serde(default, deserialize_with = "number")]
    prompt_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    completion_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    total_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    output_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    cache_read_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    prompt_cache_hit_tokens: Option<u64>,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
    #[serde(default)]
    input_tokens_details: Option<Details>,
}

#[derive(Deserialize, Clone, Copy)]
struct Details {
    #[serde(default, deserialize_with = "number")]
    cached_tokens: Option<u64>,
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(serde_json::Value::deserialize(from)?.as_u64())
}

impl Report {
    /// Takes in one JSON document: a whole answer or the data of one event. What cannot be read changes nothing.
    pub(crate) fn read(&mut self, json: &[u8]) {
        if let Ok(carrier) = serde_json::from_slice::<Carrier>(json) {
            if let Some(fields) = carrier.message.and_then(|message| message.usage) {
                self.merge(&fields);
                self.last = false;
            }
            let last = [carrier.response.and_then(|r| r.usage), carrier.usage];
            last.into_iter()
                .flatten()
                .for_each(|fields| self.merge(&fields));
        }
    }

    /// Takes in the last `"usage":{…}` of a document whose beginning is lost.
    pub(crate) fn read_tail(&mut self, tail: &[u8]) {
        const NAME: &[u8] = b"\"usage\"";
        let Some(at) = tail.windows(NAME.len()).rposition(|w| w == NAME) else {
            return;
        };
        let rest = tail[at + NAME.len()..].trim_ascii_start();
        let Some(object) = rest.strip_prefix(b":") else {
            return;
        };
        let first = serde_json::Deserializer::from_slice(object)
            .into_iter()
            .next();
        if let Some(Ok(fields)) = first {
            self.merge(&fields);
        }
    }

    fn merge(&mut self, new: &Fields) {
        let details = new.prompt_tokens_details.or(new.input_tokens_details);
        let cached = details.and_then(|d| d.cached_tokens);
        self.cached_apart |=
            new.cache_read_input_tokens.is_some() || new.cache_creation_input_tokens.is_some();
        self.input = new.prompt_tokens.or(new.input_tokens).or(self.input);
        self.output = new.completion_tokens.or(new.output_tokens).or(self.output);
        self.cache_read = new
            .cache_read_input_tokens
            .or(cached)
            .or(new.prompt_cache_hit_tokens)
            .or(self.cache_read);
        self.cache_write = new.cache_creation_input_tokens.or(self.cache_write);
        self.total = new.total_tokens.or(self.total);
        self.last = true;
    }

    /// Whether input and output are both known for good.
    pub(crate) fn complete(&self) -> bool {
        self.last && self.input.is_some() && self.output.is_some()
    }

    /// The usage, with estimates where nothing was reported.
    pub(crate) fn usage(&self, input_estimate: u64, output_estimate: u64) -> Usage {
        let cache_read = self.cache_read.unwrap_or(0);
        let cache_write = self.cache_write.unwrap_or(0);
        let apart = if self.cached_apart {
            cache_read.saturating_add(cache_write)
        } else {
            0
        };
        let input = self
            .input
            .map_or(input_estimate, |input| input.saturating_add(apart));
        // Some vendors (Gemini, xAI) leave thinking out of the completion and only count it in the total.
        let thought = self.total.map_or(0, |total| total.saturating_sub(input));
        let output = match self.output {
            Some(output) if self.last => output,
            begun => begun.unwrap_or(0).max(output_estimate),
        };
        Usage {
            input,
            output: output.max(thought),
            cache_read,
            cache_write,
            ..Usage::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(documents: &[&str]) -> (Usage, bool) {
        let mut report = Report::default();
        for document in documents {
            report.read(document.as_bytes());
        }
        (report.usage(7, 9), report.complete())
    }

    fn of(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Usage {
        Usage {
            input,
            output,
            cache_read,
            cache_write,
            ..Usage::default()
        }
    }

    #[test]
    fn openai_counts_cached_input_within_input() {
        let completions = r#"{"usage":{"prompt_tokens":1234,"completion_tokens":56,"total_tokens":1290,"prompt_tokens_details":{"cached_tokens":1000}}}"#;
        assert_eq!(usage(&[completions]), (of(1234, 56, 1000, 0), true));
        let responses = r#"{"type":"response.completed","response":{"id":"x","usage":{"input_tokens":1234,"output_tokens":56,"total_tokens":1290,"input_tokens_details":{"cached_tokens":1000}}}}"#;
        assert_eq!(usage(&[responses]), (of(1234, 56, 1000, 0), true));
    }

    #[test]
    fn anthropic_counts_it_apart_and_in_two_events() {
        let start = r#"{"type":"message_start","message":{"usage":{"input_tokens":234,"cache_read_input_tokens":1000,"cache_creation_input_tokens":50,"output_tokens":1}}}"#;
        let delta = r#"{"type":"message_delta","usage":{"output_tokens":56}}"#;
        assert_eq!(usage(&[start, delta]), (of(1284, 56, 1000, 50), true));
        assert_eq!(usage(&[start]), (of(1284, 9, 1000, 50), false));
    }

    #[test]
    fn thinking_that_is_only_in_the_total_is_output() {
        let gemini = r#"{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}}"#;
        assert_eq!(usage(&[gemini]).0.output, 30);
    }

    #[test]
    fn nonsense_is_no_number() {
        for text in [
            r#"{"usage":{"prompt_tokens":-5,"completion_tokens":1.5}}"#,
            r#"{"usage":null}"#,
            r#"{"usage":[]}"#,
            r#"{"usage":{"prompt_tokens":"12"}}"#,
            "not json",
        ] {
            assert_eq!(usage(&[text]), (of(7, 9, 0, 0), false), "{text}");
        }
        let huge = r#"{"usage":{"input_tokens":18446744073709551615,"output_tokens":18446744073709551615,"cache_read_input_tokens":5}}"#;
        assert_eq!(usage(&[huge]).0.input, u64::MAX);
    }

    #[test]
    fn a_tail_gives_its_last_usage() {
        let mut report = Report::default();
        report.read_tail(br#"d \"usage\":{\"x\":1}", "usage" : {"input_tokens":3,"output_tokens":4},"user":null}"#);
        assert_eq!(report.usage(0, 0), of(3, 4, 0, 0));
        let mut none = Report::default();
        none.read_tail(b"nothing here");
        assert!(!none.complete());
    }
}
