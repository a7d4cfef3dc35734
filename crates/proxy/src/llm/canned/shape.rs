//! The canned answer in each dialect's shape, whole and as events.

use creel_domain::usage::Usage;
use serde_json::{Value, json};

use crate::llm::endpoint::Endpoint;

/// One answer to be written.
pub(super) struct Shape<'a> {
    pub(super) endpoint: Endpoint,
    pub(super) model: &'a str,
    /// Seconds since the epoch.
    pub(super) created: i64,
    /// What is said.
    pub(super) text: &'a str,
    /// What it is said to have cost.
    pub(super) usage: Usage,
}

impl Shape<'_> {
    /// The whole answer as one document.
    pub(super) fn document(&self) -> Value {
        match self.endpoint {
            Endpoint::Messages => self.message(),
            Endpoint::Responses => self.response("completed"),
            Endpoint::Generate | Endpoint::StreamGenerate => self.google(),
            _ => json!({
                "id": "chatcmpl-canned", "object": "chat.completion", "created": self.created, "model": self.model,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": self.text}, "finish_reason": "stop"}],
                "usage": self.chat_usage(),
            }),
        }
    }

    /// The answer as server-sent events, each complete.
    pub(super) fn events(&self) -> Vec<String> {
        match self.endpoint {
            Endpoint::Messages => self.message_events(),
            Endpoint::Responses => self.response_events(),
            Endpoint::Generate | Endpoint::StreamGenerate => {
                vec![format!("data: {}\n\n", self.google())]
            }
            _ => self.chat_events(),
        }
    }

    fn chat_events(&self) -> Vec<String> {
        let chunk = |choices: Value, usage: Value| {
            let chunk = json!({"id": "chatcmpl-canned", "object": "chat.completion.chunk", "created": self.created,
                               "model": self.model, "choices": choices, "usage": usage});
            format!("data: {chunk}\n\n")
        };
        let delta = |delta: Value, finish: Value| {
            chunk(
                json!([{"index": 0, "delta": delta, "finish_reason": finish}]),
                Value::Null,
            )
        };
        let mut events = vec![delta(
            json!({"role": "assistant", "content": ""}),
            Value::Null,
        )];
        events.extend(
            self.words()
                .map(|word| delta(json!({"content": word}), Value::Null)),
        );
        events.push(delta(json!({}), json!("stop")));
        events.push(chunk(json!([]), self.chat_usage()));
        events.push("data: [DONE]\n\n".to_owned());
        events
    }

    fn response(&self, status: &str) -> Value {
        let done = status == "completed";
        json!({
            "id": "resp_canned", "object": "response", "created_at": self.created, "status": status, "model": self.model,
            "error": null, "incomplete_details": null, "instructions": null, "metadata": {}, "parallel_tool_calls": true,
            "tool_choice": "auto", "tools": [], "temperature": 1, "top_p": 1,
            "output": if done { json!([self.item("completed")]) } else { json!([]) },
            "usage": if done { self.response_usage() } else { Value::Null },
        })
    }

    fn response_events(&self) -> Vec<String> {
        let at = |mut event: Value| {
            event["item_id"] = json!("msg_canned");
            event["output_index"] = json!(0);
            event["content_index"] = json!(0);
            event
        };
        let added = json!({"type": "response.output_item.added", "output_index": 0, "item": self.item("in_progress")});
        let done = json!({"type": "response.output_item.done", "output_index": 0, "item": self.item("completed")});
        let mut events = vec![
            json!({"type": "response.created", "response": self.response("in_progress")}),
            json!({"type": "response.in_progress", "response": self.response("in_progress")}),
            added,
            at(json!({"type": "response.content_part.added", "part": part("")})),
        ];
        events.extend(self.words().map(|word| {
            at(json!({"type": "response.output_text.delta", "delta": word, "logprobs": []}))
        }));
        events.push(at(
            json!({"type": "response.output_text.done", "text": self.text, "logprobs": []}),
        ));
        events.push(at(
            json!({"type": "response.content_part.done", "part": part(self.text)}),
        ));
        events.push(done);
        events.push(json!({"type": "response.completed", "response": self.response("completed")}));
        let numbered = events.into_iter().zip(0u32..).map(|(mut event, number)| {
            event["sequence_number"] = json!(number);
            event
        });
        numbered.map(|event| named(&event)).collect()
    }

    fn message(&self) -> Value {
        json!({
            "id": "msg_canned", "type": "message", "role": "assistant", "model": self.model,
            "content": [{"type": "text", "text": self.text}], "stop_reason": "end_turn", "stop_sequence": null,
            "usage": self.message_usage(self.usage.output),
        })
    }

    fn message_events(&self) -> Vec<String> {
        let mut start = self.message();
        start["content"] = json!([]);
        start["stop_reason"] = Value::Null;
        start["usage"] = self.message_usage(self.usage.output.min(1));
        let mut events = vec![
            json!({"type": "message_start", "message": start}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ];
        events.extend(self.words().map(|word| {
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}})
        }));
        events.push(json!({"type": "content_block_stop", "index": 0}));
        events.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null},
                           "usage": {"output_tokens": self.usage.output}}));
        events.push(json!({"type": "message_stop"}));
        events.iter().map(named).collect()
    }

    fn item(&self, status: &str) -> Value {
        let content = if status == "completed" {
            json!([part(self.text)])
        } else {
            json!([])
        };
        json!({"id": "msg_canned", "type": "message", "status": status, "role": "assistant", "content": content})
    }

    fn chat_usage(&self) -> Value {
        json!({"prompt_tokens": self.usage.input, "completion_tokens": self.usage.output, "total_tokens": self.usage.total(),
               "prompt_tokens_details": {"cached_tokens": 0}})
    }

    fn response_usage(&self) -> Value {
        json!({"input_tokens": self.usage.input, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": self.usage.output,
               "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": self.usage.total()})
    }

    fn message_usage(&self, output: u64) -> Value {
        json!({"input_tokens": self.usage.input, "output_tokens": output, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0})
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(' ')
    }

    fn google(&self) -> Value {
        let usage = json!({"promptTokenCount": self.usage.input, "candidatesTokenCount": self.usage.output,
                           "totalTokenCount": self.usage.total()});
        json!({
            "candidates": [{"content": {"role": "model", "parts": [{"text": self.text}]}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": usage, "modelVersion": self.model,
        })
    }
}

/// An event under the name of its type.
fn named(event: &Value) -> String {
    let name = event["type"].as_str().unwrap_or_default();
    format!("event: {name}\ndata: {event}\n\n")
}

fn part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}
