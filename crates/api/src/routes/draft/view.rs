//! Drafts as they are told and shown.

use creel_control::{Error, draft};
use creel_domain::language::Thinking;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TelegramClaim;
use crate::words;

/// What was told so far. A key or token is never shown.
#[derive(Serialize, ToSchema)]
pub(super) struct Draft {
    #[schema(inline)]
    step: Step,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<String>,
    /// Id of the template that the persona began as.
    #[serde(skip_serializing_if = "Option::is_none")]
    persona_template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::thinking, required = false)]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = own_or_platform, required = false)]
    key_source: Option<&'static str>,
    /// The channel is for later.
    skip_channel: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<DraftKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    telegram: Option<TelegramClaim>,
    /// Absent when there is no draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    updated_at: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Step {
    Name,
    Model,
    Channel,
    Review,
}

/// A sealed key.
#[derive(Serialize, ToSchema)]
pub(super) struct DraftKey {
    /// Provider id.
    provider: String,
    last_four: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// When the vendor was asked about it.
    #[schema(format = "date-time")]
    tested_at: String,
}

/// What to change: an absent field is kept, an empty text clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PutDraft {
    #[schema(inline)]
    step: Option<Step>,
    /// Name for people.
    name: Option<String>,
    /// Name in addresses.
    slug: Option<String>,
    persona_template: Option<String>,
    persona: Option<String>,
    language: Option<String>,
    plan: Option<String>,
    /// `provider/model`.
    model: Option<String>,
    #[schema(schema_with = words::thinking_or_empty, required = false)]
    thinking: Option<String>,
    #[schema(schema_with = own_platform_or_empty, required = false)]
    key_source: Option<String>,
    skip_channel: Option<bool>,
}

fn own_or_platform() -> utoipa::openapi::Object {
    words::one_of(["platform", "own"])
}

fn own_platform_or_empty() -> utoipa::openapi::Object {
    words::one_of(["", "platform", "own"])
}

impl TryFrom<PutDraft> for draft::Patch {
    type Error = Error;
    fn try_from(asked: PutDraft) -> Result<Self, Error> {
        let thinking = |word: &str| word.parse::<Thinking>().ok();
        let source = |word: &str| match word {
            "own" => Some(draft::KeySource::Own),
            "platform" => Some(draft::KeySource::Platform),
            _ => None,
        };
        Ok(Self {
            step: asked.step.map(Into::into),
            name: asked.name,
            slug: asked.slug,
            persona_template: asked.persona_template,
            persona: asked.persona,
            language: asked.language,
            plan: asked.plan,
            model: asked.model,
            thinking: word("thinking", asked.thinking, thinking)?,
            key_source: word("key_source", asked.key_source, source)?,
            skip_channel: asked.skip_channel,
        })
    }
}

/// A word of a closed set, or nothing to clear it.
#[expect(
    clippy::option_option,
    reason = "absent, empty and a word are three wishes"
)]
fn word<T>(
    field: &'static str,
    text: Option<String>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<Option<T>>, Error> {
    match text.as_deref() {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(text) => match read(text) {
            Some(value) => Ok(Some(Some(value))),
            None => Err(Error::invalid(field, "is not one of the words it may be")),
        },
    }
}

impl From<Step> for draft::Step {
    fn from(step: Step) -> Self {
        match step {
            Step::Name => Self::Name,
            Step::Model => Self::Model,
            Step::Channel => Self::Channel,
            Step::Review => Self::Review,
        }
    }
}

impl From<draft::Step> for Step {
    fn from(step: draft::Step) -> Self {
        match step {
            draft::Step::Name => Self::Name,
            draft::Step::Model => Self::Model,
            draft::Step::Channel => Self::Channel,
            draft::Step::Review => Self::Review,
        }
    }
}

impl From<draft::Key> for DraftKey {
    fn from(key: draft::Key) -> Self {
        Self {
            provider: key.provider,
            last_four: key.last_four,
            base_url: key.base_url,
            tested_at: key.tested_at.to_string(),
        }
    }
}

impl From<draft::Draft> for Draft {
    fn from(draft: draft::Draft) -> Self {
        let body = draft.body;
        let source = body.key_source.map(|source| match source {
            draft::KeySource::Own => "own",
            draft::KeySource::Platform => "platform",
        });
        Self {
            step: body.step.into(),
            name: body.name,
            slug: body.slug,
            persona_template: body.persona_template,
            persona: body.persona,
            language: body.language,
            plan: body.plan,
            model: body.model,
            thinking: body.thinking,
            key_source: source,
            skip_channel: body.skip_channel,
            key: body.key.map(Into::into),
            telegram: draft.telegram.map(Into::into),
            updated_at: draft.updated_at.map(|at| at.to_string()),
        }
    }
}
