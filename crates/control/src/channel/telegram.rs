//! Connecting a Telegram bot: the token is checked with Telegram before it is kept, kept by us alone, and used by one instance only.

use std::time::Duration;

use creel_db::{Tx, channel, instance as rows, secret as vault, secret::Binding};
use creel_domain::{
    InstanceId, OperationKind, Permission, Plan, Slug,
    channel::{ChannelKind, telegram_bot_id},
    secret as names, token,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::{
    Caller, Core, Error, Result, audit,
    instance::{self, OperationView, TelegramRequest},
    secret::STAYS_WITH_US,
};

// Telegram answers in well under a second; a person waits for this one.
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_ANSWER_BYTES: usize = 64 * 1024;

pub(crate) struct CheckedBot {
    id: u64,
    username: Option<String>,
    token: SecretString,
    allow_from: Vec<i64>,
    api_base: Option<Url>,
}

/// Checks shape, people, duplicates and, with Telegram itself, the token.
pub(crate) async fn check(
    core: &Core,
    caller: &Caller,
    plan: &Plan,
    own: Option<InstanceId>,
    asked: TelegramRequest,
) -> Result<CheckedBot> {
    let id = telegram_bot_id(asked.token.expose_secret()).ok_or_else(|| {
        Error::invalid_with(
            "telegram.token",
            "is not a bot token",
            "BotFather gives one like 123456789:AA… when you send it /newbot.",
        )
    })?;
    people(plan, &asked.allow_from)?;
    let api_base = asked
        .api_base
        .map(|text| loopback(caller, &text))
        .transpose()?;
    let holder =
        channel::find_by_external(core.db.read(), ChannelKind::Telegram, &id.to_string()).await?;
    if holder.is_some_and(|holder| Some(holder.instance) != own) {
        return Err(in_use());
    }
    let base = api_base.as_ref().unwrap_or(&core.options.telegram_api_base);
    let username = get_me(core, base, &asked.token).await?;
    Ok(CheckedBot {
        id,
        username,
        token: asked.token,
        allow_from: asked.allow_from,
        api_base,
    })
}

fn in_use() -> Error {
    Error::conflict(
        "telegram_bot_in_use",
        "another instance uses this bot already",
        "Make a new bot with BotFather, or disconnect it there first.",
    )
}

fn people(plan: &Plan, allow_from: &[i64]) -> Result<()> {
    if allow_from.is_empty() {
        return Err(Error::invalid_with(
            "telegram.allow_from",
            "names nobody who may talk to the agent",
            "Give your numeric Telegram id; @userinfobot tells it.",
        ));
    }
    if allow_from.len() > plan.people as usize {
        let message = format!(
            "the plan {} lets {} person(s) talk to the agent; {} are named",
            plan.name,
            plan.people,
            allow_from.len()
        );
        return Err(Error::PlanLimit { message });
    }
    Ok(())
}

/// Only an operator may point a bot at another Bot API, and only at this host: the self-test's stub lives there.
fn loopback(caller: &Caller, text: &str) -> Result<Url> {
    let url: Url = text
        .parse()
        .map_err(|_| Error::invalid("telegram.api_base", "is not a URL"))?;
    let local = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    if caller.is_operator && local {
        Ok(url)
    } else {
        Err(Error::invalid(
            "telegram.api_base",
            "may be set only by an operator and only to a loopback address",
        ))
    }
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    result: Option<Me>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Me {
    is_bot: bool,
    username: Option<String>,
}

async fn get_me(core: &Core, base: &Url, token: &SecretString) -> Result<Option<String>> {
    let url = format!(
        "{}/bot{}/getMe",
        base.as_str().trim_end_matches('/'),
        token.expose_secret()
    );
    // The URL holds the token: no error that leaves here may print it.
    let unreachable = |e: reqwest::Error| Error::Upstream {
        service: "Telegram",
        message: e.without_url().to_string(),
    };
    let mut response = core
        .http
        .get(url)
        .timeout(TIMEOUT)
        .send()
        .await
        .map_err(unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER_BYTES {
            return Err(Error::Upstream {
                service: "Telegram",
                message: "the answer is too long".to_owned(),
            });
        }
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| Error::Upstream {
        service: "Telegram",
        message: "the answer is not JSON".to_owned(),
    })?;
    match answer.result {
        Some(me) if answer.ok && me.is_bot => Ok(me.username),
        _ => {
            let said = answer
                .description
                .unwrap_or_else(|| "no reason given".to_owned());
            Err(Error::invalid_with(
                "telegram.token",
                format!("Telegram refused it: {said}"),
                "Ask BotFather for the token again with /token.",
            ))
        }
    }
}

/// Writes channel and tokens. The front token is what the instance believes is its bot token; it opens nothing but our own front.
pub(crate) async fn write(
    core: &Core,
    tx: &Tx,
    instance: &rows::Instance,
    bot: CheckedBot,
) -> Result<()> {
    let now = core.now();
    let base = bot
        .api_base
        .as_ref()
        .unwrap_or(&core.options.telegram_api_base)
        .to_string();
    let settings = channel::Settings {
        bot_username: bot.username,
        allow_from: bot.allow_from,
        api_base: bot.api_base.map(|url| url.to_string()),
    };
    let row = channel::Channel {
        id: core.id(),
        instance: instance.id,
        kind: ChannelKind::Telegram,
        external_id: Some(bot.id.to_string()),
        settings,
        updated_at: now,
    };
    channel::put(tx, &row).await.map_err(|e| {
        if matches!(e, creel_db::Error::Conflict(_)) {
            in_use()
        } else {
            e.into()
        }
    })?;
    let ring = core.vault.reload()?;
    let front: SecretString = front_token(core, bot.id).into();
    for (name, host, value) in [
        (names::TELEGRAM_BOT_TOKEN, base.as_str(), &bot.token),
        (names::TELEGRAM_FRONT_TOKEN, STAYS_WITH_US, &front),
    ] {
        let binding = Binding {
            tenant: instance.tenant,
            instance: instance.id,
            name: name.to_owned(),
            provider_host: host.to_owned(),
        };
        vault::put(
            tx,
            &ring,
            core.entropy.as_ref(),
            core.id(),
            &binding,
            value,
            now,
        )
        .await?;
    }
    Ok(())
}

fn front_token(core: &Core, bot: u64) -> String {
    let mut secret = [0u8; 26];
    core.entropy.fill(&mut secret);
    format!("{bot}:{}", token::base64url(&secret))
}

/// Connects or replaces the instance's bot.
///
/// # Errors
/// [`Error::Invalid`] for a token that Telegram refuses, [`Error::Conflict`] for a bot in use, [`Error::PlanLimit`] for too many people,
/// [`Error::Upstream`] when Telegram cannot be asked.
pub async fn connect(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    asked: TelegramRequest,
) -> Result<OperationView> {
    caller.require(Permission::InstanceWrite)?;
    let found = instance::get(core, caller, slug).await?;
    let plan = creel_db::plan::find(core.db.read(), &found.settings.plan)
        .await?
        .ok_or(Error::NotFound("plan"))?;
    let bot = check(core, caller, &plan, Some(found.id), asked).await?;
    let detail = json!({ "bot": bot.id.to_string(), "username": bot.username });
    let tx = core.db.begin().await?;
    let row = rows::get(&tx, found.id)
        .await
        .map_err(|_| Error::NotFound("instance"))?;
    write(core, &tx, &row, bot).await?;
    reconfigure(core, caller, tx, &row, "channel.telegram.connect", detail).await
}

/// Disconnects the instance's bot and forgets its token.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn disconnect(core: &Core, caller: &Caller, slug: &Slug) -> Result<OperationView> {
    caller.require(Permission::InstanceWrite)?;
    let tx = core.db.begin().await?;
    let row = rows::find(&tx, caller.tenant, slug)
        .await?
        .ok_or(Error::NotFound("instance"))?;
    if !channel::delete(&tx, row.id, ChannelKind::Telegram).await? {
        return Err(Error::NotFound("channel"));
    }
    vault::delete(&tx, row.id, names::TELEGRAM_BOT_TOKEN).await?;
    vault::delete(&tx, row.id, names::TELEGRAM_FRONT_TOKEN).await?;
    reconfigure(
        core,
        caller,
        tx,
        &row,
        "channel.telegram.disconnect",
        json!({}),
    )
    .await
}

async fn reconfigure(
    core: &Core,
    caller: &Caller,
    tx: Tx,
    row: &rows::Instance,
    action: &str,
    detail: serde_json::Value,
) -> Result<OperationView> {
    let actor = caller.user.to_string();
    let operation = instance::wish_write(core, &tx, row, OperationKind::Reconfigure, actor).await?;
    audit::by_caller(core, &tx, caller, action, &row.id.to_string(), detail).await?;
    tx.commit().await?;
    core.waker.instance(row.id);
    OperationView::of(core, operation).await
}
