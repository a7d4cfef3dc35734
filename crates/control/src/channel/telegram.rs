//! Connecting a Telegram bot: the token is checked with Telegram before it is kept, kept by us alone, and used by one instance only.
//! It comes in the request or, with its person, from a claim.

use creel_db::{Tx, channel, instance as rows, secret as vault, secret::Binding};
use creel_domain::{
    ClaimId, InstanceId, OperationKind, Permission, Plan, Slug,
    channel::{ChannelKind, telegram_bot_id},
    secret as names, token,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

use super::{
    bot_api::{Answer, BotApi, Me, away},
    claim,
};
use crate::{
    Caller, Core, Error, Result, audit,
    instance::{self, BotSource, OperationView, TelegramRequest},
    secret::STAYS_WITH_US,
};

/// A bot that may be connected.
pub(crate) struct CheckedBot {
    bot: Bot,
    token: SecretString,
    allow_from: Vec<i64>,
    api_base: Option<Url>,
    claim: Option<ClaimId>,
}

/// Who a bot is.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) id: u64,
    pub(super) username: String,
    pub(super) name: Option<String>,
}

/// Checks shape, people, duplicates and, with Telegram itself, the token.
pub(crate) async fn check(
    core: &Core,
    caller: &Caller,
    plan: &Plan,
    own: Option<InstanceId>,
    asked: TelegramRequest,
) -> Result<CheckedBot> {
    let asked = match asked.bot {
        BotSource::Token(token) => Asked {
            token,
            allow_from: asked.allow_from,
            api_base: asked.api_base,
            claim: None,
        },
        BotSource::Claim(id) => claimed(core, caller, id, asked.allow_from).await?,
    };
    people(plan, &asked.allow_from)?;
    let api_base = asked
        .api_base
        .map(|text| loopback(caller, &text))
        .transpose()?;
    let bot = known(core, api_base.as_ref(), &asked.token, own).await?;
    Ok(CheckedBot {
        bot,
        token: asked.token,
        allow_from: asked.allow_from,
        api_base,
        claim: asked.claim,
    })
}

/// A request with its claim looked up.
struct Asked {
    token: SecretString,
    allow_from: Vec<i64>,
    api_base: Option<String>,
    claim: Option<ClaimId>,
}

/// The bot of a claim; whoever pressed Start may talk to it, unless others are named.
async fn claimed(core: &Core, caller: &Caller, id: ClaimId, allow_from: Vec<i64>) -> Result<Asked> {
    let gone = |error| match error {
        Error::NotFound(_) => Error::invalid_with(
            "telegram.claim",
            "does not exist, was used already or has expired",
            "Enter the bot's token again.",
        ),
        other => other,
    };
    let claim = claim::get(core, caller, id).await.map_err(gone)?;
    let token = claim::token(core, &claim).await.map_err(gone)?;
    claim::settle(core, &claim).await;
    let allow_from = match &claim.claimed {
        Some(who) if allow_from.is_empty() => vec![who.id],
        None if allow_from.is_empty() => {
            return Err(Error::invalid_with(
                "telegram.claim",
                "nobody has pressed Start yet",
                "Open the bot in Telegram and press Start, or name who may talk to the agent.",
            ));
        }
        _ => allow_from,
    };
    Ok(Asked {
        token,
        allow_from,
        api_base: claim.api_base,
        claim: Some(id),
    })
}

/// A bot of well-formed token that Telegram knows and no other instance uses.
pub(super) async fn known(
    core: &Core,
    api_base: Option<&Url>,
    token: &SecretString,
    own: Option<InstanceId>,
) -> Result<Bot> {
    let id = telegram_bot_id(token.expose_secret()).ok_or_else(|| {
        Error::invalid_with(
            "telegram.token",
            "is not a bot token",
            "BotFather gives one like 123456789:AA… when you send it /newbot.",
        )
    })?;
    let holder =
        channel::find_by_external(core.db.read(), ChannelKind::Telegram, &id.to_string()).await?;
    if holder.is_some_and(|holder| Some(holder.instance) != own) {
        return Err(in_use());
    }
    let base = api_base.unwrap_or(&core.options.telegram_api_base);
    let me = BotApi { core, base, token }.me().await?;
    bot(id, me)
}

fn bot(id: u64, me: Answer<Me>) -> Result<Bot> {
    let refused = |said: &str| {
        Error::invalid_with(
            "telegram.token",
            format!("Telegram refused it: {said}"),
            "Ask BotFather for the token again with /token.",
        )
    };
    let me = me.map_err(|why| refused(&why.description))?;
    if !me.is_bot {
        return Err(refused("it is no bot's"));
    }
    let is_word = |name: &String| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let username = me.username.filter(is_word);
    let username = username.ok_or_else(|| away("it did not tell the bot's name"))?;
    let name = me.first_name.map(|name| {
        let plain = name.chars().filter(|c| creel_domain::name::is_plain(*c));
        plain.take(64).collect()
    });
    Ok(Bot { id, username, name })
}

pub(super) fn in_use() -> Error {
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
pub(super) fn loopback(caller: &Caller, text: &str) -> Result<Url> {
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

/// Writes channel and tokens. The front token is what the instance believes is its bot token; it opens nothing but our own front.
pub(crate) async fn write(
    core: &Core,
    tx: &Tx,
    caller: &Caller,
    instance: &rows::Instance,
    checked: CheckedBot,
) -> Result<()> {
    let now = core.now();
    if let Some(claim) = checked.claim {
        claim::take(tx, caller, claim).await?;
    }
    let base = checked
        .api_base
        .as_ref()
        .unwrap_or(&core.options.telegram_api_base)
        .to_string();
    let settings = channel::Settings {
        bot_username: Some(checked.bot.username),
        bot_name: checked.bot.name,
        allow_from: checked.allow_from,
        api_base: checked.api_base.map(|url| url.to_string()),
    };
    let row = channel::Channel {
        id: core.id(),
        instance: instance.id,
        kind: ChannelKind::Telegram,
        external_id: Some(checked.bot.id.to_string()),
        settings,
        updated_at: now,
        activity: channel::Activity::default(),
    };
    channel::put(tx, &row).await.map_err(|e| {
        if matches!(e, creel_db::Error::Conflict(_)) {
            in_use()
        } else {
            e.into()
        }
    })?;
    let ring = core.vault.reload()?;
    let front: SecretString = front_token(core, checked.bot.id).into();
    for (name, host, value) in [
        (names::TELEGRAM_BOT_TOKEN, base.as_str(), &checked.token),
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
    let detail = json!({ "bot": bot.bot.id.to_string(), "username": bot.bot.username });
    let tx = core.db.begin().await?;
    let row = rows::get(&tx, found.id)
        .await
        .map_err(|_| Error::NotFound("instance"))?;
    write(core, &tx, caller, &row, bot).await?;
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
