//! `models` and `secrets`: one provider, which is our llm proxy whatever vendor stands behind it.

use std::collections::BTreeMap;

use super::channel::{SECRET_DISCORD_TOKEN, base};
use super::file::{Compat, Model, Models, Provider, SecretFile, SecretRef, Secrets, Switch};
use super::recipe::{Api, ModelChoice, Recipe};
use crate::RUN_DIR;

/// The provider id inside OpenClaw. Fixed, so that a change of vendor keeps sessions that name `creel/<model>` readable.
pub const PROVIDER_ID: &str = "creel";

/// File in [`RUN_DIR`] with the instance key; also the name of the secret provider that reads it.
pub const SECRET_INSTANCE_KEY: &str = "instance_key";

/// How OpenClaw names a model of ours. It splits at the first slash, so a vendor id may contain more.
pub(super) fn reference(model: &str) -> String {
    format!("{PROVIDER_ID}/{model}")
}

pub(super) fn section(recipe: &Recipe) -> Models {
    let choice = &recipe.model;
    let provider = Provider {
        base_url: base_url(recipe),
        api: choice.api.as_str(),
        api_key: SecretRef {
            source: "file",
            provider: SECRET_INSTANCE_KEY,
            id: "value",
        },
        models: offered(choice).map(|id| model(choice, id)).collect(),
    };
    Models {
        // Not "merge": the built-in catalogue would offer models that no key in the container can pay for.
        mode: "replace",
        // The same catalogue again, fetched from upstream every six hours.
        catalog_refresh: Switch { enabled: false },
        providers: BTreeMap::from([(PROVIDER_ID, provider)]),
    }
}

/// The secret files that the configuration refers to.
pub(super) fn secrets(recipe: &Recipe) -> Secrets {
    let discord = recipe.discord.is_some().then_some(SECRET_DISCORD_TOKEN);
    Secrets {
        providers: std::iter::once(SECRET_INSTANCE_KEY)
            .chain(discord)
            .map(|name| (name, secret_file(name)))
            .collect(),
    }
}

fn secret_file(name: &str) -> SecretFile {
    SecretFile {
        source: "file",
        path: format!("{RUN_DIR}/{name}"),
        mode: "singleValue",
    }
}

/// OpenClaw appends `/v1/messages` itself in the Anthropic dialect and only the last part in the others.
fn base_url(recipe: &Recipe) -> String {
    let root = format!("{}/llm/{}", base(recipe), recipe.model.provider);
    match recipe.model.api {
        Api::AnthropicMessages => root,
        Api::OpenAiCompletions | Api::OpenAiResponses => format!("{root}/v1"),
    }
}

fn offered(choice: &ModelChoice) -> impl Iterator<Item = &String> {
    let extra = choice.extra.iter().filter(|id| **id != choice.model);
    std::iter::once(&choice.model).chain(extra)
}

fn model(choice: &ModelChoice, id: &str) -> Model {
    Model {
        id: id.to_owned(),
        name: id.to_owned(),
        reasoning: choice.reasoning,
        input: if choice.images {
            vec!["text", "image"]
        } else {
            vec!["text"]
        },
        context_window: choice.context_window,
        max_tokens: choice.max_tokens,
        compat: compat(choice),
    }
}

/// What OpenClaw deduces from a vendor's host name, which our proxy hides from it (`openai-completions-compat` in its
/// `@openclaw/ai`). Without it, it treats the proxy as an unknown endpoint: no thinking, no prompt cache.
fn compat(choice: &ModelChoice) -> Option<Compat> {
    match choice.api {
        Api::AnthropicMessages => None,
        Api::OpenAiResponses => (choice.provider == "openai").then(|| Compat {
            supports_prompt_cache_key: Some(true),
            ..Compat::default()
        }),
        Api::OpenAiCompletions => Some(Compat {
            // Metering reads the usage chunk; never let OpenClaw leave it out.
            supports_usage_in_streaming: Some(true),
            ..completions(&choice.provider)
        }),
    }
}

fn completions(provider: &str) -> Compat {
    let plain = Compat::default();
    match provider {
        "openai" => Compat {
            supports_prompt_cache_key: Some(true),
            supports_developer_role: Some(true),
            supports_reasoning_effort: Some(true),
            ..plain
        },
        "openrouter" => Compat {
            supports_reasoning_effort: Some(true),
            thinking_format: Some("openrouter"),
            ..plain
        },
        "deepseek" => Compat {
            requires_reasoning_content_on_assistant_messages: Some(true),
            thinking_format: Some("deepseek"),
            ..plain
        },
        "zai" => Compat {
            max_tokens_field: Some("max_tokens"),
            thinking_format: Some("zai"),
            ..plain
        },
        "qwen" => Compat {
            thinking_format: Some("qwen"),
            ..plain
        },
        "mistral" | "moonshot" => Compat {
            max_tokens_field: Some("max_tokens"),
            ..plain
        },
        _ => plain,
    }
}
