//! Changing what an instance is set to: by hot reload where OpenClaw can, by an orderly restart where it must. State is kept either way.

use creel_db::instance as rows;
use creel_domain::{OperationKind, Plan, PlanId, Slug, language::Thinking};
use serde_json::json;

use super::{OperationView, settings, wish};
use crate::{Caller, Core, Error, Result, audit};

/// What to change; `None` leaves a setting, `Some(None)` clears it.
#[derive(Debug, Default)]
pub struct Patch {
    /// Name for people.
    pub name: Option<Option<String>>,
    /// Plan.
    pub plan: Option<PlanId>,
    /// `provider/model`.
    pub model: Option<String>,
    /// Thinking level.
    pub thinking: Option<Option<Thinking>>,
    /// Language tag.
    pub language: Option<Option<String>>,
    /// Persona.
    pub persona: Option<Option<String>>,
}

/// Writes the new settings and the operation that applies them; `None` when OpenClaw has nothing to learn.
///
/// # Errors
/// [`Error::Invalid`] per field, [`Error::NotFound`], [`Error::Conflict`] while it is being deleted.
pub async fn change(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    patch: Patch,
) -> Result<Option<OperationView>> {
    let tx = core.db.begin().await?;
    let instance = rows::find(&tx, caller.tenant, slug)
        .await?
        .ok_or(Error::NotFound("instance"))?;
    rename(core, &tx, caller, &instance, patch.name.as_ref()).await?;
    let wanted = apply(&instance.settings, patch);
    let before = settings::plan(&tx, &instance.settings.plan).await.ok();
    let after = settings::plan(&tx, &wanted.plan).await?;
    check(caller, &after, &wanted)?;
    if wanted == instance.settings {
        tx.commit().await?;
        return Ok(None);
    }
    rows::set_settings(&tx, instance.id, &wanted, core.now()).await?;
    let renew = before.is_none_or(|before| needs_new_container(&before, &after));
    let kind = if renew {
        OperationKind::Restart
    } else {
        OperationKind::Reconfigure
    };
    let operation = wish::write(
        core,
        &tx,
        &instance,
        instance.desired,
        renew,
        kind,
        caller.user.to_string(),
    )
    .await?;
    let detail = json!({ "plan": wanted.plan, "model": wanted.model, "thinking": wanted.thinking, "language": wanted.language });
    audit::by_caller(
        core,
        &tx,
        caller,
        "instance.change",
        &instance.id.to_string(),
        detail,
    )
    .await?;
    tx.commit().await?;
    core.waker.instance(instance.id);
    Ok(Some(OperationView::of(core, operation).await?))
}

/// A name is ours alone: OpenClaw does not know it, so nothing is applied.
async fn rename(
    core: &Core,
    tx: &creel_db::Tx,
    caller: &Caller,
    instance: &rows::Instance,
    name: Option<&Option<String>>,
) -> Result<()> {
    let Some(name) = name else {
        return Ok(());
    };
    let name = settings::name(name.as_deref())?;
    if name == instance.name {
        return Ok(());
    }
    rows::set_name(tx, instance.id, name.as_deref(), core.now()).await?;
    let (target, detail) = (instance.id.to_string(), json!({ "name": name }));
    audit::by_caller(core, tx, caller, "instance.change", &target, detail).await
}

fn apply(now: &rows::Settings, patch: Patch) -> rows::Settings {
    rows::Settings {
        plan: patch.plan.unwrap_or_else(|| now.plan.clone()),
        model: patch.model.unwrap_or_else(|| now.model.clone()),
        thinking: patch.thinking.unwrap_or(now.thinking),
        language: patch.language.unwrap_or_else(|| now.language.clone()),
        persona: patch.persona.unwrap_or_else(|| now.persona.clone()),
    }
}

fn check(caller: &Caller, plan: &Plan, wanted: &rows::Settings) -> Result<()> {
    settings::model(caller, plan, &wanted.model)?;
    settings::language(wanted.language.as_deref())?;
    settings::persona(wanted.persona.as_deref())
}

/// The kernel's limits are part of the container; everything else OpenClaw reloads by itself.
fn needs_new_container(before: &Plan, after: &Plan) -> bool {
    (before.cpu_millis, before.memory_mib) != (after.cpu_millis, after.memory_mib)
}
