//! The catalogue of model vendors: what a key looks like, where calls go, which dialect they speak.
//!
//! Data, not behaviour; model ids are those OpenClaw 2026.9.6 itself ships. The operator may override a base URL in the configuration; a tenant only brings a key.

use serde::{Deserialize, Serialize};

use crate::{
    price::{Price, Tier},
    token::text_enum,
};

/// Default model of the shipped plans.
pub const DEFAULT_MODEL: &str = "openai/gpt-5.4-mini";

text_enum! {
    /// The dialect in which OpenClaw talks to the llm proxy for this vendor.
    pub enum Api {
        /// `POST /chat/completions`.
        OpenAiCompletions = "openai-completions",
        /// `POST /responses`.
        OpenAiResponses = "openai-responses",
        /// `POST /v1/messages`.
        AnthropicMessages = "anthropic-messages",
    }
}

/// A model worth offering first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Model {
    /// The vendor's own model id.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Context window, tokens.
    pub context_window: u32,
    /// Longest answer, tokens.
    pub max_tokens: u32,
    /// How strong it is.
    pub tier: Tier,
}

/// A model vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Short name: first part of `provider/model` and of the proxy's path.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Dialect.
    pub api: Api,
    /// Base URL that the dialect's path is appended to; `None` where the tenant names it.
    pub base_url: Option<&'static str>,
    /// Name of the secret that holds the key; `None` where no key is needed.
    pub secret_name: Option<&'static str>,
    /// What a key begins with; empty where the vendor promises nothing.
    pub key_prefix: &'static str,
    /// Shortest plausible key, characters.
    pub key_min_len: usize,
    /// Where a person gets a key.
    pub key_url: &'static str,
    /// Models worth offering, the default first.
    pub models: &'static [Model],
}

impl Provider {
    /// List price of one of its models; `None` where nobody told us one.
    pub fn price(&self, model: &str) -> Option<Price> {
        Price::find(self.id, model)
    }

    /// The provider with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|p| p.id == id)
    }

    /// Splits `provider/model` and finds the provider; the model part may itself contain slashes.
    pub fn of_model(model: &str) -> Option<(&'static Self, &str)> {
        let (id, rest) = model.split_once('/')?;
        let plain =
            !rest.is_empty() && rest.len() <= 128 && rest.bytes().all(|b| b.is_ascii_graphic());
        plain.then(|| Self::find(id)).flatten().map(|p| (p, rest))
    }

    /// What is wrong with a key of this provider, in words, if its shape is wrong.
    pub fn key_problem(&self, key: &str) -> Option<String> {
        if !key.bytes().all(|b| b.is_ascii_graphic()) || key.len() > 512 {
            return Some(
                "a key has no spaces or line breaks and at most 512 characters".to_owned(),
            );
        }
        if !key.starts_with(self.key_prefix) {
            return Some(format!(
                "a key of {} begins with `{}`",
                self.name, self.key_prefix
            ));
        }
        (key.len() < self.key_min_len).then(|| {
            format!(
                "a key of {} has at least {} characters; this one looks cut off",
                self.name, self.key_min_len
            )
        })
    }
}

const fn model(
    id: &'static str,
    name: &'static str,
    context_window: u32,
    max_tokens: u32,
    tier: Tier,
) -> Model {
    Model {
        id,
        name,
        context_window,
        max_tokens,
        tier,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one row of the table below per call; named fields would make the table unreadable"
)]
const fn vendor(
    id: &'static str,
    name: &'static str,
    api: Api,
    base_url: &'static str,
    secret_name: &'static str,
    key_prefix: &'static str,
    key_url: &'static str,
    models: &'static [Model],
) -> Provider {
    Provider {
        id,
        name,
        api,
        base_url: Some(base_url),
        secret_name: Some(secret_name),
        key_prefix,
        key_min_len: 20,
        key_url,
        models,
    }
}

use Api::{AnthropicMessages, OpenAiCompletions, OpenAiResponses};
use Tier::{Balanced, Light, Strong};

/// Every vendor Creel knows. `canned` answers a fixed text by itself, for self-tests and probes.
pub const CATALOGUE: &[Provider] = &[
    vendor(
        "openai",
        "OpenAI",
        OpenAiResponses,
        "https://api.openai.com/v1",
        "OPENAI_API_KEY",
        "sk-",
        "https://platform.openai.com/api-keys",
        &[
            model("gpt-5.4-mini", "GPT-5.4 mini", 400_000, 128_000, Light),
            model("gpt-6-astra", "GPT-6 Astra", 400_000, 128_000, Strong),
        ],
    ),
    vendor(
        "anthropic",
        "Anthropic",
        AnthropicMessages,
        "https://api.anthropic.com",
        "ANTHROPIC_API_KEY",
        "sk-ant-",
        "https://console.anthropic.com/settings/keys",
        &[
            model(
                "claude-sonnet-5",
                "Claude Sonnet 5",
                200_000,
                64_000,
                Balanced,
            ),
            model("claude-opus-5", "Claude Opus 5", 200_000, 32_000, Strong),
            model(
                "claude-sonnet-4-6",
                "Claude Sonnet 4.6",
                200_000,
                64_000,
                Balanced,
            ),
            model(
                "claude-opus-4-6",
                "Claude Opus 4.6",
                200_000,
                32_000,
                Strong,
            ),
        ],
    ),
    vendor(
        "google",
        "Google Gemini",
        OpenAiCompletions,
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "GEMINI_API_KEY",
        "AIza",
        "https://aistudio.google.com/apikey",
        &[model(
            "gemini-3-flash-preview",
            "Gemini 3 Flash",
            1_000_000,
            65_536,
            Light,
        )],
    ),
    vendor(
        "openrouter",
        "OpenRouter",
        OpenAiCompletions,
        "https://openrouter.ai/api/v1",
        "OPENROUTER_API_KEY",
        "sk-or-",
        "https://openrouter.ai/keys",
        &[model("openrouter/auto", "Auto", 200_000, 32_000, Balanced)],
    ),
    vendor(
        "moonshot",
        "Moonshot (Kimi)",
        OpenAiCompletions,
        "https://api.moonshot.ai/v1",
        "MOONSHOT_API_KEY",
        "sk-",
        "https://platform.moonshot.ai/console/api-keys",
        &[model("kimi-k3", "Kimi K3", 256_000, 32_000, Balanced)],
    ),
    vendor(
        "zai",
        "Z.AI",
        OpenAiCompletions,
        "https://api.z.ai/api/paas/v4",
        "ZAI_API_KEY",
        "",
        "https://z.ai/manage-apikey/apikey-list",
        &[model("glm-5.2", "GLM 5.2", 200_000, 32_000, Balanced)],
    ),
    vendor(
        "qwen",
        "Qwen",
        OpenAiCompletions,
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        "QWEN_API_KEY",
        "sk-",
        "https://bailian.console.alibabacloud.com",
        &[model(
            "qwen3.5-plus",
            "Qwen 3.5 Plus",
            1_000_000,
            65_536,
            Balanced,
        )],
    ),
    vendor(
        "minimax",
        "MiniMax",
        AnthropicMessages,
        "https://api.minimax.io/anthropic",
        "MINIMAX_API_KEY",
        "",
        "https://platform.minimax.io",
        &[model("MiniMax-M3", "MiniMax M3", 200_000, 32_000, Light)],
    ),
    vendor(
        "mistral",
        "Mistral",
        OpenAiCompletions,
        "https://api.mistral.ai/v1",
        "MISTRAL_API_KEY",
        "",
        "https://console.mistral.ai/api-keys",
        &[model(
            "mistral-large-latest",
            "Mistral Large",
            256_000,
            32_000,
            Balanced,
        )],
    ),
    vendor(
        "groq",
        "Groq",
        OpenAiCompletions,
        "https://api.groq.com/openai/v1",
        "GROQ_API_KEY",
        "gsk_",
        "https://console.groq.com/keys",
        &[model(
            "openai/gpt-oss-120b",
            "GPT-OSS 120B",
            131_072,
            32_000,
            Light,
        )],
    ),
    vendor(
        "deepseek",
        "DeepSeek",
        OpenAiCompletions,
        "https://api.deepseek.com/v1",
        "DEEPSEEK_API_KEY",
        "sk-",
        "https://platform.deepseek.com/api_keys",
        &[model(
            "deepseek-v4-flash",
            "DeepSeek V4 Flash",
            128_000,
            8_192,
            Light,
        )],
    ),
    vendor(
        "xai",
        "xAI",
        OpenAiCompletions,
        "https://api.x.ai/v1",
        "XAI_API_KEY",
        "xai-",
        "https://console.x.ai",
        &[model("grok-4.7", "Grok 4.7", 256_000, 32_000, Balanced)],
    ),
    vendor(
        "vercel",
        "Vercel AI Gateway",
        OpenAiCompletions,
        "https://ai-gateway.vercel.sh/v1",
        "AI_GATEWAY_API_KEY",
        "",
        "https://vercel.com/docs/ai-gateway",
        &[model(
            "openai/gpt-5.4-mini",
            "GPT-5.4 mini",
            400_000,
            128_000,
            Light,
        )],
    ),
    Provider {
        id: "custom",
        name: "Any OpenAI-compatible URL",
        api: OpenAiCompletions,
        base_url: None,
        secret_name: Some("CUSTOM_API_KEY"),
        key_prefix: "",
        key_min_len: 1,
        key_url: "",
        models: &[],
    },
    Provider {
        id: "canned",
        name: "Canned answer (self-test)",
        api: OpenAiCompletions,
        base_url: None,
        secret_name: None,
        key_prefix: "",
        key_min_len: 0,
        key_url: "",
        models: &[model("echo", "Canned answer", 200_000, 4_096, Light)],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secret_names_are_unique_and_the_default_exists() {
        let mut ids: Vec<_> = CATALOGUE.iter().map(|p| p.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOGUE.len());
        let (provider, rest) = Provider::of_model(DEFAULT_MODEL).unwrap();
        assert!(provider.models.iter().any(|m| m.id == rest));
    }

    #[test]
    fn keys_of_the_wrong_shape_are_named() {
        let anthropic = Provider::find("anthropic").unwrap();
        assert!(
            anthropic
                .key_problem("sk-proj-0123456789abcdef0123")
                .unwrap()
                .contains("sk-ant-")
        );
        assert!(
            anthropic
                .key_problem("sk-ant-123")
                .unwrap()
                .contains("cut off")
        );
        assert!(
            anthropic
                .key_problem("sk-ant-with a space in the middle")
                .is_some()
        );
        assert_eq!(anthropic.key_problem("sk-ant-0123456789abcdef0123"), None);
    }

    #[test]
    fn model_names_keep_inner_slashes() {
        let (provider, rest) = Provider::of_model("groq/openai/gpt-oss-120b").unwrap();
        assert_eq!((provider.id, rest), ("groq", "openai/gpt-oss-120b"));
        assert!(
            Provider::of_model("openai/").is_none() && Provider::of_model("nobody/x").is_none()
        );
    }
}
