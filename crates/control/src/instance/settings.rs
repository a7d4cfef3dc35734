//! Checks of what a person may set on an instance, each with its field and remedy.

use creel_db::{Conn, plan};
use creel_domain::{Plan, PlanId, Provider, language, name};

use crate::{Caller, Error, Result};

pub(crate) async fn plan(conn: &impl Conn, id: &PlanId) -> Result<Plan> {
    let found = plan::find(conn, id).await?;
    if let Some(plan) = found {
        return Ok(plan);
    }
    let names: Vec<_> = plan::list(conn)
        .await?
        .into_iter()
        .map(|p| p.id.to_string())
        .collect();
    Err(Error::invalid_with(
        "plan",
        format!("there is no plan `{id}`"),
        format!("Choose one of: {}.", names.join(", ")),
    ))
}

pub(crate) fn model(caller: &Caller, plan: &Plan, model: &str) -> Result<&'static Provider> {
    let Some((provider, _)) = Provider::of_model(model) else {
        return Err(Error::invalid_with(
            "model",
            "is not `provider/model` of a known provider",
            "GET /api/v1/providers lists them, for example openai/gpt-5.4-mini.",
        ));
    };
    if provider.id == "canned" && !caller.is_operator {
        return Err(Error::invalid(
            "model",
            "the canned provider is for operators' self-tests",
        ));
    }
    if !plan.allows(model) && provider.id != "canned" {
        return Err(Error::invalid_with(
            "model",
            format!("the plan {} does not include it", plan.name),
            format!("It includes: {}.", plan.allowed_models.join(", ")),
        ));
    }
    Ok(provider)
}

/// The display name without the blanks around it.
pub(super) fn name(text: Option<&str>) -> Result<Option<String>> {
    let shown = text.map(name::display).transpose();
    let shown = shown.map_err(|problem| {
        Error::invalid_with(
            "name",
            problem,
            "Use 1 to 60 characters; letters of any script.",
        )
    })?;
    Ok(shown.map(str::to_owned))
}

pub(super) fn language(tag: Option<&str>) -> Result<()> {
    match tag {
        Some(tag) if !language::is_language_tag(tag) => Err(Error::invalid_with(
            "language",
            "is not a language tag",
            "Use one like en, de or zh-Hans.",
        )),
        _ => Ok(()),
    }
}

pub(crate) fn persona(text: Option<&str>) -> Result<()> {
    match text {
        Some(text) if text.len() > language::PERSONA_MAX_BYTES => Err(Error::invalid_with(
            "persona",
            format!("is longer than {} bytes", language::PERSONA_MAX_BYTES),
            "It is sent with every model call; keep it short.",
        )),
        Some(text)
            if text
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t') =>
        {
            Err(Error::invalid("persona", "contains control characters"))
        }
        _ => Ok(()),
    }
}
