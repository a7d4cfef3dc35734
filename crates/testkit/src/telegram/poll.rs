//! `getUpdates`: the one method that waits. One poll at a time per bot; a newer one ends the older with 409.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::{
    answer::{Outcome, Refusal},
    bot::Bot,
    param::Params,
    route::State,
};

/// Telegram holds a poll no longer than this.
const MAX_TIMEOUT: u64 = 50;

/// What a poll asked for.
struct Ask {
    offset: i64,
    limit: usize,
    number: u64,
}

/// Answers at once when something waits, else at the first update, at the timeout, or when it is superseded.
pub(super) async fn get_updates(state: &State, token: &str, params: &Params) -> Outcome {
    let timeout = params.int("timeout").and_then(|t| u64::try_from(t).ok());
    let deadline = Instant::now() + Duration::from_secs(timeout.unwrap_or(0).min(MAX_TIMEOUT));
    let mut changed = state.changed.subscribe();
    let ask = with_bot(state, token, |bot| begin(bot, params))??;
    // Others wait for `changed`: an older poll must see at once that it is no longer the newest.
    state.changed.send_replace(());
    loop {
        let updates = with_bot(state, token, |bot| look(bot, &ask))??;
        if !updates.is_empty() || Instant::now() >= deadline {
            return Ok(Value::Array(updates));
        }
        let _ = tokio::time::timeout_at(deadline, changed.changed()).await;
    }
}

fn begin(bot: &mut Bot, params: &Params) -> Result<Ask, Refusal> {
    refuse_webhook(bot)?;
    if let Some(Value::Array(kinds)) = params.json("allowed_updates") {
        let kinds = kinds.iter().filter_map(Value::as_str).map(str::to_owned);
        bot.queue.allow(kinds.collect());
    }
    let limit = params.int("limit").filter(|l| (1..=100).contains(l));
    bot.newest_poll += 1;
    Ok(Ask {
        offset: params.int("offset").unwrap_or(0),
        limit: limit.and_then(|l| usize::try_from(l).ok()).unwrap_or(100),
        number: bot.newest_poll,
    })
}

fn look(bot: &mut Bot, ask: &Ask) -> Result<Vec<Value>, Refusal> {
    if bot.newest_poll != ask.number {
        return Err(Refusal::conflict(
            "terminated by other getUpdates request; make sure that only one bot instance is running",
        ));
    }
    refuse_webhook(bot)?;
    bot.queue.confirm(ask.offset);
    Ok(bot.queue.first(ask.limit))
}

fn refuse_webhook(bot: &Bot) -> Result<(), Refusal> {
    if bot.webhook.is_none() {
        return Ok(());
    }
    Err(Refusal::conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ))
}

fn with_bot<T>(state: &State, token: &str, look: impl FnOnce(&mut Bot) -> T) -> Result<T, Refusal> {
    // Revoked while it was being polled.
    state
        .with_bot(token, look)
        .map_err(|_| Refusal::unauthorized())
}
