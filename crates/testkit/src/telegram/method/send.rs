//! Methods that put something into a chat.

use serde_json::{Value, json};

use super::super::{
    answer::{Outcome, Refusal},
    bot::Bot,
    html,
    param::Params,
    sent::SentMessage,
};

/// Longest text and longest caption, UTF-16 units after the mark-up is gone.
const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;

/// A method that sends one file, and the parameter that holds it.
pub(super) type Sending = (&'static str, &'static str);

const MEDIA: &[Sending] = &[
    ("sendPhoto", "photo"),
    ("sendDocument", "document"),
    ("sendAudio", "audio"),
    ("sendVideo", "video"),
    ("sendVoice", "voice"),
    ("sendVideoNote", "video_note"),
    ("sendAnimation", "animation"),
    ("sendSticker", "sticker"),
];

const ACTIONS: &[&str] = &[
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// The entry of a file-sending method.
pub(super) fn media_of(method: &str) -> Option<Sending> {
    let found = MEDIA.iter();
    found
        .copied()
        .find(|(name, _)| name.eq_ignore_ascii_case(method))
}

/// `chat_id`, of a chat that the bot has heard of.
pub(super) fn chat(bot: &Bot, params: &Params) -> Result<i64, Refusal> {
    if !params.has("chat_id") {
        return Err(Refusal::bad("chat_id is empty"));
    }
    let id = params.int("chat_id");
    id.filter(|id| bot.chat(*id).is_some())
        .ok_or_else(|| Refusal::bad("chat not found"))
}

pub(super) fn message(bot: &mut Bot, params: &Params) -> Outcome {
    let chat_id = chat(bot, params)?;
    let text = text(params, "text", MAX_TEXT, "message is too long")?;
    if text.plain.trim().is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    keep(bot, params, "sendMessage", chat_id, text)
}

pub(super) fn media(bot: &mut Bot, params: &Params, (method, field): Sending) -> Outcome {
    let chat_id = chat(bot, params)?;
    if !params.has(field) {
        return Err(Refusal::bad(&format!("there is no {field} in the request")));
    }
    let caption = text(
        params,
        "caption",
        MAX_CAPTION,
        "message caption is too long",
    )?;
    keep(bot, params, method, chat_id, caption)
}

pub(super) fn media_group(bot: &mut Bot, params: &Params) -> Outcome {
    let chat_id = chat(bot, params)?;
    let items = match params.json("media") {
        Some(Value::Array(items)) if (1..=10).contains(&items.len()) => items,
        Some(Value::Array(_)) => return Err(Refusal::bad("wrong number of media specified")),
        _ => return Err(Refusal::bad("can't parse media JSON object")),
    };
    let messages = items.iter().map(|item| {
        let caption = Text::literal(item["caption"].as_str().unwrap_or_default());
        keep(bot, params, "sendMediaGroup", chat_id, caption)
    });
    messages.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

pub(super) fn rich_message(bot: &mut Bot, params: &Params) -> Outcome {
    let chat_id = chat(bot, params)?;
    match params.json("rich_message") {
        Some(Value::Object(rich)) => {
            let text = Text::literal(&Value::Object(rich).to_string());
            keep(bot, params, "sendRichMessage", chat_id, text)
        }
        _ => Err(Refusal::bad("message text is empty")),
    }
}

pub(super) fn location(bot: &mut Bot, params: &Params) -> Outcome {
    placed(bot, params, "sendLocation", &["latitude", "longitude"])
}

pub(super) fn venue(bot: &mut Bot, params: &Params) -> Outcome {
    placed(
        bot,
        params,
        "sendVenue",
        &["latitude", "longitude", "title", "address"],
    )
}

pub(super) fn poll(bot: &mut Bot, params: &Params) -> Outcome {
    placed(bot, params, "sendPoll", &["question", "options"])
}

pub(super) fn chat_action(bot: &mut Bot, params: &Params) -> Outcome {
    chat(bot, params)?;
    let action = params.text("action").unwrap_or_default();
    if ACTIONS.contains(&action.as_str()) {
        return Ok(true.into());
    }
    Err(Refusal::bad("wrong parameter action in request"))
}

fn placed(bot: &mut Bot, params: &Params, method: &'static str, needed: &[&str]) -> Outcome {
    let chat_id = chat(bot, params)?;
    if let Some(missing) = needed.iter().find(|name| !params.has(name)) {
        return Err(Refusal::bad(&format!("{missing} is empty")));
    }
    keep(bot, params, method, chat_id, Text::literal(""))
}

/// A text as sent and as read.
pub(super) struct Text {
    pub(super) sent: String,
    pub(super) plain: String,
    pub(super) parse_mode: Option<String>,
}

impl Text {
    fn literal(text: &str) -> Self {
        Self {
            sent: text.to_owned(),
            plain: text.to_owned(),
            parse_mode: None,
        }
    }
}

/// Reads a text parameter with its `parse_mode`; absent is empty.
pub(super) fn text(
    params: &Params,
    name: &str,
    max: usize,
    too_long: &str,
) -> Result<Text, Refusal> {
    let sent = params.text(name).unwrap_or_default();
    let parse_mode = params.text("parse_mode").filter(|mode| !mode.is_empty());
    let plain = html::plain(&sent, parse_mode.as_deref()).map_err(|why| Refusal::bad(&why))?;
    if plain.encode_utf16().count() > max {
        return Err(Refusal::bad(too_long));
    }
    Ok(Text {
        sent,
        plain,
        parse_mode,
    })
}

fn keep(bot: &mut Bot, params: &Params, method: &'static str, chat_id: i64, text: Text) -> Outcome {
    replied(bot, params)?;
    let message = SentMessage {
        method,
        chat_id,
        message_id: bot.next_message_id(),
        text: text.sent,
        parse_mode: text.parse_mode,
        parameters: params.0.clone(),
    };
    Ok(bot.keep(message, &text.plain))
}

/// A reply must point at a message that exists, unless it says that it need not.
fn replied(bot: &Bot, params: &Params) -> Result<(), Refusal> {
    let reply = params.json("reply_parameters").unwrap_or(json!({}));
    let target = reply["message_id"]
        .as_i64()
        .or(params.int("reply_to_message_id"));
    let lenient =
        reply["allow_sending_without_reply"] == true || params.flag("allow_sending_without_reply");
    match target {
        Some(id) if !lenient && !bot.has_message(id) => {
            Err(Refusal::bad("message to be replied not found"))
        }
        _ => Ok(()),
    }
}
