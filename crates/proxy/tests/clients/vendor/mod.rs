//! A vendor on loopback that answers as the real ones do, as far as their clients look: OpenAI, Anthropic and Google.
//!
//! The first word of what the user said last decides how an answer goes (see [`Mood`]), so that a script alone tells the story. Every answer
//! has another usage, so that one taken for another is seen.

mod anthropic;
mod google;
mod openai;
mod wire;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use creel_domain::usage::Usage;
use http::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

pub(crate) use wire::Answer;

/// What the real key of each vendor is.
pub(crate) const KEY: &str = "sk-vendor-0123456789abcdef0123456789";
/// What a refused request is told, so that a script can see that these words arrive.
const WORDS: &str = "The stub does not like this.";

/// A running vendor.
pub(crate) struct Vendor {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
    _serving: AbortOnDropHandle<()>,
}

/// One request as it was heard.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// Path and query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    heard: Mutex<Vec<Heard>>,
    answers: AtomicU64,
    release: Notify,
}

/// How an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// `hold`: silent after the first text, until somebody says `release`.
    Hold,
    /// `break`: the connection ends between two events, or in the middle of a document.
    Break,
    /// `tear`: the connection ends within an event.
    Tear,
    /// `refuse 400`: an error of this status.
    Refuse(u16),
    /// `flaky 429`: so at first, well when asked again.
    Flaky(u16),
}

/// What a client said, in any dialect.
pub(crate) struct Said<'a> {
    /// What the user said last; empty where the last word is a tool's.
    pub(crate) last: &'a str,
    /// Entries of the conversation.
    pub(crate) turns: usize,
    /// Whether the answer is to call the tool: one was offered and has not answered yet.
    pub(crate) tool: bool,
}

/// One answer to be shaped.
pub(crate) struct Turn<'a> {
    pub(crate) model: &'a str,
    pub(crate) usage: Usage,
    /// What is said; `None` where the tool is called instead.
    pub(crate) text: Option<String>,
}

/// The tool's arguments, in the pieces in which they are streamed.
pub(crate) const ARGUMENTS: [&str; 3] = ["{\"place\":", " \"Ærø", "skøbing\"}"];

impl Vendor {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(State::default());
        let (address, serving) = wire::serve(Arc::clone(&state)).await;
        Self {
            address,
            state,
            _serving: serving,
        }
    }

    /// Everything heard so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.state.heard.lock().unwrap().clone()
    }
}

impl Turn<'_> {
    /// The text in pieces; characters are cut on the wire, not here.
    pub(crate) fn pieces(&self) -> Vec<&str> {
        let text = self.text.as_deref().unwrap_or_default();
        text.split_inclusive(' ').collect()
    }
}

// === impl State ===

impl State {
    /// Answers one request.
    pub(crate) fn answer(&self, heard: Heard) -> Answer {
        let path = heard.path.split('?').next().unwrap_or_default().to_owned();
        let answer = match path.as_str() {
            "/v1/chat/completions" => openai::chat(self, &heard),
            "/v1/responses" => openai::responses(self, &heard),
            "/v1/embeddings" => openai::embeddings(self, &heard),
            "/v1/messages" => anthropic::messages(self, &heard),
            "/v1/messages/count_tokens" => anthropic::count(&heard),
            _ => google::answer(self, &path, &heard),
        };
        self.heard.lock().unwrap().push(heard);
        answer
    }

    /// Waits for a `release`.
    pub(crate) async fn released(&self) {
        self.release.notified().await;
    }

    /// The usage of the next answer. Each count grows by another step.
    pub(crate) fn usage(&self) -> Usage {
        let n = self.answers.fetch_add(1, Ordering::SeqCst);
        Usage {
            input: 1000 + 17 * n,
            output: 60 + 5 * n,
            cache_read: 100 + 3 * n,
            reasoning: 20 + n,
            ..Usage::default()
        }
    }

    /// The model's next words to this.
    pub(crate) fn turn<'a>(&self, model: &'a str, said: &Said<'_>) -> Turn<'a> {
        if said.last.starts_with("release") {
            self.release.notify_one();
        }
        let text = format!(
            "{} entries read. Ebbe um vier Uhr 🦀, sagt Ærø.",
            said.turns
        );
        Turn {
            model,
            usage: self.usage(),
            text: (!said.tool).then_some(text),
        }
    }

    pub(crate) fn mood(&self, said: &Said<'_>) -> Mood {
        let mut words = said.last.split(' ');
        let first = words.next().unwrap_or_default().to_owned();
        let status = words
            .next()
            .and_then(|word| word.parse().ok())
            .unwrap_or(500);
        match first.as_str() {
            "hold" => Mood::Hold,
            "break" => Mood::Break,
            "tear" => Mood::Tear,
            "refuse" => Mood::Refuse(status),
            "flaky" if self.is_new(said.last) => Mood::Flaky(status),
            _ => Mood::Well,
        }
    }

    /// Whether this was not said before.
    fn is_new(&self, words: &str) -> bool {
        let before = self.heard.lock().unwrap();
        !before
            .iter()
            .any(|heard| heard.body.to_string().contains(words))
    }
}

/// The status of a refusal, if it is one.
pub(crate) fn refused(mood: Mood) -> Option<u16> {
    match mood {
        Mood::Refuse(status) | Mood::Flaky(status) => Some(status),
        _ => None,
    }
}

/// Whether the key of this vendor is shown, where this vendor's clients show it.
pub(crate) fn knows(headers: &HeaderMap, header: &str, prefix: &str) -> bool {
    headers
        .get(header)
        .and_then(|value| value.to_str().ok()?.strip_prefix(prefix))
        .is_some_and(|key| key == KEY)
}

/// How long a held answer waits at most: longer than any check.
pub(crate) const HELD: Duration = Duration::from_mins(1);

/// An object as text, as the vendors write it.
pub(crate) fn compact(value: &Value) -> String {
    value.to_string()
}

/// The text of the last entry of a list, which is a text or a list of parts with texts.
pub(crate) fn text_of(content: &Value) -> &str {
    match content {
        Value::String(text) => text,
        Value::Array(parts) => parts
            .last()
            .map_or("", |part| part["text"].as_str().unwrap_or_default()),
        _ => "",
    }
}

/// What the tool is called and asked.
pub(crate) fn arguments() -> Value {
    json!({"place": "Ærøskøbing"})
}
