//! Answers in each dialect's shape, as the vendors' SDKs require them.

use serde_json::{Value, json};

use super::reply::Reply;

/// Which API was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Chat,
    Responses,
    Messages,
}

/// One answer to be written.
pub(super) struct Shape<'a> {
    pub(super) dialect: Dialect,
    pub(super) model: &'a str,
    pub(super) reply: &'a Reply,
    /// Whether to tell usage.
    pub(super) usage: bool,
}

/// A fixed moment: nothing compares it, and a stub has no clock.
const CREATED: u32 = 1_790_000_000;

impl Shape<'_> {
    /// The whole answer as one document.
    pub(super) fn document(&self) -> Value {
        let mut document = match self.dialect {
            Dialect::Chat => json!({
                "id": "chatcmpl-stub", "object": "chat.completion", "created": CREATED, "model": self.model,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": self.reply.text, "refusal": null},
                             "logprobs": null, "finish_reason": "stop"}],
                "usage": self.chat_usage(),
            }),
            Dialect::Responses => self.response(true),
            Dialect::Messages => self.message(),
        };
        if !self.usage
            && let Some(fields) = document.as_object_mut()
        {
            fields.remove("usage");
        }
        document
    }

    /// The answer as server-sent events, each complete. The first two or more come before any text.
    pub(super) fn events(&self) -> Vec<String> {
        match self.dialect {
            Dialect::Chat => self.chat_events(),
            Dialect::Responses => self.response_events(),
            Dialect::Messages => self.message_events(),
        }
    }

    fn chat_events(&self) -> Vec<String> {
        let chunk = |choices: Value, usage: Value| {
            let chunk = json!({"id": "chatcmpl-stub", "object": "chat.completion.chunk", "created": CREATED,
                               "model": self.model, "choices": choices, "usage": usage});
            format!("data: {chunk}\n\n")
        };
        let delta = |delta: Value, finish: Value| {
            let choice =
                json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
            chunk(choice, Value::Null)
        };
        let mut events = vec![delta(
            json!({"role": "assistant", "content": ""}),
            Value::Null,
        )];
        events.extend(
            self.reply
                .pieces()
                .map(|piece| delta(json!({"content": piece}), Value::Null)),
        );
        events.push(delta(json!({}), json!("stop")));
        if self.usage {
            events.push(chunk(json!([]), self.chat_usage()));
        }
        events.push("data: [DONE]\n\n".to_owned());
        events
    }

    fn chat_usage(&self) -> Value {
        let usage = self.reply.usage;
        json!({"prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": usage.total(),
               "prompt_tokens_details": {"cached_tokens": usage.cache_read, "audio_tokens": 0},
               "completion_tokens_details": {"reasoning_tokens": 0}})
    }

    fn response(&self, done: bool) -> Value {
        let usage = self.reply.usage;
        let report = json!({"input_tokens": usage.input, "input_tokens_details": {"cached_tokens": usage.cache_read},
                            "output_tokens": usage.output, "output_tokens_details": {"reasoning_tokens": 0},
                            "total_tokens": usage.total()});
        json!({
            "id": "resp_stub", "object": "response", "created_at": CREATED, "model": self.model,
            "status": if done { "completed" } else { "in_progress" },
            "error": null, "incomplete_details": null, "instructions": null, "metadata": {}, "parallel_tool_calls": true,
            "previous_response_id": null, "reasoning": {"effort": null, "summary": null}, "store": false,
            "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [], "temperature": 1.0, "top_p": 1.0,
            "truncation": "disabled", "user": null,
            "output": if done { json!([self.item(true)]) } else { json!([]) },
            "usage": if done && self.usage { report } else { Value::Null },
        })
    }

    fn item(&self, done: bool) -> Value {
        let content = if done {
            json!([part(&self.reply.text)])
        } else {
            json!([])
        };
        json!({"id": "msg_stub", "type": "message", "role": "assistant", "content": content,
               "status": if done { "completed" } else { "in_progress" }})
    }

    fn response_events(&self) -> Vec<String> {
        let at = |mut event: Value| {
            event["item_id"] = json!("msg_stub");
            event["output_index"] = json!(0);
            event["content_index"] = json!(0);
            event
        };
        let text = &self.reply.text;
        let mut events = vec![
            json!({"type": "response.created", "response": self.response(false)}),
            json!({"type": "response.in_progress", "response": self.response(false)}),
            json!({"type": "response.output_item.added", "output_index": 0, "item": self.item(false)}),
            at(json!({"type": "response.content_part.added", "part": part("")})),
        ];
        events.extend(self.reply.pieces().map(|piece| {
            at(json!({"type": "response.output_text.delta", "delta": piece, "logprobs": []}))
        }));
        events.push(at(
            json!({"type": "response.output_text.done", "text": text, "logprobs": []}),
        ));
        events.push(at(
            json!({"type": "response.content_part.done", "part": part(text)}),
        ));
        events.push(json!({"type": "response.output_item.done", "output_index": 0, "item": self.item(true)}));
        events.push(json!({"type": "response.completed", "response": self.response(true)}));
        for (number, event) in events.iter_mut().enumerate() {
            event["sequence_number"] = json!(number);
        }
        events.iter().map(named).collect()
    }

    fn message(&self) -> Value {
        json!({"id": "msg_stub", "type": "message", "role": "assistant", "model": self.model,
               "content": [{"type": "text", "text": self.reply.text}], "stop_reason": "end_turn", "stop_sequence": null,
               "usage": self.message_usage(self.reply.usage.output)})
    }

    /// Anthropic's input leaves the cached parts out.
    fn message_usage(&self, output: u64) -> Value {
        let usage = self.reply.usage;
        let fresh = usage
            .input
            .saturating_sub(usage.cache_read)
            .saturating_sub(usage.cache_write);
        json!({"input_tokens": fresh, "cache_read_input_tokens": usage.cache_read,
               "cache_creation_input_tokens": usage.cache_write, "output_tokens": output})
    }

    fn message_events(&self) -> Vec<String> {
        let mut start = self.message();
        start["content"] = json!([]);
        start["stop_reason"] = Value::Null;
        start["usage"] = if self.usage {
            self.message_usage(1)
        } else {
            Value::Null
        };
        let mut last = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}});
        if self.usage {
            last["usage"] = json!({"output_tokens": self.reply.usage.output});
        }
        let mut events = vec![
            json!({"type": "message_start", "message": start}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
            json!({"type": "ping"}),
        ];
        events.extend(self.reply.pieces().map(|piece| {
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
        }));
        events.push(json!({"type": "content_block_stop", "index": 0}));
        events.push(last);
        events.push(json!({"type": "message_stop"}));
        events.iter().map(named).collect()
    }
}

/// An error in the dialect's shape.
pub(super) fn error(dialect: Dialect, kind: &str, message: &str) -> Value {
    match dialect {
        Dialect::Messages => json!({"type": "error", "error": {"type": kind, "message": message}}),
        _ => json!({"error": {"message": message, "type": kind, "param": null, "code": kind}}),
    }
}

fn part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}

/// An event under the name of its type.
fn named(event: &Value) -> String {
    let name = event["type"].as_str().unwrap_or_default();
    format!("event: {name}\ndata: {event}\n\n")
}
