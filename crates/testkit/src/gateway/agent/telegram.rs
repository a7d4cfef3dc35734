//! The Telegram channel: the same calls as OpenClaw's, in the same order.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{super::state::State, http::Http, turn};

/// Seconds a poll is held; OpenClaw asks for 30.
const POLL: u64 = 30;
/// Deadline of a poll, and of any other call, as OpenClaw's.
const POLL_LIMIT: Duration = Duration::from_secs(45);
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// Pause after a failure. OpenClaw begins with a second; tests are in a hurry.
const PAUSE: Duration = Duration::from_millis(200);

struct Bot {
    http: Http,
    base: String,
}

/// An unsuccessful call.
struct Failed {
    status: u16,
    description: String,
    retry_after: Option<u64>,
}

/// Polls and answers; returns when the channel is off, or refused for good.
pub(super) async fn run(state: &Arc<State>, config: &Value) {
    let channel = &config["channels"]["telegram"];
    if channel.is_null() || channel["enabled"] == false {
        return;
    }
    let Some(bot) = Bot::of(state, channel) else {
        return state.set_telegram_error(Some("no token or apiRoot".to_owned()));
    };
    loop {
        let Err(failed) = bot.work(state, channel).await;
        state.set_telegram_error(Some(format!("{}: {}", failed.status, failed.description)));
        if [401, 404].contains(&failed.status) {
            return;
        }
        let pause = failed.retry_after.map_or(PAUSE, Duration::from_secs);
        tokio::time::sleep(pause).await;
    }
}

impl Bot {
    fn of(state: &State, channel: &Value) -> Option<Self> {
        let root = channel["apiRoot"].as_str()?.trim_end_matches('/');
        let files = state.files();
        let token = match channel["tokenFile"].as_str() {
            Some(path) => files.at(path)?.to_owned(),
            None => channel["botToken"].as_str()?.to_owned(),
        };
        Some(Self {
            http: Http::new(state.source()),
            base: format!("{root}/bot{token}"),
        })
    }

    async fn work(
        &self,
        state: &Arc<State>,
        channel: &Value,
    ) -> Result<std::convert::Infallible, Failed> {
        self.call("getMe", json!({})).await?;
        self.call("deleteWebhook", json!({ "drop_pending_updates": false }))
            .await?;
        self.call("deleteMyCommands", json!({})).await?;
        let commands = json!([{ "command": "help", "description": "Show help" }]);
        self.call("setMyCommands", json!({ "commands": commands }))
            .await?;
        state.say("[telegram] starting provider, polling for updates");
        // The first poll returns at once, as OpenClaw's does, to see whether polling works at all.
        let mut timeout = 0;
        loop {
            let mut ask = json!({ "timeout": timeout, "limit": 100, "allowed_updates": ["message", "message_reaction"] });
            if let Some(last) = state.volume.last_update() {
                ask["offset"] = (last + 1).into();
            }
            let updates = self.call("getUpdates", ask).await?;
            state.set_telegram_error(None);
            timeout = POLL;
            for update in updates.as_array().into_iter().flatten() {
                self.take(state, channel, update).await;
            }
        }
    }

    /// Answers one update; what goes wrong is said in the chat, as far as it can be.
    async fn take(&self, state: &Arc<State>, channel: &Value, update: &Value) {
        if let Some(id) = update["update_id"].as_i64() {
            state.volume.confirm_update(id);
        }
        let message = &update["message"];
        let (Some(chat), Some(text)) = (message["chat"]["id"].as_i64(), message["text"].as_str())
        else {
            return;
        };
        if !may_write(channel, &message["from"]["id"]) {
            return;
        }
        let typing = json!({ "chat_id": chat, "action": "typing" });
        let _ = self.call("sendChatAction", typing).await;
        let said = turn(state, &format!("telegram:{chat}"), text).await;
        if let Err(why) = &said {
            state.say(&format!("[agent] the turn failed: {why}"));
        }
        let answer = said.unwrap_or_else(|why| format!("⚠️ {why}"));
        let answer = json!({ "chat_id": chat, "text": escape(&answer), "parse_mode": "HTML" });
        if let Err(failed) = self.call("sendMessage", answer).await {
            state.set_telegram_error(Some(failed.description));
        }
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, Failed> {
        let limit = if method == "getUpdates" {
            POLL_LIMIT
        } else {
            CALL_LIMIT
        };
        let url = format!("{}/{method}", self.base);
        let (status, body) =
            self.http
                .post(&url, &[], &params, limit)
                .await
                .map_err(|description| Failed {
                    status: 0,
                    description,
                    retry_after: None,
                })?;
        let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status == 200 && body["ok"] == true {
            return Ok(body["result"].take());
        }
        Err(Failed {
            status,
            description: body["description"]
                .as_str()
                .unwrap_or("no answer")
                .to_owned(),
            retry_after: body["parameters"]["retry_after"].as_u64(),
        })
    }
}

/// `dmPolicy` and `allowFrom`; pairing is not played.
fn may_write(channel: &Value, from: &Value) -> bool {
    let from = from.to_string();
    let listed = channel["allowFrom"].as_array().is_some_and(|allowed| {
        let mut allowed = allowed
            .iter()
            .map(|a| a.as_str().map_or_else(|| a.to_string(), str::to_owned));
        allowed.any(|a| a == "*" || a == from)
    });
    ["open", "allowlist"]
        .iter()
        .any(|policy| channel["dmPolicy"] == *policy)
        && listed
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
