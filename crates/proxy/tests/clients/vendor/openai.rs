//! OpenAI: chat completions, responses, embeddings.

use serde_json::{Value, json};

use super::{
    ARGUMENTS, Answer, Heard, Said, State, Turn, WORDS, arguments, compact, knows, refused, text_of,
};

const CREATED: u32 = 1_790_000_000;
const KIND: &str = "invalid_request_error";

fn error(status: u16, code: &str, message: &str) -> Answer {
    let error = json!({"message": message, "type": KIND, "param": "messages", "code": code});
    Answer::error(status, &json!({ "error": error }))
}

/// What is wrong with a request, if anything is.
fn problem(heard: &Heard) -> Option<Answer> {
    let known = knows(&heard.headers, "authorization", "Bearer ");
    (!known).then(|| {
        error(
            401,
            "invalid_api_key",
            "Incorrect API key provided: sk-v*****.",
        )
    })
}

// --- chat completions ---

pub(super) fn chat(state: &State, heard: &Heard) -> Answer {
    let messages = &heard.body["messages"];
    let last = messages
        .as_array()
        .and_then(|all| all.last())
        .unwrap_or(&Value::Null);
    let said = Said {
        last: if last["role"] == "user" {
            text_of(&last["content"])
        } else {
            ""
        },
        turns: messages.as_array().map_or(0, Vec::len),
        tool: heard.body["tools"].is_array() && last["role"] == "user",
    };
    let mood = state.mood(&said);
    if let Some(answer) =
        problem(heard).or_else(|| Some(error(refused(mood)?, "stub_refuses", WORDS)))
    {
        return answer;
    }
    let turn = state.turn(heard.body["model"].as_str().unwrap_or_default(), &said);
    if heard.body["stream"] == true {
        let asked = heard.body["stream_options"]["include_usage"] == true;
        return Answer::events(chat_events(&turn, asked), 1, mood);
    }
    Answer::document(&completion(&turn), mood)
}

fn completion(turn: &Turn<'_>) -> Value {
    let call = json!([{"id": "call_tide", "type": "function", "function": {"name": "get_tide", "arguments": compact(&arguments())}}]);
    let mut message =
        json!({"role": "assistant", "content": turn.text, "refusal": null, "annotations": []});
    if turn.text.is_none() {
        message["tool_calls"] = call;
    }
    json!({
        "id": "chatcmpl-vendor", "object": "chat.completion", "created": CREATED, "model": turn.model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish(turn)}],
        "usage": chat_usage(turn), "service_tier": "default", "system_fingerprint": "fp_vendor",
    })
}

fn finish(turn: &Turn<'_>) -> &'static str {
    if turn.text.is_some() {
        "stop"
    } else {
        "tool_calls"
    }
}

fn chat_usage(turn: &Turn<'_>) -> Value {
    let usage = turn.usage;
    json!({
        "prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": usage.total(),
        "prompt_tokens_details": {"cached_tokens": usage.cache_read, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning, "audio_tokens": 0,
                                      "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
    })
}

fn chat_events(turn: &Turn<'_>, asked: bool) -> Vec<String> {
    let chunk = |choices: Value, usage: Value| {
        let mut chunk = json!({
            "id": "chatcmpl-vendor", "object": "chat.completion.chunk", "created": CREATED, "model": turn.model,
            "service_tier": "default", "system_fingerprint": "fp_vendor", "choices": choices, "obfuscation": "qX7zLm2",
        });
        // The field exists only where it was asked for.
        if asked {
            chunk["usage"] = usage;
        }
        format!("data: {chunk}\n\n")
    };
    let delta = |delta: Value, finish: Value| {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
        chunk(json!([choice]), Value::Null)
    };
    let mut events = vec![delta(
        json!({"role": "assistant", "content": "", "refusal": null}),
        Value::Null,
    )];
    events.extend(
        chat_deltas(turn)
            .into_iter()
            .map(|piece| delta(piece, Value::Null)),
    );
    events.push(delta(json!({}), json!(finish(turn))));
    events.extend(asked.then(|| chunk(json!([]), chat_usage(turn))));
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn chat_deltas(turn: &Turn<'_>) -> Vec<Value> {
    if turn.text.is_some() {
        return turn
            .pieces()
            .iter()
            .map(|piece| json!({"content": piece}))
            .collect();
    }
    let call = |call: Value| json!({"tool_calls": [call]});
    let head = json!({"index": 0, "id": "call_tide", "type": "function", "function": {"name": "get_tide", "arguments": ""}});
    let rest = ARGUMENTS.map(|piece| call(json!({"index": 0, "function": {"arguments": piece}})));
    [call(head)].into_iter().chain(rest).collect()
}

// --- responses ---

pub(super) fn responses(state: &State, heard: &Heard) -> Answer {
    let input = &heard.body["input"];
    let last = input
        .as_array()
        .and_then(|all| all.last())
        .unwrap_or(&Value::Null);
    let said = Said {
        last: input.as_str().unwrap_or_else(|| text_of(&last["content"])),
        turns: input.as_array().map_or(1, Vec::len),
        tool: heard.body["tools"]
            .as_array()
            .is_some_and(|tools| !tools.is_empty())
            && last["type"] != "function_call_output",
    };
    let mood = state.mood(&said);
    if let Some(answer) =
        problem(heard).or_else(|| Some(error(refused(mood)?, "stub_refuses", WORDS)))
    {
        return answer;
    }
    let turn = state.turn(heard.body["model"].as_str().unwrap_or_default(), &said);
    if heard.body["stream"] == true {
        return Answer::events(response_events(&turn), 4, mood);
    }
    Answer::document(&response(&turn, true), mood)
}

fn response(turn: &Turn<'_>, done: bool) -> Value {
    let usage = turn.usage;
    let report = json!({
        "input_tokens": usage.input, "input_tokens_details": {"cached_tokens": usage.cache_read},
        "output_tokens": usage.output, "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total(),
    });
    json!({
        "id": "resp_vendor", "object": "response", "created_at": CREATED, "model": turn.model, "background": false,
        "status": status(done), "error": null, "incomplete_details": null, "instructions": null, "metadata": {},
        "max_output_tokens": null, "parallel_tool_calls": true, "previous_response_id": null, "store": false,
        "reasoning": {"effort": null, "summary": null}, "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [],
        "temperature": 1.0, "top_p": 1.0, "truncation": "disabled", "user": null,
        "service_tier": if done { "default" } else { "auto" },
        "output": if done { json!([item(turn, true)]) } else { json!([]) },
        "usage": if done { report } else { Value::Null },
    })
}

fn status(done: bool) -> &'static str {
    if done { "completed" } else { "in_progress" }
}

fn item(turn: &Turn<'_>, done: bool) -> Value {
    let Some(text) = &turn.text else {
        let arguments = if done {
            compact(&arguments())
        } else {
            String::new()
        };
        return json!({"id": "fc_vendor", "type": "function_call", "call_id": "call_tide", "name": "get_tide",
                      "arguments": arguments, "status": status(done)});
    };
    let content = if done { json!([part(text)]) } else { json!([]) };
    json!({"id": "msg_vendor", "type": "message", "role": "assistant", "content": content, "status": status(done)})
}

fn part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}

fn response_events(turn: &Turn<'_>) -> Vec<String> {
    let mut events = vec![
        json!({"type": "response.created", "response": response(turn, false)}),
        json!({"type": "response.in_progress", "response": response(turn, false)}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": item(turn, false)}),
    ];
    events.extend(match &turn.text {
        Some(text) => text_events(turn, text),
        None => call_events(),
    });
    events.push(
        json!({"type": "response.output_item.done", "output_index": 0, "item": item(turn, true)}),
    );
    events.push(json!({"type": "response.completed", "response": response(turn, true)}));
    let numbered = events.iter_mut().enumerate().map(|(number, event)| {
        event["sequence_number"] = json!(number);
        let name = event["type"].as_str().unwrap_or_default();
        format!("event: {name}\ndata: {event}\n\n")
    });
    numbered.collect()
}

fn text_events(turn: &Turn<'_>, text: &str) -> Vec<Value> {
    let at = |mut event: Value| {
        event["item_id"] = json!("msg_vendor");
        event["output_index"] = json!(0);
        event["content_index"] = json!(0);
        event
    };
    let mut events = vec![at(
        json!({"type": "response.content_part.added", "part": part("")}),
    )];
    events.extend(turn.pieces().iter().map(|piece| {
        at(json!({"type": "response.output_text.delta", "delta": piece, "logprobs": [], "obfuscation": "aB3"}))
    }));
    events.push(at(
        json!({"type": "response.output_text.done", "text": text, "logprobs": []}),
    ));
    events.push(at(
        json!({"type": "response.content_part.done", "part": part(text)}),
    ));
    events
}

fn call_events() -> Vec<Value> {
    let at = |kind: &str, field: &str, piece: &str| json!({"type": format!("response.function_call_arguments.{kind}"), "item_id": "fc_vendor", "output_index": 0, field: piece});
    let mut events: Vec<Value> = ARGUMENTS
        .iter()
        .map(|piece| at("delta", "delta", piece))
        .collect();
    let mut done = at("done", "arguments", &compact(&arguments()));
    done["name"] = json!("get_tide");
    events.push(done);
    events
}

// --- embeddings ---

pub(super) fn embeddings(state: &State, heard: &Heard) -> Answer {
    if let Some(answer) = problem(heard) {
        return answer;
    }
    let input = &heard.body["input"];
    let count = input.as_array().map_or(1, Vec::len);
    // 0.5 and -2 as little-endian floats, which is what the official client asks for where nobody said otherwise.
    let vector = if heard.body["encoding_format"] == "base64" {
        json!("AAAAPwAAAMA=")
    } else {
        json!([0.5, -2.0])
    };
    let data: Vec<Value> = (0..count)
        .map(|index| json!({"object": "embedding", "index": index, "embedding": vector}))
        .collect();
    let tokens = state.usage().input;
    let document = json!({"object": "list", "data": data, "model": heard.body["model"],
                          "usage": {"prompt_tokens": tokens, "total_tokens": tokens}});
    Answer::document(&document, super::Mood::Well)
}
