//! The methods, except `getUpdates`, which waits. Each is a plain function over one bot; unknown names are 404.

mod edit;
mod profile;
mod send;

use serde_json::{Value, json};

use super::{
    answer::{Outcome, Refusal},
    bot::Bot,
    param::Params,
};

type Handler = fn(&mut Bot, &Params) -> Outcome;

/// Telegram's spelling and what it does. Telegram takes any letter case.
const METHODS: &[(&str, Handler)] = &[
    ("getMe", |bot, _| Ok(bot.me())),
    ("setWebhook", set_webhook),
    ("deleteWebhook", |bot, params| {
        Ok(delete_webhook(bot, params))
    }),
    ("getWebhookInfo", |bot, _| Ok(webhook_info(bot))),
    ("logOut", |_, _| Ok(true.into())),
    ("close", |_, _| Ok(true.into())),
    ("getFile", get_file),
    ("getChat", |bot, params| {
        send::chat(bot, params).map(|id| bot.chat(id).cloned().into())
    }),
    ("getChatMember", get_chat_member),
    ("sendMessage", send::message),
    ("sendRichMessage", send::rich_message),
    ("sendMediaGroup", send::media_group),
    ("sendLocation", send::location),
    ("sendVenue", send::venue),
    ("sendPoll", send::poll),
    ("sendChatAction", send::chat_action),
    ("sendMessageDraft", |bot, params| {
        send::chat(bot, params).map(|_| true.into())
    }),
    ("editMessageText", edit::text),
    ("editMessageCaption", edit::caption),
    ("editMessageReplyMarkup", edit::reply_markup),
    ("deleteMessage", edit::delete),
    ("setMessageReaction", edit::on_message),
    ("pinChatMessage", edit::on_message),
    ("unpinChatMessage", |bot, params| {
        send::chat(bot, params).map(|_| true.into())
    }),
    ("answerCallbackQuery", answer_callback_query),
    ("createForumTopic", create_forum_topic),
    ("editForumTopic", |bot, params| {
        send::chat(bot, params).map(|_| true.into())
    }),
    ("closeForumTopic", |bot, params| {
        send::chat(bot, params).map(|_| true.into())
    }),
    ("setMyCommands", profile::set_commands),
    ("getMyCommands", |bot, params| {
        Ok(profile::get_commands(bot, params))
    }),
    ("deleteMyCommands", |bot, params| {
        Ok(profile::delete_commands(bot, params))
    }),
    ("setMyName", |bot, params| {
        profile::set(bot, params, "name", 64)
    }),
    ("setMyDescription", |bot, params| {
        profile::set(bot, params, "description", 512)
    }),
    ("setMyShortDescription", |bot, params| {
        profile::set(bot, params, "short_description", 120)
    }),
    ("getMyName", |bot, _| Ok(profile::get(bot, "name"))),
    ("getMyDescription", |bot, _| {
        Ok(profile::get(bot, "description"))
    }),
    ("getMyShortDescription", |bot, _| {
        Ok(profile::get(bot, "short_description"))
    }),
];

/// Answers one call; `None` for a method that Telegram does not have, or this stub does not.
pub(super) fn call(bot: &mut Bot, method: &str, params: &Params) -> Option<Outcome> {
    if let Some(sending) = send::media_of(method) {
        return Some(send::media(bot, params, sending));
    }
    let found = METHODS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(method))?;
    Some(found.1(bot, params))
}

fn set_webhook(bot: &mut Bot, params: &Params) -> Outcome {
    let url = params.text("url").unwrap_or_default();
    if !url.is_empty() && !url.starts_with("https://") {
        return Err(Refusal::bad(
            "bad webhook: An HTTPS URL must be provided for webhook",
        ));
    }
    bot.webhook = Some(url).filter(|url| !url.is_empty());
    drop_pending(bot, params);
    Ok(true.into())
}

fn delete_webhook(bot: &mut Bot, params: &Params) -> Value {
    bot.webhook = None;
    drop_pending(bot, params);
    true.into()
}

fn drop_pending(bot: &mut Bot, params: &Params) {
    if params.flag("drop_pending_updates") {
        bot.queue.clear();
    }
}

fn webhook_info(bot: &Bot) -> Value {
    json!({
        "url": bot.webhook.as_deref().unwrap_or_default(), "has_custom_certificate": false,
        "pending_update_count": bot.queue.len(),
    })
}

fn get_file(bot: &mut Bot, params: &Params) -> Outcome {
    let id = params.text("file_id").unwrap_or_default();
    let Some((path, bytes)) = bot.files.get(&id) else {
        return Err(Refusal::bad("invalid file_id"));
    };
    Ok(json!({ "file_id": id, "file_unique_id": id, "file_size": bytes.len(), "file_path": path }))
}

fn get_chat_member(bot: &mut Bot, params: &Params) -> Outcome {
    send::chat(bot, params)?;
    let Some(user) = params.int("user_id") else {
        return Err(Refusal::bad("invalid user_id specified"));
    };
    let is_bot = user == bot.id;
    Ok(
        json!({ "status": "member", "user": { "id": user, "is_bot": is_bot, "first_name": "member" } }),
    )
}

fn answer_callback_query(_: &mut Bot, params: &Params) -> Outcome {
    if params.has("callback_query_id") {
        return Ok(true.into());
    }
    Err(Refusal::bad(
        "query is too old and response timeout expired or query ID is invalid",
    ))
}

fn create_forum_topic(bot: &mut Bot, params: &Params) -> Outcome {
    send::chat(bot, params)?;
    let Some(name) = params.text("name").filter(|name| !name.is_empty()) else {
        return Err(Refusal::bad("TOPIC_TITLE_EMPTY"));
    };
    let id = bot.next_message_id();
    Ok(json!({ "message_thread_id": id, "name": name, "icon_color": 7_322_096 }))
}
