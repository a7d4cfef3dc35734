//! Looks at an answer as it passes: whether a person's message is in it, or what Telegram refused. Owns a bounded copy that ends with the answer;
//! keeps no word of a message.

use std::sync::Arc;

use creel_domain::InstanceId;
use hyper::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::{
    Context,
    activity::Activity,
    snapshot::{Route, TelegramRoute},
};

/// Largest poll answer that is looked at. A hundred long messages have less; a larger one passes unseen, and the next one tells the same.
const POLL_BYTES: usize = 512 * 1024;
/// Refusals are one sentence.
const REFUSAL_BYTES: usize = 4 * 1024;
/// Longest words that are kept, characters.
const WORDS: usize = 200;

/// What a method says about its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It asks for messages.
    Poll,
    /// It writes to people.
    Send,
}

fn says(method: &str) -> Option<Says> {
    match method {
        "getUpdates" => Some(Says::Poll),
        "sendChatAction" | "sendMessageDraft" => None,
        _ if method.starts_with("send") || method.starts_with("edit") => Some(Says::Send),
        _ => None,
    }
}

/// A look at one answer.
pub(super) struct Tap {
    activity: Arc<Activity>,
    instance: InstanceId,
    front_token: String,
    says: Says,
    fine: bool,
    held: Vec<u8>,
    limit: usize,
}

impl Tap {
    /// A look at the answer to `method`, if it is worth one. A message that was sent needs none and is noted at once.
    pub(super) fn on(
        method: &str,
        status: StatusCode,
        route: &Route,
        telegram: &TelegramRoute,
        context: &Context,
    ) -> Option<Self> {
        let (says, fine) = (says(method)?, status.is_success());
        if fine && says == Says::Send {
            context.activity.sent(route.instance);
            return None;
        }
        Some(Self {
            activity: Arc::clone(&context.activity),
            instance: route.instance,
            front_token: telegram.front_token.expose_secret().to_owned(),
            says,
            fine,
            held: Vec::new(),
            limit: if fine { POLL_BYTES } else { REFUSAL_BYTES },
        })
    }

    /// Bytes on their way to the instance.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        if self.held.len() + bytes.len() > self.limit {
            self.limit = 0;
            self.held = Vec::new();
        } else {
            self.held.extend_from_slice(bytes);
        }
    }

    /// The answer is complete.
    pub(super) fn end(self) {
        let json: Value = serde_json::from_slice(&self.held).unwrap_or_default();
        if self.fine {
            let mut updates = json["result"].as_array().into_iter().flatten();
            self.activity
                .polled(self.instance, updates.any(is_by_person));
        } else if let Some(words) = words(&json, &self.front_token) {
            self.activity
                .failed(self.instance, self.says == Says::Poll, words);
        }
    }
}

/// Notes that Telegram gave no answer at all.
pub(super) fn unanswered(method: &str, words: &str, route: &Route, context: &Context) {
    if let Some(says) = says(method) {
        context
            .activity
            .failed(route.instance, says == Says::Poll, words.to_owned());
    }
}

fn is_by_person(update: &Value) -> bool {
    ["message", "edited_message"]
        .iter()
        .any(|kind| update[kind]["from"]["is_bot"] == false)
}

/// Telegram's words, unless they only say that there was nothing to change.
fn words(json: &Value, front_token: &str) -> Option<String> {
    let said = json["description"]
        .as_str()
        .unwrap_or("Telegram refused the call");
    if said.contains("message is not modified") {
        return None;
    }
    let plain = said.replace(front_token, "…");
    Some(
        plain
            .chars()
            .filter(|c| !c.is_control())
            .take(WORDS)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writing_and_polling_are_told_from_the_rest() {
        assert_eq!(says("getUpdates"), Some(Says::Poll));
        assert_eq!(says("sendMessage"), Some(Says::Send));
        assert_eq!(says("editMessageText"), Some(Says::Send));
        for quiet in ["sendChatAction", "getMe", "setMyCommands", "deleteMessage"] {
            assert_eq!(says(quiet), None, "{quiet}");
        }
    }

    #[test]
    fn a_bots_message_is_nobodys() {
        let by = |is_bot: bool| json!({ "message": { "from": { "is_bot": is_bot } } });
        assert!(is_by_person(&by(false)) && !is_by_person(&by(true)));
        assert!(!is_by_person(&json!({ "poll": {} })));
    }

    #[test]
    fn words_are_one_line_without_the_token() {
        let said = |text: &str| words(&json!({ "description": text }), "12:front");
        assert_eq!(said("no\n12:front").as_deref(), Some("no…"));
        assert_eq!(said("Bad Request: message is not modified: same"), None);
    }
}
