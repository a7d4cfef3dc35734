//! The input of the generator: choices in plain words, none of OpenClaw's keys.

use std::net::Ipv4Addr;

use url::Url;

use crate::persona::Persona;

/// Everything one instance's configuration depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Host side of the instance's bridge: the only peer whose identity headers the Gateway believes.
    pub bridge_gateway: Ipv4Addr,
    /// The person who may use the dashboard, as the edge names them in `x-forwarded-user`.
    pub owner: Option<String>,
    /// OpenClaw's own dashboard; `None` leaves it out, which saves memory and start time.
    pub control_ui: Option<ControlUi>,
    /// Base URL of our proxies on the instance's bridge, `http://<bridge gateway>:<port>`, without a path.
    pub proxy_base: Url,
    /// The model that answers.
    pub model: ModelChoice,
    /// How long the model may think before it answers; `None` leaves it to OpenClaw.
    pub thinking: Option<Thinking>,
    /// IANA time zone of the person, for dates in prompts; `None` is UTC.
    pub timezone: Option<String>,
    /// Language and character. Not part of `openclaw.json`: see [`Persona`].
    pub persona: Persona,
    /// Who may write to the Telegram bot; `None` switches the channel off.
    pub telegram: Option<Access>,
    /// Who may write over WhatsApp; `None` switches the channel off.
    pub whatsapp: Option<Access>,
    /// Who may write to the Discord bot; `None` switches the channel off.
    pub discord: Option<Access>,
}

/// The dashboard that OpenClaw serves itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlUi {
    /// Origins (`scheme://host[:port]`, exact) that may open its WebSocket.
    pub allowed_origins: Vec<String>,
}

/// Which vendor's models are offered and which of them answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChoice {
    /// Path segment of the llm proxy, such as `openai`.
    pub provider: String,
    /// The vendor's own model id; it may contain slashes.
    pub model: String,
    /// The dialect spoken to the proxy.
    pub api: Api,
    /// Tokens.
    pub context_window: u32,
    /// Longest answer, tokens.
    pub max_tokens: u32,
    /// Whether the model reasons; without it OpenClaw never asks for thinking, whatever the level says.
    pub reasoning: bool,
    /// Whether the model reads images.
    pub images: bool,
    /// Further model ids of the same vendor that a person may switch to, with the same limits.
    pub extra: Vec<String>,
}

/// The dialects OpenClaw speaks that our llm proxy meters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `POST /chat/completions`.
    OpenAiCompletions,
    /// `POST /responses`.
    OpenAiResponses,
    /// `POST /v1/messages`.
    AnthropicMessages,
}

impl Api {
    /// OpenClaw's name of the dialect.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAiCompletions => "openai-completions",
            Self::OpenAiResponses => "openai-responses",
            Self::AnthropicMessages => "anthropic-messages",
        }
    }
}

/// How long a model may think.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinking {
    /// No thinking.
    Off,
    /// The least a model offers.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// A lot.
    High,
}

impl Thinking {
    /// OpenClaw's name of the level.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Who may write to the agent on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Anyone who finds the bot. Each person gets a conversation of their own.
    Everyone,
    /// Only these senders (Telegram user ids, phone numbers in E.164, Discord user ids). They share one conversation, as one
    /// person's several devices should.
    Only(Vec<String>),
}
