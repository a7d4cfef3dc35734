//! The ways to ask, and what a healthy vendor answers to each: seven tokens in, three out.

use serde_json::{Value, json};

pub(crate) const INPUT: u64 = 7;
pub(crate) const OUTPUT: u64 = 3;
/// Most output that every call of the table asks for.
pub(crate) const MOST: u64 = 100;
const GEMINI: &str = "/llm/google/v1beta/models/gemini-3-flash-preview";

/// A dialect, whole or in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Chat,
    ChatWhole,
    Responses,
    ResponsesWhole,
    Messages,
    MessagesWhole,
    Google,
    GoogleWhole,
}

impl Way {
    /// Those that stream.
    pub(crate) const STREAMS: [Self; 4] =
        [Self::Chat, Self::Responses, Self::Messages, Self::Google];
    /// Those that do not.
    pub(crate) const WHOLES: [Self; 4] = [
        Self::ChatWhole,
        Self::ResponsesWhole,
        Self::MessagesWhole,
        Self::GoogleWhole,
    ];

    pub(crate) fn streams(self) -> bool {
        Self::STREAMS.contains(&self)
    }

    /// Of a path as the vendor sees it.
    pub(crate) fn of_vendor(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        match path.rsplit('/').next().unwrap_or_default() {
            "completions" => Self::ChatWhole,
            "responses" => Self::ResponsesWhole,
            "messages" => Self::MessagesWhole,
            _ => Self::GoogleWhole,
        }
    }

    /// The same dialect, whole.
    pub(crate) fn whole(self) -> Self {
        match self {
            Self::Chat | Self::ChatWhole => Self::ChatWhole,
            Self::Responses | Self::ResponsesWhole => Self::ResponsesWhole,
            Self::Messages | Self::MessagesWhole => Self::MessagesWhole,
            Self::Google | Self::GoogleWhole => Self::GoogleWhole,
        }
    }

    pub(crate) fn provider(self) -> &'static str {
        match self.whole() {
            Self::MessagesWhole => "anthropic",
            Self::GoogleWhole => "google",
            _ => "openai",
        }
    }

    /// At the proxy; `other` names a model that no fault was about.
    pub(crate) fn path(self, other: bool) -> String {
        let model = if other { "-other" } else { "" };
        match self {
            Self::Chat | Self::ChatWhole => "/llm/openai/v1/chat/completions".to_owned(),
            Self::Responses | Self::ResponsesWhole => "/llm/openai/v1/responses".to_owned(),
            Self::Messages | Self::MessagesWhole => "/llm/anthropic/v1/messages".to_owned(),
            Self::Google => format!("{GEMINI}{model}:streamGenerateContent?alt=sse"),
            Self::GoogleWhole => format!("{GEMINI}{model}:generateContent"),
        }
    }

    pub(crate) fn body(self, other: bool, text: &str) -> Value {
        let model = if other {
            "another"
        } else if self.provider() == "anthropic" {
            "claude-sonnet-4-6"
        } else {
            "gpt-5.4-mini"
        };
        let stream = self.streams();
        match self.whole() {
            Self::ResponsesWhole => {
                json!({"model": model, "input": text, "stream": stream, "max_output_tokens": MOST})
            }
            Self::GoogleWhole => {
                json!({"contents": [{"parts": [{"text": text}]}], "generationConfig": {"maxOutputTokens": MOST}})
            }
            _ => {
                json!({"model": model, "messages": [{"role": "user", "content": text}], "stream": stream, "max_tokens": MOST})
            }
        }
    }

    /// A healthy document, as HTTP.
    pub(crate) fn well(self) -> Vec<u8> {
        let body = self.document(&self.usage(json!(INPUT), json!(OUTPUT)));
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        let length = body.len();
        format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    }

    /// A report in the dialect's words.
    pub(crate) fn usage(self, input: Value, output: Value) -> Value {
        match self.whole() {
            Self::ChatWhole => json!({"prompt_tokens": input, "completion_tokens": output}),
            Self::GoogleWhole => json!({"promptTokenCount": input, "candidatesTokenCount": output}),
            _ => json!({"input_tokens": input, "output_tokens": output}),
        }
    }

    /// A document around a report.
    pub(crate) fn document(self, usage: &Value) -> String {
        match self.whole() {
            Self::ChatWhole => {
                json!({"id": "c", "choices": [{"index": 0, "message": {"role": "assistant", "content": "well"}}], "usage": usage})
            }
            Self::ResponsesWhole => {
                json!({"id": "r", "object": "response", "output": [], "usage": usage})
            }
            Self::MessagesWhole => {
                json!({"type": "message", "role": "assistant", "content": [], "usage": usage})
            }
            _ => {
                json!({"candidates": [{"content": {"parts": [{"text": "well"}]}}], "usageMetadata": usage})
            }
        }
        .to_string()
    }

    /// The first events of a stream: what tells the input, and a word.
    pub(crate) fn begin(self, input: &Value) -> Vec<String> {
        match self {
            Self::Messages => vec![
                event(
                    &json!({"type": "message_start", "message": {"type": "message", "usage": {"input_tokens": input, "output_tokens": 1}}}),
                ),
                self.word("well"),
            ],
            _ => vec![self.word("well")],
        }
    }

    /// An event of text.
    pub(crate) fn word(self, text: &str) -> String {
        event(&match self {
            Self::Chat => {
                json!({"choices": [{"index": 0, "delta": {"content": text}}], "usage": null})
            }
            Self::Responses => json!({"type": "response.output_text.delta", "delta": text}),
            Self::Messages => {
                json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
            }
            _ => json!({"candidates": [{"content": {"parts": [{"text": text}]}}]}),
        })
    }

    /// The event of the report.
    pub(crate) fn report(self, input: &Value, output: &Value) -> String {
        let usage = self.usage(input.clone(), output.clone());
        event(&match self {
            Self::Chat => json!({"choices": [], "usage": usage}),
            Self::Responses => json!({"type": "response.completed", "response": {"usage": usage}}),
            Self::Messages => {
                json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": output}})
            }
            _ => json!({"candidates": [{"finishReason": "STOP"}], "usageMetadata": usage}),
        })
    }

    /// The last words, where the dialect has any behind the report.
    pub(crate) fn last(self) -> Vec<String> {
        match self {
            Self::Chat => vec!["data: [DONE]\n\n".to_owned()],
            Self::Messages => vec![event(&json!({"type": "message_stop"}))],
            _ => Vec::new(),
        }
    }

    /// A whole healthy stream.
    pub(crate) fn events(self) -> Vec<String> {
        let (input, output) = (json!(INPUT), json!(OUTPUT));
        let mut all = self.begin(&input);
        all.push(self.report(&input, &output));
        all.extend(self.last());
        all
    }
}

fn event(data: &Value) -> String {
    match data["type"].as_str() {
        Some(name) => format!("event: {name}\ndata: {data}\n\n"),
        None => format!("data: {data}\n\n"),
    }
}
