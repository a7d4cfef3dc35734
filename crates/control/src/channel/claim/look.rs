//! Looking for the person who pressed Start. Everything up to and including their `/start` is told to be read, so that the agent does not
//! see the code; what came later waits for the agent.

use creel_db::{channel, claim as rows};
use creel_domain::{ClaimId, Permission, channel::ChannelKind};
use serde_json::{Value, json};
use std::time::Duration;

use super::{
    super::{
        bot_api::{Answer, BotApi, Refused, away},
        telegram,
    },
    Claim, Claimant,
};
use crate::{Caller, Core, Error, Result, audit};

/// Telegram is asked at most so often per claim, however many tabs are open.
const PAUSE: Duration = Duration::from_secs(1);
/// What Telegram gives at once.
const UPDATES: usize = 100;
/// Longest name that is kept, characters.
const NAME: usize = 64;

/// Asks Telegram whether somebody has pressed Start, at most once a second; in between it answers what is known.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when something else receives the bot's messages; [`Error::Upstream`].
pub async fn look(core: &Core, caller: &Caller, id: ClaimId) -> Result<Claim> {
    caller.require(Permission::InstanceWrite)?;
    let claim = super::get(core, caller, id).await?;
    if claim.claimed.is_some() && claim.unconfirmed.is_none() {
        return Ok(claim);
    }
    if !take_turn(core, id).await? {
        return super::get(core, caller, id).await;
    }
    unused(core, &claim).await?;
    if claim.claimed.is_none() {
        let Some((update, who)) = find(core, &claim).await? else {
            return Ok(claim);
        };
        remember(core, caller, id, update, &who).await?;
    }
    let claim = super::get(core, caller, id).await?;
    settle(core, &claim).await;
    Ok(claim)
}

async fn take_turn(core: &Core, id: ClaimId) -> Result<bool> {
    let tx = core.db.begin().await?;
    let mine = rows::take_turn(&tx, id, core.now(), PAUSE).await?;
    tx.commit().await?;
    Ok(mine)
}

/// An instance that has the bot by now reads its messages; asking Telegram as well would cut its polls.
async fn unused(core: &Core, claim: &Claim) -> Result<()> {
    let kind = ChannelKind::Telegram;
    match channel::find_by_external(core.db.read(), kind, &claim.bot_id).await? {
        Some(_) => Err(telegram::in_use()),
        None => Ok(()),
    }
}

/// The update with the right `/start`, and who sent it.
async fn find(core: &Core, claim: &Claim) -> Result<Option<(i64, Claimant)>> {
    let updates = updates(core, claim, None, UPDATES).await?;
    let updates = updates.map_err(explain)?;
    let found = updates
        .iter()
        .find_map(|update| started(update, &claim.code));
    if found.is_none() && updates.len() == UPDATES {
        return Err(Error::conflict(
            "telegram_backlog",
            "so many older messages wait for this bot that the new one cannot be seen",
            "Make a new bot with BotFather, or give your numeric Telegram id by hand.",
        ));
    }
    Ok(found)
}

async fn updates(
    core: &Core,
    claim: &Claim,
    offset: Option<i64>,
    limit: usize,
) -> Result<Answer<Vec<Value>>> {
    let (base, token) = (super::base(core, claim), super::token(core, claim).await?);
    let api = BotApi {
        core,
        base: &base,
        token: &token,
    };
    api.updates(offset, limit).await
}

/// In a private chat, by a person, with exactly this code.
fn started(update: &Value, code: &str) -> Option<(i64, Claimant)> {
    let message = &update["message"];
    let text = message["text"].as_str()?;
    let (from, private) = (&message["from"], message["chat"]["type"] == "private");
    let right = text
        .strip_prefix("/start ")
        .is_some_and(|rest| rest.trim() == code);
    if !right || !private || from["is_bot"] == true {
        return None;
    }
    let names = ["first_name", "last_name"].map(|name| from[name].as_str().unwrap_or_default());
    let who = Claimant {
        id: from["id"].as_i64()?,
        name: plain(&names.join(" ")),
        username: from["username"].as_str().map(plain),
    };
    Some((update["update_id"].as_i64()?, who))
}

/// A stranger chose these words; they are shown to people.
fn plain(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| creel_domain::name::is_plain(*c))
        .take(NAME)
        .collect();
    kept.trim().to_owned()
}

async fn remember(
    core: &Core,
    caller: &Caller,
    id: ClaimId,
    update: i64,
    who: &Claimant,
) -> Result<()> {
    let tx = core.db.begin().await?;
    if rows::set_claimed(&tx, id, who, update).await? {
        let detail = json!({ "person": who.id });
        let target = id.to_string();
        audit::by_caller(core, &tx, caller, "telegram.claim.look", &target, detail).await?;
    }
    Ok(tx.commit().await?)
}

/// Tells Telegram that the `/start` and what came before it are read. If that fails, the next look or the connect tries again; the worst that can
/// happen is that the agent is greeted with a code.
pub(crate) async fn settle(core: &Core, claim: &Claim) {
    let Some(update) = claim.unconfirmed else {
        return;
    };
    if let Err(error) = confirm(core, claim, update).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, claim = %claim.id, "telegram could not be told that {} was read", claim.id);
    }
}

async fn confirm(core: &Core, claim: &Claim, update: i64) -> Result<()> {
    let told = updates(core, claim, Some(update.saturating_add(1)), 1).await?;
    told.map_err(explain)?;
    let tx = core.db.begin().await?;
    rows::set_confirmed(&tx, claim.id).await?;
    Ok(tx.commit().await?)
}

/// Telegram's refusals of `getUpdates`, for people.
fn explain(refused: Refused) -> Error {
    let Refused {
        status,
        description,
    } = refused;
    match status {
        409 if description.contains("webhook") => Error::conflict(
            "telegram_webhook_set",
            "this bot sends its messages to another address (it has a webhook)",
            "Remove the webhook where the bot was used before, or make a new bot with BotFather.",
        ),
        409 => Error::conflict(
            "telegram_polled_elsewhere",
            "another program is reading this bot's messages",
            "Stop that program, or make a new bot with BotFather.",
        ),
        401 | 404 => Error::conflict(
            "telegram_token_refused",
            format!("Telegram no longer accepts the token: {description}"),
            "Ask BotFather for the token again with /token and enter it anew.",
        ),
        _ => away(&description),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(text: &str, chat: &str, is_bot: bool) -> Value {
        let from = json!({ "id": 42, "is_bot": is_bot, "first_name": "Al\u{202E}ice", "last_name": "A", "username": "alice" });
        json!({ "update_id": 7, "message": { "text": text, "chat": { "type": chat }, "from": from } })
    }

    #[test]
    fn only_a_persons_private_start_with_the_code_counts() {
        let (id, who) = started(&update("/start Abc234", "private", false), "Abc234").unwrap();
        assert_eq!((id, who.id, who.name.as_str()), (7, 42, "Alice A"));
        for (text, chat, is_bot) in [
            ("/start", "private", false),
            ("/start abc234", "private", false),
            ("/start Abc2345", "private", false),
            ("Abc234", "private", false),
            ("/start Abc234", "supergroup", false),
            ("/start Abc234", "private", true),
        ] {
            assert!(
                started(&update(text, chat, is_bot), "Abc234").is_none(),
                "{text} {chat}"
            );
        }
        assert!(started(&Value::Null, "Abc234").is_none());
    }
}
