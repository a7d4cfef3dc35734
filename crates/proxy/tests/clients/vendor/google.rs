//! Google: generateContent, whole and streamed, and the counting of tokens.

use serde_json::{Value, json};

use super::{Answer, Heard, Said, State, Turn, WORDS, arguments, knows, refused, text_of};

fn error(status: u16, message: &str) -> Answer {
    let word = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        _ => "INTERNAL",
    };
    Answer::error(
        status,
        &json!({"error": {"code": status, "message": message, "status": word}}),
    )
}

/// Answers `/v1beta/models/<model>:<verb>`.
pub(super) fn answer(state: &State, path: &str, heard: &Heard) -> Answer {
    let Some((model, verb)) = path
        .strip_prefix("/v1beta/models/")
        .and_then(|rest| rest.split_once(':'))
    else {
        return error(404, "There is nothing here.");
    };
    if !knows(&heard.headers, "x-goog-api-key", "") {
        return error(401, "API key not valid.");
    }
    let contents = &heard.body["contents"];
    let last = contents
        .as_array()
        .and_then(|all| all.last())
        .unwrap_or(&Value::Null);
    let answered = last["parts"][0]["functionResponse"].is_object();
    let said = Said {
        last: text_of(&last["parts"]),
        turns: contents.as_array().map_or(0, Vec::len),
        tool: heard.body["tools"].is_array() && !answered,
    };
    let mood = state.mood(&said);
    if let Some(status) = refused(mood) {
        return error(status, WORDS);
    }
    match verb {
        "generateContent" => Answer::document(&document(&state.turn(model, &said)), mood),
        "streamGenerateContent" if heard.path.ends_with("?alt=sse") => {
            Answer::events(events(&state.turn(model, &said)), 0, mood)
        }
        "countTokens" => Answer::document(
            &json!({"totalTokens": 31, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 31}]}),
            mood,
        ),
        _ => error(404, "There is no such method."),
    }
}

fn document(turn: &Turn<'_>) -> Value {
    let part = match &turn.text {
        Some(text) => json!({"text": text}),
        None => {
            json!({"functionCall": {"name": "get_tide", "args": arguments()}, "thoughtSignature": "c2lnbmF0dXJl"})
        }
    };
    chunk(turn, &part, true)
}

/// Each event repeats the counts so far.
fn chunk(turn: &Turn<'_>, part: &Value, last: bool) -> Value {
    let mut candidate = json!({"content": {"parts": [part], "role": "model"}, "index": 0});
    if last {
        candidate["finishReason"] = json!("STOP");
    }
    json!({"candidates": [candidate], "usageMetadata": usage(turn, last), "modelVersion": turn.model, "responseId": "vendor"})
}

/// Google counts thoughts beside the answer, not in it.
fn usage(turn: &Turn<'_>, last: bool) -> Value {
    let usage = turn.usage;
    let answer = if last {
        usage.output - usage.reasoning
    } else {
        1
    };
    json!({
        "promptTokenCount": usage.input, "cachedContentTokenCount": usage.cache_read, "thoughtsTokenCount": usage.reasoning,
        "candidatesTokenCount": answer, "totalTokenCount": usage.input + answer + usage.reasoning,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.input}],
    })
}

fn events(turn: &Turn<'_>) -> Vec<String> {
    let event = |chunk: &Value| format!("data: {chunk}\r\n\r\n");
    if turn.text.is_none() {
        return vec![event(&document(turn))];
    }
    let pieces = turn.pieces();
    let last = pieces.len() - 1;
    let chunks = pieces.iter().enumerate();
    chunks
        .map(|(at, text)| event(&chunk(turn, &json!({"text": text}), at == last)))
        .collect()
}
