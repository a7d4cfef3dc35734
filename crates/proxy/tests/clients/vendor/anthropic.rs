//! Anthropic: messages and the counting of tokens.

use creel_domain::usage::Usage;
use serde_json::{Value, json};

use super::{
    ARGUMENTS, Answer, Heard, Said, State, Turn, WORDS, arguments, knows, refused, text_of,
};

fn error(status: u16, message: &str) -> Answer {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    let error = json!({"type": kind, "message": message});
    Answer::error(
        status,
        &json!({"type": "error", "error": error, "request_id": "req_vendor"}),
    )
}

fn problem(heard: &Heard) -> Option<Answer> {
    if !knows(&heard.headers, "x-api-key", "") {
        return Some(error(401, "invalid x-api-key"));
    }
    let version = heard.headers.contains_key("anthropic-version");
    (!version).then(|| error(400, "anthropic-version: header is required"))
}

pub(super) fn messages(state: &State, heard: &Heard) -> Answer {
    let messages = &heard.body["messages"];
    let last = messages
        .as_array()
        .and_then(|all| all.last())
        .unwrap_or(&Value::Null);
    let answered = last["content"][0]["type"] == "tool_result";
    let said = Said {
        last: if answered {
            ""
        } else {
            text_of(&last["content"])
        },
        turns: messages.as_array().map_or(0, Vec::len),
        tool: heard.body["tools"].is_array() && !answered,
    };
    let mood = state.mood(&said);
    if let Some(answer) = problem(heard).or_else(|| Some(error(refused(mood)?, WORDS))) {
        return answer;
    }
    let mut turn = state.turn(heard.body["model"].as_str().unwrap_or_default(), &said);
    turn.usage = written(turn.usage);
    if heard.body["stream"] == true {
        return Answer::events(events(&turn), 3, mood);
    }
    Answer::document(&message(&turn, turn.usage.output), mood)
}

/// Anthropic tells no reasoning, but how much went into its caches, and for how long.
fn written(usage: Usage) -> Usage {
    Usage {
        cache_write: usage.reasoning + 7,
        cache_write_1h: usage.reasoning,
        reasoning: 0,
        ..usage
    }
}

pub(super) fn count(heard: &Heard) -> Answer {
    let counted = json!({"input_tokens": 2095});
    problem(heard).unwrap_or_else(|| Answer::document(&counted, super::Mood::Well))
}

fn message(turn: &Turn<'_>, output: u64) -> Value {
    let content = match &turn.text {
        Some(text) => json!({"type": "text", "text": text}),
        None => {
            json!({"type": "tool_use", "id": "toolu_tide", "name": "get_tide", "input": arguments()})
        }
    };
    json!({"id": "msg_vendor", "type": "message", "role": "assistant", "model": turn.model, "content": [content],
           "stop_reason": stop(turn), "stop_sequence": null, "usage": usage(turn, output)})
}

fn stop(turn: &Turn<'_>) -> &'static str {
    if turn.text.is_some() {
        "end_turn"
    } else {
        "tool_use"
    }
}

/// Anthropic's input leaves the cached parts out.
fn usage(turn: &Turn<'_>, output: u64) -> Value {
    let usage = turn.usage;
    json!({
        "input_tokens": usage.input - usage.cache_read - usage.cache_write,
        "cache_creation_input_tokens": usage.cache_write, "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {"ephemeral_5m_input_tokens": usage.cache_write - usage.cache_write_1h,
                           "ephemeral_1h_input_tokens": usage.cache_write_1h},
        "output_tokens": output, "service_tier": "standard",
    })
}

fn events(turn: &Turn<'_>) -> Vec<String> {
    let mut start = message(turn, 1);
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    let (block, deltas) = block(turn);
    let mut events = vec![
        json!({"type": "message_start", "message": start}),
        json!({"type": "content_block_start", "index": 0, "content_block": block}),
        json!({"type": "ping"}),
    ];
    events.extend(
        deltas
            .into_iter()
            .map(|delta| json!({"type": "content_block_delta", "index": 0, "delta": delta})),
    );
    events.push(json!({"type": "content_block_stop", "index": 0}));
    let delta = json!({"stop_reason": stop(turn), "stop_sequence": null});
    events.push(json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": turn.usage.output}}));
    events.push(json!({"type": "message_stop"}));
    let named = events.iter().map(|event| {
        let name = event["type"].as_str().unwrap_or_default();
        format!("event: {name}\ndata: {event}\n\n")
    });
    named.collect()
}

fn block(turn: &Turn<'_>) -> (Value, Vec<Value>) {
    if turn.text.is_some() {
        let deltas = turn
            .pieces()
            .into_iter()
            .map(|text| json!({"type": "text_delta", "text": text}));
        return (json!({"type": "text", "text": ""}), deltas.collect());
    }
    let deltas = ARGUMENTS
        .iter()
        .map(|piece| json!({"type": "input_json_delta", "partial_json": piece}));
    let block = json!({"type": "tool_use", "id": "toolu_tide", "name": "get_tide", "input": {}});
    (block, deltas.collect())
}
