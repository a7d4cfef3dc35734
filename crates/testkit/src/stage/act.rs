//! What can be done on the stage: one path each, its arguments as JSON in the body.

use std::time::Duration;

use creel_domain::usage::Usage;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Props;
use crate::{
    llm,
    telegram::{self, Person},
};

type Acted = Result<Value, String>;

/// Does it, or says why not.
pub(super) fn act(props: &Props, path: &str, body: &[u8]) -> Acted {
    match path {
        "bot/add" => add_bot(props, &read(body)?),
        "bot/revoke" => {
            props.telegram.revoke_bot(&read::<Token>(body)?.token);
            Ok(Value::Null)
        }
        "bot/sent" => Ok(sent(props, &read(body)?)),
        "bot/calls" => Ok(calls(props, &read(body)?)),
        "say" => say(props, &read(body)?),
        "telegram/weather" => {
            telegram_weather(props, &read(body)?);
            Ok(Value::Null)
        }
        "llm/reply" => {
            reply(props, &read(body)?);
            Ok(Value::Null)
        }
        "llm/key" => {
            key(props, &read(body)?);
            Ok(Value::Null)
        }
        "llm/calls" => Ok(props.llm.calls().iter().map(heard).collect()),
        _ => Err(format!("nothing is played at /{path}")),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
struct NewBot {
    token: String,
    username: String,
    name: Option<String>,
}

fn add_bot(props: &Props, bot: &NewBot) -> Acted {
    props.telegram.add_bot(&bot.token, &bot.username);
    if let Some(name) = &bot.name {
        let named = props.telegram.name_bot(&bot.token, name);
        named.map_err(|error| error.to_string())?;
    }
    Ok(Value::Null)
}

/// A person writes to a bot in private.
#[derive(Deserialize)]
struct Words {
    token: String,
    from: i64,
    name: String,
    username: Option<String>,
    text: String,
}

fn say(props: &Props, words: &Words) -> Acted {
    let mut person = Person::new(words.from, &words.name);
    person.username.clone_from(&words.username);
    let pushed = props
        .telegram
        .push_message(&words.token, words.from, &person, &words.text);
    pushed
        .map(|id| json!({ "update_id": id }))
        .map_err(|error| error.to_string())
}

fn sent(props: &Props, of: &Token) -> Value {
    let messages = props.telegram.sent(&of.token);
    messages
        .iter()
        .map(|message| json!({ "chat_id": message.chat_id, "text": message.text }))
        .collect()
}

fn calls(props: &Props, of: &Token) -> Value {
    let calls = props.telegram.calls(&of.token);
    calls
        .iter()
        .map(|call| json!({ "method": call.method, "status": call.status }))
        .collect()
}

/// How a service is: well when nothing is said.
#[derive(Deserialize)]
struct Weather {
    #[serde(default)]
    down: bool,
    status: Option<u16>,
    slow_ms: Option<u64>,
}

fn telegram_weather(props: &Props, weather: &Weather) {
    use telegram::Fault;
    let fault = match weather {
        Weather { down: true, .. } => Some(Fault::HangUp),
        Weather {
            status: Some(status),
            ..
        } => Some(Fault::refuse(*status, "Internal Server Error")),
        Weather {
            slow_ms: Some(slow),
            ..
        } => Some(Fault::Delay(Duration::from_millis(*slow))),
        _ => None,
    };
    props.telegram.fail_all(fault);
}

/// What the model says from now on.
#[derive(Deserialize)]
struct NextReply {
    text: Option<String>,
    #[serde(default)]
    down: bool,
    status: Option<u16>,
    slow_ms: Option<u64>,
    input: Option<u64>,
    output: Option<u64>,
}

fn reply(props: &Props, next: &NextReply) {
    use llm::{Fault, Reply};
    let text = next.text.as_deref();
    let mut reply = text.map_or_else(Reply::default, Reply::text);
    if let (Some(input), Some(output)) = (next.input, next.output) {
        reply = reply.costing(Usage {
            input,
            output,
            ..Usage::default()
        });
    }
    let fault = match next {
        NextReply { down: true, .. } => Some(Fault::HangUp),
        NextReply {
            status: Some(status),
            ..
        } => Some(Fault::Status(*status)),
        NextReply {
            slow_ms: Some(slow),
            ..
        } => Some(Fault::Drip(Duration::from_millis(*slow))),
        _ => None,
    };
    if let Some(fault) = fault {
        reply = reply.failing(fault);
    }
    props.llm.set_default(reply);
}

/// The one key that the vendor knows, and what it says to any other.
#[derive(Deserialize)]
struct Key {
    accept: Option<String>,
    refusal: Option<String>,
}

fn key(props: &Props, key: &Key) {
    match &key.accept {
        Some(key) => props.llm.require_key(key),
        None => props.llm.accept_any_key(),
    }
    props.llm.refuse_with(key.refusal.as_deref());
}

fn heard(call: &llm::Call) -> Value {
    json!({ "path": call.path, "model": call.body["model"], "status": call.status })
}
