//! From an instance's rows to what a driver runs: the container's shape, OpenClaw's configuration, the secret files.

use std::collections::BTreeMap;

use creel_db::{channel, channel::Channel, plan, release, secret as vault};
use creel_domain::{
    Api, Lease, Plan, Provider, channel::ChannelKind, language::Thinking, secret as names,
};
use creel_driver::{SecretFile, VolumeExpectation, WorkloadSpec};
use creel_openclaw::{
    config::{self, Access, ModelChoice, Recipe, SECRET_INSTANCE_KEY, SECRET_TELEGRAM_TOKEN},
    persona::Persona,
};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::pass::Pass;
use crate::{Error, Result};

/// Processes and threads: a Gateway has about forty, and the agent's own commands need room (openclaw.md section 3).
const PIDS: u32 = 512;
/// For models outside the catalogue: small enough for every current one.
const CONTEXT_WINDOW: u32 = 128_000;
const MAX_TOKENS: u32 = 8_192;

/// Everything about the container but its files; `None` when there is no release to run.
pub(super) async fn shape(pass: &Pass<'_>, lease: Lease) -> Result<Option<WorkloadSpec>> {
    let Some(release) = pinned(pass).await? else {
        return Ok(None);
    };
    let plan = plan_of(pass).await?;
    Ok(Some(WorkloadSpec {
        instance: pass.row.id,
        generation: pass.row.workload_generation,
        image: release.digest,
        cpu_millis: plan.cpu_millis,
        memory_mib: plan.memory_mib,
        pids: PIDS,
        lease,
        files: Vec::new(),
        env: BTreeMap::new(),
        stop_grace: pass.core.options.stop_grace,
        volume: if pass.row.ever_ran {
            VolumeExpectation::MustExist
        } else {
            VolumeExpectation::MayCreate
        },
    }))
}

/// The whole specification.
pub(super) async fn spec(pass: &Pass<'_>, lease: Lease) -> Result<Option<WorkloadSpec>> {
    let Some(mut spec) = shape(pass, lease).await? else {
        return Ok(None);
    };
    let config = config(pass, lease).await?;
    spec.files = files(pass, &config).await?;
    Ok(Some(spec))
}

/// The release it is pinned to; the newest is pinned at the first start, so that a later one never arrives by a mere restart.
async fn pinned(pass: &Pass<'_>) -> Result<Option<release::Release>> {
    let db = &pass.core.db;
    if let Some(id) = pass.row.release {
        return Ok(Some(release::get(db.read(), id).await?));
    }
    let Some(newest) = release::newest(db.read()).await? else {
        return Ok(None);
    };
    let tx = db.begin().await?;
    creel_db::instance::pin_release(&tx, pass.row.id, newest.id).await?;
    tx.commit().await?;
    Ok(Some(newest))
}

async fn plan_of(pass: &Pass<'_>) -> Result<Plan> {
    plan::find(pass.core.db.read(), &pass.row.settings.plan)
        .await?
        .ok_or(Error::NotFound("plan"))
}

/// The instance's `openclaw.json`.
pub(super) async fn config(pass: &Pass<'_>, lease: Lease) -> Result<Value> {
    let channels = channel::list(pass.core.db.read(), pass.row.id).await?;
    let telegram = channels
        .iter()
        .find(|c| c.kind == ChannelKind::Telegram)
        .map(access);
    let base = format!("http://{}:{}", lease.gateway, pass.core.options.proxy_port);
    let recipe = Recipe {
        bridge_gateway: lease.gateway,
        owner: None,
        control_ui: None,
        proxy_base: base.parse::<Url>().map_err(|e| Error::Internal(e.into()))?,
        model: model(&pass.row.settings.model)?,
        thinking: pass.row.settings.thinking.map(thinking),
        timezone: None,
        persona: persona(pass),
        telegram,
        whatsapp: None,
        discord: None,
    };
    Ok(config::generate(&recipe))
}

pub(super) fn persona(pass: &Pass<'_>) -> Persona {
    Persona {
        language: pass.row.settings.language.clone(),
        text: pass.row.settings.persona.clone(),
    }
}

fn access(channel: &Channel) -> Access {
    Access::Only(
        channel
            .settings
            .allow_from
            .iter()
            .map(ToString::to_string)
            .collect(),
    )
}

fn model(reference: &str) -> Result<ModelChoice> {
    let (provider, id) = Provider::of_model(reference)
        .ok_or_else(|| Error::invalid("model", "is not `provider/model` of a known provider"))?;
    let known = provider.models.iter().find(|m| m.id == id);
    Ok(ModelChoice {
        provider: provider.id.to_owned(),
        model: id.to_owned(),
        api: match provider.api {
            Api::OpenAiCompletions => config::Api::OpenAiCompletions,
            Api::OpenAiResponses => config::Api::OpenAiResponses,
            Api::AnthropicMessages => config::Api::AnthropicMessages,
        },
        context_window: known.map_or(CONTEXT_WINDOW, |m| m.context_window),
        max_tokens: known.map_or(MAX_TOKENS, |m| m.max_tokens),
        reasoning: provider.id != "canned",
        images: false,
        extra: Vec::new(),
    })
}

fn thinking(level: Thinking) -> config::Thinking {
    match level {
        Thinking::Off => config::Thinking::Off,
        Thinking::Minimal => config::Thinking::Minimal,
        Thinking::Low => config::Thinking::Low,
        Thinking::Medium => config::Thinking::Medium,
        Thinking::High => config::Thinking::High,
    }
}

/// Configuration and the credentials that open nothing but our own proxies. No real one is ever among them.
pub(super) async fn files(pass: &Pass<'_>, config: &Value) -> Result<Vec<SecretFile>> {
    let mut files = vec![SecretFile {
        name: "openclaw.json".to_owned(),
        contents: format!("{config:#}\n").into(),
    }];
    for (secret, file) in [
        (names::INSTANCE_KEY, SECRET_INSTANCE_KEY),
        (names::TELEGRAM_FRONT_TOKEN, SECRET_TELEGRAM_TOKEN),
    ] {
        if let Some(contents) = unseal(pass, secret).await? {
            files.push(SecretFile {
                name: file.to_owned(),
                contents,
            });
        }
    }
    Ok(files)
}

async fn unseal(pass: &Pass<'_>, name: &str) -> Result<Option<SecretString>> {
    let row = vault::find(pass.core.db.read(), pass.row.id, name).await?;
    Ok(row.map(|row| pass.core.vault.unseal(&row)).transpose()?)
}
