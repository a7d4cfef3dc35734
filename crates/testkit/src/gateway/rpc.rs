//! The methods, the same over HTTP and WebSocket. Errors carry OpenClaw's codes.

use std::{sync::Arc, sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};

use super::{
    agent, config,
    state::{State, event},
    suspend, workspace,
};

/// A refusal in the Gateway's words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    code: &'static str,
    message: String,
    details: Option<Value>,
    retry_after: Option<Duration>,
}

/// What a method returns.
pub(super) type Outcome = Result<Value, Problem>;

impl Problem {
    pub(super) fn invalid(message: &str) -> Self {
        Self {
            code: "INVALID_REQUEST",
            message: message.to_owned(),
            details: None,
            retry_after: None,
        }
    }

    pub(super) fn unavailable(message: &str, retry_after: Duration) -> Self {
        Self {
            code: "UNAVAILABLE",
            message: message.to_owned(),
            details: None,
            retry_after: Some(retry_after),
        }
    }

    pub(super) fn with(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// HTTP status of this code.
    pub(super) fn status(&self) -> u16 {
        match self.code {
            "INVALID_REQUEST" => 400,
            "UNAVAILABLE" => 503,
            _ => 500,
        }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(details) = &self.details {
            body["details"] = details.clone();
        }
        if let Some(wait) = self.retry_after {
            body["retryable"] = true.into();
            body["retryAfterMs"] = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).into();
        }
        body
    }
}

/// Methods that only the WebSocket has.
const SOCKET_ONLY: [&str; 3] = ["chat.send", "agents.files.get", "agents.files.set"];

/// Every method, as `hello-ok` announces them.
pub(super) const METHODS: &[&str] = &[
    "health",
    "status",
    "config.get",
    "config.set",
    "config.apply",
    "config.patch",
    "channels.status",
    "channels.start",
    "channels.stop",
    "gateway.suspend.prepare",
    "gateway.suspend.status",
    "gateway.suspend.resume",
    "secrets.reload",
    "cron.list",
    "cron.status",
    "sessions.list",
    "models.list",
    "usage.cost",
    "chat.send",
    "agents.files.get",
    "agents.files.set",
];

/// A call of the admin RPC over HTTP, which has not all methods.
pub(super) fn over_http(state: &Arc<State>, method: &str, params: &Value, user: &str) -> Outcome {
    if SOCKET_ONLY.contains(&method) {
        return Err(Problem::invalid(
            "method is not available over admin HTTP RPC",
        ));
    }
    call(state, method, params, user)
}

/// Answers one call.
pub(super) fn call(state: &Arc<State>, method: &str, params: &Value, user: &str) -> Outcome {
    state.record(method, params, user);
    if !state.is_ready() {
        let details = json!({ "reason": "startup-sidecars" });
        let wait = Duration::from_millis(500);
        return Err(Problem::unavailable("gateway is starting", wait).with(details));
    }
    match method {
        "health" => Ok(health(state)),
        "status" => {
            Ok(json!({ "runtimeVersion": "2026.9.6", "tasks": {}, "sessions": { "count": 0 } }))
        }
        "config.get" => Ok(config::get(state)),
        "config.set" | "config.apply" => config::apply(state, params),
        "config.patch" => config::patch(state, params),
        "channels.status" => Ok(channels(state)),
        "channels.start" | "channels.stop" => Ok(json!({ "channel": params["channel"] })),
        "gateway.suspend.prepare" => suspend::prepare(state, params),
        "gateway.suspend.status" => suspend::status(state, params),
        "gateway.suspend.resume" => suspend::resume(state, params),
        "secrets.reload" => Ok(json!({ "ok": true, "warningCount": 0 })),
        "cron.list" => Ok(json!({ "jobs": [], "total": 0 })),
        "cron.status" => Ok(json!({ "enabled": true, "jobs": 0 })),
        "sessions.list" => Ok(json!({ "count": 0, "sessions": [] })),
        "models.list" => Ok(json!({ "models": [] })),
        "usage.cost" => Ok(json!({ "days": 30, "daily": [], "totals": {} })),
        "agents.files.get" => workspace::get(state, params),
        "agents.files.set" => workspace::set(state, params),
        "chat.send" => chat(state, params),
        _ => Err(Problem::invalid(&format!("unknown method: {method}"))),
    }
}

fn health(state: &State) -> Value {
    let uptime = u64::try_from(state.uptime().as_millis()).unwrap_or(u64::MAX);
    json!({ "ok": true, "durationMs": 1, "uptimeMs": uptime, "defaultAgentId": "main", "plugins": { "loaded": [], "errors": [] } })
}

fn channels(state: &State) -> Value {
    let config = state.config.borrow().clone();
    let configured = config["channels"].as_object();
    let names: Vec<_> = configured
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    let mut channels = json!({});
    for name in &names {
        let enabled = config["channels"][name.as_str()]["enabled"] != false;
        let error = state.telegram_error().filter(|_| *name == "telegram");
        channels[name.as_str()] = json!({ "configured": true, "running": enabled, "lastError": error, "mode": "polling" });
    }
    json!({ "channelOrder": names, "channelLabels": {}, "channels": channels, "channelAccounts": {} })
}

/// Starts a turn; its answer comes as a `chat` event.
fn chat(state: &Arc<State>, params: &Value) -> Outcome {
    let (Some(key), Some(message)) = (
        params["idempotencyKey"].as_str(),
        params["message"].as_str(),
    ) else {
        return Err(Problem::invalid("invalid chat.send params"));
    };
    let (run, message) = (key.to_owned(), message.to_owned());
    let answer = json!({ "runId": run, "status": "started" });
    let (session, turn) = (params["sessionKey"].clone(), Arc::clone(state));
    let conversation = session.as_str().unwrap_or("main").to_owned();
    state.spawn(async move {
        let said = if turn.acts.load(Ordering::Relaxed) {
            agent::turn(&turn, &conversation, &message).await
        } else {
            Ok(format!("stub answer to: {message}"))
        };
        let mut payload = json!({ "runId": run, "sessionKey": session, "seq": 1 });
        match said {
            Ok(text) => {
                payload["state"] = "final".into();
                payload["message"] =
                    json!({ "role": "assistant", "content": [{ "type": "text", "text": text }] });
            }
            Err(why) => {
                payload["state"] = "error".into();
                payload["errorMessage"] = why.into();
            }
        }
        let _ = turn.events.send(event("chat", &payload));
    });
    Ok(answer)
}
