//! One bot: its updates, chats, messages, files and commands. A plain structure under the stub's lock; it never waits.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use creel_domain::{Clock as _, SystemClock, channel};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{private_chat, queue::Queue, sent::SentMessage};

/// Messages kept per bot; older ones are forgotten, so that a stub left running does not grow.
const MAX_SENT: usize = 10_000;

/// The token names no bot of this stub.
#[derive(Debug, thiserror::Error)]
#[error("no bot with this token was added to the stub")]
pub struct UnknownBot;

/// A person who writes to a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Numeric user id: what an allow list holds; also the id of the private chat.
    pub id: i64,
    /// First name.
    pub name: String,
    /// Public name without the `@`, if they chose one.
    pub username: Option<String>,
}

impl Person {
    /// With this public name.
    #[must_use]
    pub fn known_as(mut self, username: &str) -> Self {
        self.username = Some(username.to_owned());
        self
    }

    /// A person with this id and first name.
    pub fn new(id: i64, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            username: None,
        }
    }
}

/// An entry of a bot's command menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Without the slash.
    pub command: String,
    /// For people.
    pub description: String,
}

#[derive(Debug)]
pub(super) struct Bot {
    pub(super) id: i64,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) queue: Queue,
    pub(super) webhook: Option<String>,
    /// Number of the newest `getUpdates`; an older one that sees another number has been superseded.
    pub(super) newest_poll: u64,
    /// Command menus by scope and language.
    pub(super) menus: HashMap<String, Vec<Command>>,
    /// Name, description and short description, by parameter name.
    pub(super) profile: HashMap<&'static str, String>,
    pub(super) files: HashMap<String, (String, Bytes)>,
    chats: HashMap<i64, Value>,
    sent: VecDeque<SentMessage>,
    last_message: i64,
}

impl Bot {
    pub(super) fn new(token: &str, username: &str) -> Self {
        let id = channel::telegram_bot_id(token).and_then(|id| i64::try_from(id).ok());
        Self {
            id: id.unwrap_or(1),
            username: username.to_owned(),
            name: username.to_owned(),
            queue: Queue::new(now()),
            webhook: None,
            newest_poll: 0,
            menus: HashMap::new(),
            profile: HashMap::new(),
            files: HashMap::new(),
            chats: HashMap::new(),
            sent: VecDeque::new(),
            last_message: 0,
        }
    }

    pub(super) fn push_update(&mut self, kind: &str, body: Value) -> i64 {
        self.queue.push(kind, body)
    }

    pub(super) fn push_message(&mut self, chat_id: i64, from: &Person, text: &str) -> i64 {
        let chat = if chat_id == from.id {
            private_chat(chat_id, &from.name)
        } else {
            json!({ "id": chat_id, "type": "supergroup", "title": "Group" })
        };
        self.chats.insert(chat_id, chat.clone());
        let mut message = json!({
            "message_id": self.next_message_id(),
            "from": { "id": from.id, "is_bot": false, "first_name": from.name, "language_code": "en" },
            "chat": chat, "date": now(), "text": text,
        });
        if let Some(username) = &from.username {
            message["from"]["username"] = username.as_str().into();
            message["chat"]["username"] = username.as_str().into();
        }
        if let Some(length) = command_length(text) {
            message["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": length }]);
        }
        self.queue.push("message", message)
    }

    pub(super) fn add_file(&mut self, path: &str, bytes: Bytes) -> String {
        let id = format!("BQAC{}_{}", self.id, self.files.len());
        self.files.insert(id.clone(), (path.to_owned(), bytes));
        id
    }

    pub(super) fn me(&self) -> Value {
        json!({
            "id": self.id, "is_bot": true, "first_name": self.name, "username": self.username,
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
        })
    }

    pub(super) fn commands(&self) -> Vec<Command> {
        self.menus.get("default/").cloned().unwrap_or_default()
    }

    /// A chat that this bot has heard of: nobody else can be written to.
    pub(super) fn chat(&self, id: i64) -> Option<&Value> {
        self.chats.get(&id)
    }

    pub(super) fn next_message_id(&mut self) -> i64 {
        self.last_message += 1;
        self.last_message
    }

    /// Keeps a message and gives it as Telegram shows it.
    pub(super) fn keep(&mut self, message: SentMessage, plain: &str) -> Value {
        let shown = self.shown(&message, plain);
        self.sent.push_back(message);
        if self.sent.len() > MAX_SENT {
            self.sent.pop_front();
        }
        shown
    }

    /// A message of this bot as Telegram shows it.
    pub(super) fn shown(&self, message: &SentMessage, plain: &str) -> Value {
        json!({
            "message_id": message.message_id, "from": self.me(), "chat": self.chat(message.chat_id),
            "date": now(), "text": plain,
        })
    }

    pub(super) fn message_mut(&mut self, chat_id: i64, id: i64) -> Option<&mut SentMessage> {
        self.sent
            .iter_mut()
            .find(|m| m.chat_id == chat_id && m.message_id == id)
    }

    pub(super) fn delete_message(&mut self, chat_id: i64, id: i64) {
        self.sent
            .retain(|m| m.chat_id != chat_id || m.message_id != id);
    }

    /// Whether a message of this number was ever in a chat of this bot.
    pub(super) const fn has_message(&self, id: i64) -> bool {
        id > 0 && id <= self.last_message
    }

    pub(super) fn sent(&self) -> Vec<SentMessage> {
        self.sent.iter().cloned().collect()
    }
}

/// Length of a leading `/command`, UTF-16 units: without this entity a bot does not see a command.
fn command_length(text: &str) -> Option<usize> {
    let word = text.split_whitespace().next()?;
    (word.len() > 1 && word.starts_with('/')).then(|| word.encode_utf16().count())
}

/// Seconds since the epoch.
pub(super) fn now() -> i64 {
    SystemClock.now().micros() / 1_000_000
}
