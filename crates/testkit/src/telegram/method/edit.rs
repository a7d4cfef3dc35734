//! Methods that change or mark a message that is there.

use super::{
    super::{
        answer::{Outcome, Refusal},
        bot::Bot,
        param::Params,
        sent::SentMessage,
    },
    send,
};

pub(super) fn text(bot: &mut Bot, params: &Params) -> Outcome {
    let text = send::text(params, "text", 4096, "message is too long")?;
    if text.plain.trim().is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    rewrite(bot, params, text)
}

pub(super) fn caption(bot: &mut Bot, params: &Params) -> Outcome {
    let text = send::text(params, "caption", 1024, "message caption is too long")?;
    rewrite(bot, params, text)
}

pub(super) fn reply_markup(bot: &mut Bot, params: &Params) -> Outcome {
    let message = find(bot, params, "message to edit not found")?.clone();
    Ok(bot.shown(&message, &message.text))
}

pub(super) fn delete(bot: &mut Bot, params: &Params) -> Outcome {
    let chat_id = send::chat(bot, params)?;
    // A bot may also delete what it was sent; only a number that never was is refused.
    let Some(id) = params.int("message_id").filter(|id| bot.has_message(*id)) else {
        return Err(Refusal::bad("message to delete not found"));
    };
    bot.delete_message(chat_id, id);
    Ok(true.into())
}

pub(super) fn on_message(bot: &mut Bot, params: &Params) -> Outcome {
    send::chat(bot, params)?;
    match params.int("message_id") {
        Some(id) if bot.has_message(id) => Ok(true.into()),
        _ => Err(Refusal::bad("message not found")),
    }
}

fn rewrite(bot: &mut Bot, params: &Params, text: send::Text) -> Outcome {
    let message = find(bot, params, "message to edit not found")?;
    let markup = params.0.get("reply_markup");
    if message.text == text.sent && message.parameters.get("reply_markup") == markup {
        return Err(Refusal::bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current content \
             and reply markup of the message",
        ));
    }
    message.text = text.sent;
    message.parse_mode = text.parse_mode;
    message.parameters.extend(params.0.clone());
    let message = message.clone();
    Ok(bot.shown(&message, &text.plain))
}

fn find<'a>(
    bot: &'a mut Bot,
    params: &Params,
    missing: &str,
) -> Result<&'a mut SentMessage, Refusal> {
    let chat_id = send::chat(bot, params)?;
    let id = params.int("message_id").unwrap_or_default();
    bot.message_mut(chat_id, id)
        .ok_or_else(|| Refusal::bad(missing))
}
