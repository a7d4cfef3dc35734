//! A model call in each of the three dialects, streamed as OpenClaw streams it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{super::files::Files, http::Http};

/// Longest turn in a test.
const LIMIT: Duration = Duration::from_mins(1);

/// What the configuration says of the model that answers.
pub(super) struct Model {
    api: String,
    base_url: String,
    key: String,
    id: String,
}

impl Model {
    /// Reads it as OpenClaw does.
    pub(super) fn of(config: &Value, files: &Files) -> Result<Self, String> {
        let primary = &config["agents"]["defaults"]["model"];
        let primary = primary["primary"].as_str().or(primary.as_str());
        let primary = primary.ok_or("no model is configured")?;
        let (provider, id) = primary.split_once('/').ok_or("a model is provider/id")?;
        let provider = &config["models"]["providers"][provider];
        let text = |name: &str| {
            let found = provider[name].as_str().map(str::to_owned);
            found.ok_or_else(|| format!("the provider has no {name}"))
        };
        Ok(Self {
            api: text("api")?,
            base_url: text("baseUrl")?.trim_end_matches('/').to_owned(),
            key: files
                .secret(config, &provider["apiKey"])
                .ok_or("the provider has no key")?,
            id: id.to_owned(),
        })
    }

    /// The answer's text.
    pub(super) async fn ask(&self, http: &Http, messages: Vec<Value>) -> Result<String, String> {
        let bearer = format!("Bearer {}", self.key);
        let (path, headers, body) = match self.api.as_str() {
            "openai-completions" => (
                "/chat/completions",
                vec![("authorization", bearer.as_str())],
                json!({
                    "model": self.id, "messages": messages, "stream": true, "stream_options": { "include_usage": true },
                    "max_completion_tokens": 4096,
                }),
            ),
            "openai-responses" => (
                "/responses",
                vec![("authorization", bearer.as_str())],
                json!({ "model": self.id, "input": messages, "stream": true, "store": false, "max_output_tokens": 4096 }),
            ),
            "anthropic-messages" => (
                "/v1/messages",
                vec![
                    ("x-api-key", self.key.as_str()),
                    ("anthropic-version", "2023-06-01"),
                ],
                json!({ "model": self.id, "messages": messages, "stream": true, "max_tokens": 4096 }),
            ),
            other => return Err(format!("unknown api {other}")),
        };
        let url = format!("{}{path}", self.base_url);
        let (status, answer) = http.post(&url, &headers, &body, LIMIT).await?;
        let answer = String::from_utf8_lossy(&answer);
        if status == 200 {
            return read_stream(&answer);
        }
        let error: Value = serde_json::from_str(&answer).unwrap_or_default();
        let message = error["error"]["message"].as_str().unwrap_or("no message");
        Err(format!("{status} {message}"))
    }
}

/// Joins the text of a stream's events, whatever the dialect.
fn read_stream(stream: &str) -> Result<String, String> {
    let mut text = String::new();
    let data = stream.lines().filter_map(|line| line.strip_prefix("data:"));
    for event in data.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok()) {
        let error = [&event["error"], &event["response"]["error"]];
        if let Some(message) = error.iter().find_map(|error| error["message"].as_str()) {
            return Err(message.to_owned());
        }
        let piece = match event["type"].as_str() {
            Some("response.output_text.delta") => &event["delta"],
            Some("content_block_delta") => &event["delta"]["text"],
            Some(_) => continue,
            None => &event["choices"][0]["delta"]["content"],
        };
        text.push_str(piece.as_str().unwrap_or_default());
    }
    if text.is_empty() {
        return Err("the model said nothing".to_owned());
    }
    Ok(text)
}
