//! One agent's worth of calls: streamed and whole, in both dialects, tried again as SDKs do, given up only when the answer is final.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use creel_domain::InstanceId;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::vendor::{MODELS, Model};

/// Final refusals in a row after which a client has understood.
const UNDERSTOOD: u32 = 4;

/// What all clients share.
pub(crate) struct Field {
    /// Where instances are served at the moment.
    pub(crate) bound: Mutex<HashMap<InstanceId, SocketAddr>>,
    /// Calls begin only while this is open.
    pub(crate) open: AtomicBool,
    /// Numbers of the sales whose answers were read to their end.
    pub(crate) finished: Mutex<Vec<usize>>,
    /// No more.
    pub(crate) over: AtomicBool,
    pub(crate) count: Count,
}

/// What clients saw.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) asked: AtomicU64,
    pub(crate) broken: AtomicU64,
    pub(crate) left: AtomicU64,
    pub(crate) again: AtomicU64,
    pub(crate) final_refusals: AtomicU64,
    pub(crate) unexpected: AtomicU64,
}

/// One client.
pub(crate) struct Agent {
    pub(crate) field: Arc<Field>,
    pub(crate) instance: InstanceId,
    pub(crate) key: String,
    pub(crate) seed: u64,
    pub(crate) http: Client<HttpConnector, Full<Bytes>>,
}

/// How one call went.
enum Seen {
    /// Read to its end; the number of its sale.
    Finished(usize),
    /// We left.
    Left,
    /// It broke off.
    Broken,
    /// Come again.
    Again,
    /// Not before the limit renews.
    Final,
    /// Anything else.
    Unexpected(u16, String),
}

/// What is asked for.
struct Ask {
    model: &'static Model,
    stream: bool,
    leave: bool,
    path: &'static str,
    body: String,
}

pub(crate) fn http() -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build_http()
}

impl Agent {
    /// Calls until the limit is known to be used up, or everything is over.
    pub(crate) async fn run(mut self) {
        let mut finals = 0;
        while finals < UNDERSTOOD && !self.field.over.load(Ordering::SeqCst) {
            if !self.field.open.load(Ordering::SeqCst) {
                sleep(Duration::from_millis(10)).await;
                continue;
            }
            let ask = self.ask(finals > 0);
            let seen = timeout(Duration::from_secs(30), self.call(&ask)).await;
            finals = match seen.unwrap_or(Seen::Broken) {
                Seen::Final => finals + 1,
                other => self.note(other).await,
            };
            if finals > 0 {
                self.add(|count| &count.final_refusals);
            }
        }
    }

    async fn note(&mut self, seen: Seen) -> u32 {
        match seen {
            Seen::Finished(sale) => self.field.finished.lock().unwrap().push(sale),
            Seen::Left => self.add(|count| &count.left),
            Seen::Broken => self.add(|count| &count.broken),
            Seen::Again => {
                self.add(|count| &count.again);
                let pause = 20 + self.chance(150);
                sleep(Duration::from_millis(pause)).await;
            }
            Seen::Unexpected(status, text) => {
                println!("unexpected answer {status}: {text}");
                self.add(|count| &count.unexpected);
            }
            Seen::Final => {}
        }
        0
    }

    fn add(&self, which: impl Fn(&Count) -> &AtomicU64) {
        which(&self.field.count).fetch_add(1, Ordering::SeqCst);
    }

    fn chance(&mut self, end: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % end
    }

    /// Anything; after a final refusal something small, which may still fit.
    fn ask(&mut self, small: bool) -> Ask {
        let which = usize::try_from(self.chance(if small { 1 } else { 5 })).unwrap();
        let model = &MODELS[which];
        let most = if small { 40 } else { 200 + self.chance(800) };
        let words = if small { 1 } else { self.chance(60) };
        let text = "Where do lobsters go at night? ".repeat(usize::try_from(words).unwrap());
        let (stream, responses) = (self.chance(10) < 8, self.chance(2) == 0);
        let messages = json!([{"role": "user", "content": text}]);
        let (path, body) = match model.provider {
            "anthropic" => (
                "/llm/anthropic/v1/messages",
                json!({"model": model.id, "messages": messages, "max_tokens": most, "stream": stream}),
            ),
            _ if responses => (
                "/llm/openai/v1/responses",
                json!({"model": model.id, "input": messages, "max_output_tokens": most, "stream": stream}),
            ),
            _ => (
                "/llm/openai/v1/chat/completions",
                json!({"model": model.id, "messages": messages, "max_tokens": most, "stream": stream}),
            ),
        };
        Ask {
            model,
            stream,
            leave: stream && self.chance(12) == 0,
            path,
            body: body.to_string(),
        }
    }

    async fn call(&self, ask: &Ask) -> Seen {
        let address = self
            .field
            .bound
            .lock()
            .unwrap()
            .get(&self.instance)
            .copied();
        let Some(address) = address else {
            return Seen::Again;
        };
        self.add(|count| &count.asked);
        let request = Request::post(format!("http://{address}{}", ask.path))
            .header("content-type", "application/json");
        let request = if ask.model.provider == "anthropic" {
            request
                .header("x-api-key", &self.key)
                .header("anthropic-version", "2023-06-01")
        } else {
            request.header("authorization", format!("Bearer {}", self.key))
        };
        let body = Full::new(Bytes::from(ask.body.clone()));
        match self.http.request(request.body(body).unwrap()).await {
            Ok(answer) => read(answer, ask).await,
            // It is being started again.
            Err(_) => Seen::Again,
        }
    }
}

async fn read(answer: http::Response<hyper::body::Incoming>, ask: &Ask) -> Seen {
    let status = answer.status().as_u16();
    let mut body = answer.into_body();
    let mut text = Vec::new();
    loop {
        match body.frame().await {
            Some(Ok(frame)) => text.extend(frame.into_data().unwrap_or_default()),
            Some(Err(_)) => return Seen::Broken,
            None => break,
        }
        if status == 200 && ask.leave && text.len() > 1500 {
            return Seen::Left;
        }
    }
    let text = String::from_utf8_lossy(&text);
    match status {
        200 => match (sale(&text), is_whole(&text, ask)) {
            (Some(sale), true) => Seen::Finished(sale),
            _ => Seen::Broken,
        },
        402 => Seen::Final,
        429 | 500..=599 => Seen::Again,
        other => Seen::Unexpected(other, text.into_owned()),
    }
}

/// Whether the vendor's last word is there.
fn is_whole(text: &str, ask: &Ask) -> bool {
    if !ask.stream {
        return serde_json::from_str::<serde_json::Value>(text).is_ok();
    }
    let last = match ask.path {
        "/llm/anthropic/v1/messages" => "\"type\":\"message_stop\"",
        "/llm/openai/v1/responses" => "\"type\":\"response.completed\"",
        _ => "data: [DONE]",
    };
    text.contains(last)
}

/// The number in the first word, `#12 `.
fn sale(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once('#')?;
    rest.split_once(' ')?.0.parse().ok()
}
