//! Create: everything is checked before anything is written, and everything is written in one transaction.

use creel_db::{
    idempotency, instance as rows, instance_key, secret as vault, secret::Binding, tenant,
};
use creel_domain::{
    ClaimId, OperationKind, Plan, PlanId, Provider, Slug, language::Thinking, secret as names,
    token,
};
use secrecy::SecretString;
use serde_json::json;

use super::{OperationView, operation, settings};
use crate::{Caller, Core, Error, Result, account, audit, channel::telegram, draft, secret};

/// What a person asks for.
#[derive(Debug)]
pub struct Create {
    /// Name in addresses.
    pub slug: Slug,
    /// Name for people; the slug stands in for none.
    pub name: Option<String>,
    /// Plan; the smallest if none.
    pub plan: Option<PlanId>,
    /// `provider/model`; the plan's default if none.
    pub model: Option<String>,
    /// Thinking level.
    pub thinking: Option<Thinking>,
    /// Language tag.
    pub language: Option<String>,
    /// Persona.
    pub persona: Option<String>,
    /// Key for the model's provider.
    pub provider_key: Option<SecretString>,
    /// Base URL, for the provider `custom`.
    pub provider_base_url: Option<String>,
    /// Telegram channel.
    pub telegram: Option<TelegramRequest>,
}

/// A Telegram channel as asked for.
#[derive(Debug)]
pub struct TelegramRequest {
    /// Which bot.
    pub bot: BotSource,
    /// Numeric ids of the people who may talk to the agent; empty means whoever pressed Start, where the bot comes from a claim.
    pub allow_from: Vec<i64>,
    /// Another Bot API; operators only, loopback only, and not with a claim, which has its own.
    pub api_base: Option<String>,
}

/// Where a bot comes from.
#[derive(Debug)]
pub enum BotSource {
    /// Its token from BotFather.
    Token(SecretString),
    /// A claim that has the token already.
    Claim(ClaimId),
}

/// A key that makes a repeated create give what the first one made.
#[derive(Debug)]
pub struct Idempotency {
    /// The client's key, 1 to 128 characters.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: Vec<u8>,
}

/// What a create made.
#[derive(Debug)]
pub struct Created {
    /// The instance.
    pub instance: rows::Instance,
    /// The operation to watch.
    pub operation: OperationView,
}

/// Writes the wish for a new instance.
///
/// # Errors
/// [`Error::Invalid`] per field, [`Error::Conflict`] for a taken name or bot, [`Error::PlanLimit`] for one instance too many,
/// [`Error::Upstream`] when Telegram cannot be asked about the token.
pub async fn create(
    core: &Core,
    caller: &Caller,
    request: Create,
    idempotency: Option<Idempotency>,
) -> Result<Created> {
    if let Some(earlier) = replay(core, caller, idempotency.as_ref()).await? {
        return Ok(earlier);
    }
    let origin = idempotency.map_or(Origin::Request, Origin::Repeatable);
    made(core, caller, request, origin).await
}

/// The same from a draft: the instance gets the draft's id, and the draft is spent in the same transaction.
///
/// # Errors
/// As [`create`]; [`Error::Conflict`] when the draft was spent meanwhile.
pub(crate) async fn create_from_draft(
    core: &Core,
    caller: &Caller,
    request: Create,
    source: draft::Source,
) -> Result<Created> {
    made(core, caller, request, Origin::Draft(source)).await
}

async fn made(core: &Core, caller: &Caller, request: Create, origin: Origin) -> Result<Created> {
    let checked = check(core, caller, request).await?;
    let (instance, operation) = write(core, caller, checked, origin).await?;
    core.waker.instance(instance.id);
    Ok(Created {
        operation: OperationView::of(core, operation).await?,
        instance,
    })
}

/// What a create is asked by.
enum Origin {
    Request,
    Repeatable(Idempotency),
    Draft(draft::Source),
}

async fn replay(
    core: &Core,
    caller: &Caller,
    idempotency: Option<&Idempotency>,
) -> Result<Option<Created>> {
    let Some(asked) = idempotency else {
        return Ok(None);
    };
    if asked.key.is_empty() || asked.key.len() > 128 {
        return Err(Error::invalid(
            "Idempotency-Key",
            "must have 1 to 128 characters",
        ));
    }
    let Some(earlier) = idempotency::find(core.db.read(), caller.user, &asked.key).await? else {
        return Ok(None);
    };
    if earlier.request_hash != asked.request_hash {
        return Err(Error::conflict(
            "idempotency_key_reused",
            "this key was used for a different request",
            "Use a new key for a new request.",
        ));
    }
    let id = earlier
        .resource
        .parse()
        .map_err(|_| Error::NotFound("operation"))?;
    let operation = OperationView::get(core, caller, id).await?;
    let instance = rows::get(core.db.read(), operation.operation.instance)
        .await
        .map_err(|_| Error::NotFound("instance"))?;
    Ok(Some(Created {
        instance,
        operation,
    }))
}

struct Checked {
    slug: Slug,
    name: Option<String>,
    plan: Plan,
    settings: rows::Settings,
    key: Option<secret::CheckedKey>,
    telegram: Option<telegram::CheckedBot>,
}

async fn check(core: &Core, caller: &Caller, request: Create) -> Result<Checked> {
    let plan_id = request
        .plan
        .unwrap_or_else(|| Plan::shipped()[0].id.clone());
    let plan = settings::plan(core.db.read(), &plan_id).await?;
    let model = request.model.unwrap_or_else(|| plan.default_model.clone());
    let provider: &Provider = settings::model(caller, &plan, &model)?;
    let name = settings::name(request.name.as_deref())?;
    settings::language(request.language.as_deref())?;
    settings::persona(request.persona.as_deref())?;
    let key = match request.provider_key {
        Some(key) => {
            let base_url = request.provider_base_url.as_deref();
            let key = secret::check("provider_key", core, provider, key, base_url)?;
            secret::tested("provider_key", core, provider, &key).await?;
            Some(key)
        }
        None => None,
    };
    let telegram = match request.telegram {
        Some(asked) => Some(telegram::check(core, caller, &plan, None, asked).await?),
        None => None,
    };
    let settings = rows::Settings {
        plan: plan.id.clone(),
        model,
        thinking: request.thinking,
        language: request.language,
        persona: request.persona,
    };
    Ok(Checked {
        slug: request.slug,
        name,
        plan,
        settings,
        key,
        telegram,
    })
}

async fn write(
    core: &Core,
    caller: &Caller,
    checked: Checked,
    origin: Origin,
) -> Result<(rows::Instance, creel_db::operation::Operation)> {
    let (slug, settings) = (checked.slug, checked.settings);
    let id = match &origin {
        Origin::Draft(source) => source.instance,
        _ => core.id(),
    };
    let instance = rows::Instance {
        name: checked.name,
        ..rows::Instance::fresh(id, caller.tenant, slug, settings, core.now())
    };
    let tx = core.db.begin().await?;
    tenant::lock(&tx, caller.tenant).await?;
    if let Origin::Draft(source) = &origin {
        draft::still_open(&tx, caller, source).await?;
    }
    // Counted inside the transaction: two creates at once must not both see the last free place.
    if rows::count_live(&tx, caller.tenant).await? >= u64::from(checked.plan.instances) {
        let message = format!(
            "the plan {} includes {} instance(s) and you have them all",
            checked.plan.name, checked.plan.instances
        );
        return Err(Error::PlanLimit { message });
    }
    rows::insert(&tx, &instance)
        .await
        .map_err(|error| match error {
            creel_db::Error::Conflict(_) => Error::conflict(
                "slug_taken",
                format!("you have an instance named `{}` already", instance.slug),
                "Choose another name.",
            ),
            other => other.into(),
        })?;
    mint_key(core, &tx, &instance).await?;
    if let Some(key) = checked.key {
        secret::write(core, &tx, (instance.tenant, instance.id), key).await?;
    }
    if let Some(bot) = checked.telegram {
        telegram::write(core, &tx, caller, &instance, bot).await?;
    }
    let operation = operation::open(
        core,
        &tx,
        &instance,
        instance.generation,
        OperationKind::Create,
        caller.user.to_string(),
    )
    .await?;
    settle(core, &tx, caller, origin, &operation).await?;
    let detail = json!({ "slug": instance.slug, "plan": instance.settings.plan, "model": instance.settings.model });
    audit::by_caller(
        core,
        &tx,
        caller,
        "instance.create",
        &instance.id.to_string(),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok((instance, operation))
}

/// Makes a repeated request find what this one made.
async fn settle(
    core: &Core,
    tx: &creel_db::Tx,
    caller: &Caller,
    origin: Origin,
    operation: &creel_db::operation::Operation,
) -> Result<()> {
    match origin {
        Origin::Request => Ok(()),
        Origin::Draft(source) => draft::spend(core, tx, caller, source, operation.id).await,
        Origin::Repeatable(asked) => {
            let (hash, resource) = (&asked.request_hash, operation.id.to_string());
            let now = core.now();
            Ok(idempotency::insert(tx, caller.user, &asked.key, hash, &resource, now).await?)
        }
    }
}

/// The instance key: a hash for the proxy to compare with, and the sealed text to write into the workload's secret files at each start.
async fn mint_key(core: &Core, tx: &creel_db::Tx, instance: &rows::Instance) -> Result<()> {
    let bearer = token::Bearer::mint(token::INSTANCE_KEY, core.entropy.as_ref());
    let key = instance_key::InstanceKey {
        id: core.id(),
        instance: instance.id,
        public: bearer.public,
        secret_hash: account::sha256(&bearer.text),
    };
    instance_key::insert(tx, &key, core.now()).await?;
    let binding = Binding {
        tenant: instance.tenant,
        instance: instance.id,
        name: names::INSTANCE_KEY.to_owned(),
        provider_host: secret::STAYS_WITH_US.to_owned(),
    };
    let ring = core.vault.reload()?;
    Ok(vault::put(
        tx,
        &ring,
        core.entropy.as_ref(),
        core.id(),
        &binding,
        &bearer.text.into(),
        core.now(),
    )
    .await?)
}
