//! A model vendor and a Bot API behind one port, just enough for a Gateway.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

pub(crate) const SAID: &str = "Ahoy.";

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) body: Value,
    head: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find(|line| {
            line.split_once(':')
                .is_some_and(|(n, _)| n.eq_ignore_ascii_case(name))
        });
        line.and_then(|line| line.split_once(':'))
            .map_or("", |(_, value)| value.trim())
    }
}

pub(crate) struct Stub {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Stub {
    pub(crate) async fn listen(bridge: Ipv4Addr, tracker: &TaskTracker) -> Self {
        let listener = TcpListener::bind((bridge, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (list, children) = (seen.clone(), tracker.clone());
        tracker.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                children.spawn(serve(stream, list.clone()));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn last_model_call(&self) -> Seen {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .rev()
            .find(|s| s.path.starts_with("/llm/"))
            .unwrap()
            .clone()
    }

    pub(crate) async fn until_seen(&self, path: &str) {
        for _ in 0..300 {
            if self.seen.lock().unwrap().iter().any(|s| s.path == path) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let seen: Vec<_> = self
            .seen
            .lock()
            .unwrap()
            .iter()
            .map(|s| s.path.clone())
            .collect();
        panic!("{path} was never called, only {seen:?}");
    }
}

async fn serve(mut stream: TcpStream, list: Arc<Mutex<Vec<Seen>>>) {
    let Some(seen) = read(&mut stream).await else {
        return;
    };
    let path = seen.path.clone();
    list.lock().unwrap().push(seen);
    if path.ends_with("/getUpdates") {
        // A long poll, so that the Gateway does not spin.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let (kind, body) = answer(&path);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + &body).as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = vec![];
    let mut chunk = vec![0; 65536];
    loop {
        let n = stream.read(&mut chunk).await.ok()?;
        bytes.extend_from_slice(&chunk[..n]);
        if let Some(seen) = parse(&bytes) {
            return Some(seen);
        }
        if n == 0 {
            return None;
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Seen> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut seen = Seen {
        path: head.split(' ').nth(1)?.split('?').next()?.to_owned(),
        head,
        body: Value::Null,
    };
    let body = &bytes[end + 4..];
    if seen.header("transfer-encoding") == "chunked" {
        // Only the Bot API client sends chunks, and its bodies are not looked at.
        return body.ends_with(b"0\r\n\r\n").then_some(seen);
    }
    let length: usize = seen.header("content-length").parse().unwrap_or(0);
    (body.len() >= length).then(|| {
        seen.body = serde_json::from_slice(&body[..length]).unwrap_or_default();
        seen
    })
}

fn answer(path: &str) -> (&'static str, String) {
    match path.rsplit('/').next() {
        Some("completions") => ("text/event-stream", sse(&completions())),
        Some("messages") => ("text/event-stream", sse(&messages())),
        Some("getMe") => ("application/json", json!({"ok": true, "result": {"id": 1_000_000, "is_bot": true, "first_name": "s", "username": "stub_bot"}}).to_string()),
        Some("getUpdates") => ("application/json", json!({"ok": true, "result": []}).to_string()),
        _ => ("application/json", json!({"ok": true, "result": true, "data": []}).to_string()),
    }
}

fn sse(frames: &[Value]) -> String {
    let mut text: String = frames
        .iter()
        .map(|frame| match frame["type"].as_str() {
            Some(kind) => format!("event: {kind}\ndata: {frame}\n\n"),
            None => format!("data: {frame}\n\n"),
        })
        .collect();
    if frames.iter().all(|frame| frame["type"].is_null()) {
        text.push_str("data: [DONE]\n\n");
    }
    text
}

fn completions() -> Vec<Value> {
    let chunk = |choices: Value, usage: Value| json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, "usage": usage});
    vec![
        chunk(
            json!([{"index": 0, "delta": {"role": "assistant", "content": SAID}, "finish_reason": null}]),
            Value::Null,
        ),
        chunk(
            json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]),
            Value::Null,
        ),
        chunk(
            json!([]),
            json!({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}),
        ),
    ]
}

fn messages() -> Vec<Value> {
    vec![
        json!({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 10, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": SAID}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}, "usage": {"output_tokens": 5}}),
        json!({"type": "message_stop"}),
    ]
}
