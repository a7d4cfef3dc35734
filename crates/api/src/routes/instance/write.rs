//! What may be asked of an instance.

use creel_control::{
    Caller,
    instance::{Create, Idempotency, Patch},
};
use creel_domain::{PlanId, Slug, language::Thinking};
use http::HeaderMap;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{
    error::{Error, Result},
    routes::channel::ConnectTelegram,
    words,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateInstance {
    /// Name: 3 to 32 small letters, digits and hyphens, first a letter, last no hyphen. Unique among the tenant's instances.
    #[schema(value_type = String, pattern = "^[a-z][a-z0-9-]{1,30}[a-z0-9]$")]
    slug: Slug,
    /// Name for people, 1 to 60 characters; the slug stands in for none.
    #[schema(max_length = 60)]
    name: Option<String>,
    /// Plan; `starter` if absent.
    #[schema(value_type = Option<String>)]
    plan: Option<PlanId>,
    /// `provider/model`; the plan's default if absent.
    model: Option<String>,
    /// How long the model may think; OpenClaw chooses if absent.
    #[schema(schema_with = words::thinking_or_null, required = false)]
    thinking: Option<Thinking>,
    /// BCP 47 tag of the language it answers in; the person's own if absent.
    language: Option<String>,
    /// Who the agent is, in your words; at most 8 KiB.
    persona: Option<String>,
    /// Key for the model's provider; the platform's is used if absent.
    #[schema(value_type = Option<String>, format = "password")]
    provider_key: Option<SecretString>,
    /// Base URL of the API, only for the provider `custom`.
    provider_base_url: Option<String>,
    /// Telegram bot to connect.
    telegram: Option<ConnectTelegram>,
}

#[expect(
    clippy::option_option,
    reason = "absent, null and a value are three wishes, and `Patch` takes them in this form"
)]
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeInstance {
    /// Name for people, 1 to 60 characters; `null` makes the slug stand in.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 60)]
    name: Option<Option<String>>,
    /// Plan.
    #[schema(value_type = Option<String>)]
    plan: Option<PlanId>,
    /// `provider/model`.
    model: Option<String>,
    /// `null` leaves it to OpenClaw.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::thinking_or_null, required = false)]
    thinking: Option<Option<Thinking>>,
    /// `null` leaves it to the person.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    language: Option<Option<String>>,
    /// `null` clears it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    persona: Option<Option<String>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetModel {
    /// `provider/model`.
    model: String,
    /// How long the model may think; absent or `null` leaves it to OpenClaw.
    #[schema(schema_with = words::thinking_or_null, required = false)]
    thinking: Option<Thinking>,
}

/// A field that is there, even if it is `null`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl TryFrom<CreateInstance> for Create {
    type Error = creel_control::Error;
    fn try_from(asked: CreateInstance) -> Result<Self, Self::Error> {
        Ok(Self {
            slug: asked.slug,
            name: asked.name,
            plan: asked.plan,
            model: asked.model,
            thinking: asked.thinking,
            language: asked.language,
            persona: asked.persona,
            provider_key: asked.provider_key,
            provider_base_url: asked.provider_base_url,
            telegram: asked.telegram.map(TryInto::try_into).transpose()?,
        })
    }
}

impl From<ChangeInstance> for Patch {
    fn from(asked: ChangeInstance) -> Self {
        Self {
            name: asked.name,
            plan: asked.plan,
            model: asked.model,
            thinking: asked.thinking,
            language: asked.language,
            persona: asked.persona,
        }
    }
}

impl From<SetModel> for Patch {
    fn from(asked: SetModel) -> Self {
        Self {
            model: Some(asked.model),
            thinking: Some(asked.thinking),
            ..Self::default()
        }
    }
}

/// The request's idempotency key. The hash covers the tenant too: the same body in another tenant is another request.
pub(super) fn idempotency(
    who: &Caller,
    headers: &HeaderMap,
    body_sha256: Vec<u8>,
) -> Result<Option<Idempotency>> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .map_err(|_| Error::invalid("Idempotency-Key", "must be plain text"))?;
    let mut hash = Sha256::new();
    hash.update(who.tenant.to_string());
    hash.update(body_sha256);
    Ok(Some(Idempotency {
        key: key.to_owned(),
        request_hash: hash.finalize().to_vec(),
    }))
}
