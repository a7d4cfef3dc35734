//! Methods that change how a bot presents itself.

use serde_json::{Value, json};

use super::super::{
    answer::{Outcome, Refusal},
    bot::{Bot, Command},
    param::Params,
};

pub(super) fn set_commands(bot: &mut Bot, params: &Params) -> Outcome {
    let list = params.json("commands").unwrap_or_default();
    let Ok(commands) = serde_json::from_value::<Vec<Command>>(list) else {
        return Err(Refusal::bad("can't parse commands JSON object"));
    };
    if commands.len() > 100 {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    if !commands.iter().all(|c| is_name(&c.command)) {
        return Err(Refusal::bad("BOT_COMMAND_INVALID"));
    }
    if !commands
        .iter()
        .all(|c| (1..=256).contains(&c.description.chars().count()))
    {
        return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    bot.menus.insert(menu(params), commands);
    Ok(true.into())
}

pub(super) fn get_commands(bot: &Bot, params: &Params) -> Value {
    let commands = bot.menus.get(&menu(params));
    json!(commands.map(Vec::as_slice).unwrap_or_default())
}

pub(super) fn delete_commands(bot: &mut Bot, params: &Params) -> Value {
    bot.menus.remove(&menu(params));
    true.into()
}

pub(super) fn set(bot: &mut Bot, params: &Params, field: &'static str, max: usize) -> Outcome {
    let text = params.text(field).unwrap_or_default();
    if text.chars().count() > max {
        return Err(Refusal::bad(&format!(
            "bot {} is too long",
            field.replace('_', " ")
        )));
    }
    bot.profile.insert(field, text);
    Ok(true.into())
}

pub(super) fn get(bot: &Bot, field: &'static str) -> Value {
    json!({ field: bot.profile.get(field).map(String::as_str).unwrap_or_default() })
}

/// Lower-case letters, digits and underscores, 1 to 32 of them.
fn is_name(command: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=32).contains(&command.len()) && command.bytes().all(known)
}

/// Menus differ by scope and language.
fn menu(params: &Params) -> String {
    let scope = params.json("scope").unwrap_or_default();
    let scope = scope["type"].as_str().unwrap_or("default");
    format!(
        "{scope}/{}",
        params.text("language_code").unwrap_or_default()
    )
}
