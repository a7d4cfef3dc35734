//! From draft to instance: the ordinary create with the draft's words and the draft's id. Asked twice, it makes one.

use creel_db::{Tx, draft as rows, instance as instances, secret as vault};
use creel_domain::{ClaimId, InstanceId, OperationId, Permission, Plan, PlanId, Provider};

use super::{Body, KeySource};
use crate::{
    Caller, Core, Error, Result,
    channel::claim,
    instance::{self, BotSource, Create, Created, OperationView, TelegramRequest, settings},
    persona,
};

/// Which draft a create comes from.
pub(crate) struct Source {
    /// The id that was minted with it.
    pub(crate) instance: InstanceId,
    /// A bot that waits, whether or not the instance takes it.
    claim: Option<ClaimId>,
    /// The platform's key is wanted: one that was sealed is dropped.
    drop_key: bool,
}

/// Creates the instance. A second call after a success gives the same.
///
/// # Errors
/// [`Error::NotFound`] when there is no draft; [`Error::Invalid`] per field; otherwise as [`instance::create`].
pub async fn create(core: &Core, caller: &Caller) -> Result<Created> {
    caller.require(Permission::InstanceWrite)?;
    let row = find(core, caller).await?;
    if let Some(done) = row.operation {
        return made(core, caller, done).await;
    }
    let body = Body::read(&row.body)?;
    let own_key = wants_own_key(core, caller, &body).await?;
    let source = Source {
        instance: row.instance,
        claim: row.claim,
        drop_key: !own_key,
    };
    let request = request(body, &row)?;
    match instance::create_from_draft(core, caller, request, source).await {
        // Whatever was refused, it may be because another request was quicker: its instance has our name, or our bot.
        Err(refused) => match find(core, caller).await?.operation {
            Some(done) => made(core, caller, done).await,
            None => Err(refused),
        },
        created => created,
    }
}

async fn find(core: &Core, caller: &Caller) -> Result<rows::Draft> {
    rows::find(core.db.read(), caller.tenant, caller.user)
        .await?
        .ok_or(Error::NotFound("draft"))
}

/// What an earlier create made, as long as it lives.
async fn made(core: &Core, caller: &Caller, operation: OperationId) -> Result<Created> {
    let operation = OperationView::get(core, caller, operation).await?;
    let instance = instances::find_by_id(core.db.read(), operation.operation.instance)
        .await?
        .ok_or(Error::NotFound("draft"))?;
    Ok(Created {
        instance,
        operation,
    })
}

/// Whether the model will use the person's own key; an error when there would be none at all.
async fn wants_own_key(core: &Core, caller: &Caller, body: &Body) -> Result<bool> {
    let plan = settings::plan(core.db.read(), &plan(body)?).await?;
    let model = body.model.as_deref().unwrap_or(&plan.default_model);
    let provider = settings::model(caller, &plan, model)?;
    if provider.secret_name.is_none() {
        return Ok(false);
    }
    let own = body
        .key
        .as_ref()
        .is_some_and(|key| key.provider == provider.id);
    let platform = core.options.has_platform_key(provider);
    match body.key_source {
        Some(KeySource::Own) if !own => Err(no_key("key", provider)),
        Some(KeySource::Platform) if !platform => Err(no_key("key_source", provider)),
        None if !own && !platform => Err(no_key("key_source", provider)),
        Some(KeySource::Platform) => Ok(false),
        Some(KeySource::Own) | None => Ok(own),
    }
}

fn no_key(field: &'static str, provider: &Provider) -> Error {
    let message = match field {
        "key" => format!("there is no key for {}", provider.name),
        _ => format!("this Creel has no key of its own for {}", provider.name),
    };
    Error::invalid_with(
        field,
        message,
        "Bring your own key, or choose another model.",
    )
}

fn plan(body: &Body) -> Result<PlanId> {
    match &body.plan {
        None => Ok(Plan::shipped()[0].id.clone()),
        Some(text) => text
            .parse()
            .map_err(|_| Error::invalid("plan", "is not the name of a plan")),
    }
}

fn request(body: Body, row: &rows::Draft) -> Result<Create> {
    let telegram = match row.claim {
        Some(id) if !body.skip_channel => Some(TelegramRequest {
            bot: BotSource::Claim(id),
            allow_from: Vec::new(),
            api_base: None,
        }),
        None if !body.skip_channel => {
            return Err(Error::invalid_with(
                "telegram",
                "no bot is connected",
                "Connect a bot, or choose to do it later.",
            ));
        }
        _ => None,
    };
    let slug = body.slug.as_deref().unwrap_or_default();
    let wrong = |e: creel_domain::slug::ParseSlugError| Error::invalid("slug", e.to_string());
    Ok(Create {
        slug: slug.parse().map_err(wrong)?,
        plan: Some(plan(&body)?),
        persona: body
            .persona
            .or_else(|| persona::text(body.persona_template.as_deref()?)),
        name: body.name,
        model: body.model,
        thinking: body.thinking,
        language: body.language,
        provider_key: None,
        provider_base_url: None,
        telegram,
    })
}

/// Within the transaction of the create: nobody has spent, thrown away or begun the draft anew meanwhile.
pub(crate) async fn still_open(tx: &Tx, caller: &Caller, source: &Source) -> Result<()> {
    let now = rows::find(tx, caller.tenant, caller.user).await?;
    if now.is_some_and(|row| row.instance == source.instance && row.operation.is_none()) {
        return Ok(());
    }
    Err(Error::conflict(
        "draft_spent",
        "the draft was changed meanwhile",
        "Look at it again.",
    ))
}

/// The draft has become an instance: only the way to it stays, so that asking again finds it.
pub(crate) async fn spend(
    core: &Core,
    tx: &Tx,
    caller: &Caller,
    source: Source,
    operation: OperationId,
) -> Result<()> {
    if source.drop_key {
        for provider in creel_domain::provider::CATALOGUE {
            if let Some(name) = provider.secret_name {
                vault::delete(tx, source.instance, name).await?;
            }
        }
    }
    // Gone already if the instance took the bot.
    if let Some(id) = source.claim {
        claim::remove(tx, caller.tenant, id).await?;
    }
    let spent = rows::Draft {
        tenant: caller.tenant,
        user: caller.user,
        instance: source.instance,
        body: "{}".to_owned(),
        claim: None,
        operation: Some(operation),
        updated_at: core.now(),
    };
    Ok(rows::put(tx, &spent).await?)
}
