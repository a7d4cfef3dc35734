//! What a test looks at afterwards: messages a bot sent, and calls made with a token.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Map, Value};

/// A message in a chat, sent by a bot.
#[derive(Debug, Clone, PartialEq)]
pub struct SentMessage {
    /// The method that sent it, in Telegram's spelling.
    pub method: &'static str,
    /// Chat it lies in.
    pub chat_id: i64,
    /// Number within the chat.
    pub message_id: i64,
    /// Text or caption as sent, mark-up included; empty where there is none.
    pub text: String,
    /// `HTML`, `MarkdownV2`, `Markdown` or none.
    pub parse_mode: Option<String>,
    /// Every parameter of the call. A file part appears as its name and size.
    pub parameters: Map<String, Value>,
}

/// One request that named this token.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Method as it was spelled in the path; `file` for a download.
    pub method: String,
    /// Query and body parameters together.
    pub parameters: Map<String, Value>,
    /// Status it was answered with; 0 for a hang-up.
    pub status: u16,
    /// Names of the request's headers, lower case: what a proxy let through.
    pub header_names: Vec<String>,
}

/// The message did not come in time. Shows what came instead; texts are shortened.
#[derive(Debug, thiserror::Error)]
#[error("nothing fitting within {waited:?}; {seen}")]
pub struct NotSent {
    waited: Duration,
    seen: String,
}

impl NotSent {
    pub(super) fn new(waited: Duration, sent: &[SentMessage], calls: &[Call]) -> Self {
        let mut seen = String::from("sent:");
        for message in sent.iter().rev().take(10) {
            let text: String = message.text.chars().take(80).collect();
            let _ = write!(seen, " [{} {text:?}]", message.method);
        }
        seen.push_str("; calls:");
        for call in calls.iter().rev().take(20) {
            let _ = write!(seen, " {}={}", call.method, call.status);
        }
        Self { waited, seen }
    }
}
