//! Instances as they are shown.

use creel_control::{health, instance};
use creel_db::{channel, instance as rows};
use creel_domain::{Cause, Desired, Phase, language::Thinking};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{routes::operation::OperationBody, words};

/// One OpenClaw.
#[derive(Serialize, ToSchema)]
pub(crate) struct InstanceView {
    id: String,
    slug: String,
    plan: String,
    /// `provider/model`.
    model: String,
    /// Absent: OpenClaw chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::thinking, required = false)]
    thinking: Option<Thinking>,
    /// BCP 47 tag of the language it answers in.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<String>,
    /// What is asked for.
    #[schema(schema_with = words::desired)]
    desired: Desired,
    /// What was last seen.
    #[schema(schema_with = words::phase)]
    state: Phase,
    /// Why it is not running.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::cause, required = false)]
    cause: Option<Cause>,
    /// The same for people, with the remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The OpenClaw release it is pinned to.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    /// Its Telegram bot; only when one instance is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) telegram: Option<TelegramView>,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    updated_at: String,
}

/// A page of instances.
#[derive(Serialize, ToSchema)]
pub(super) struct InstanceList {
    pub(super) items: Vec<InstanceView>,
    /// `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// A connected bot. Its token is never shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct TelegramView {
    /// Without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_username: Option<String>,
    /// Numeric ids of the people who may talk to the agent.
    allow_from: Vec<i64>,
}

/// What a create made.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedView {
    instance: InstanceView,
    operation: OperationBody,
}

/// What a change did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedView {
    pub(super) instance: InstanceView,
    /// Absent when everything was so already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<OperationBody>,
}

/// The verdict on an instance.
#[derive(Serialize, ToSchema)]
pub(super) struct HealthView {
    /// Whether a message would be answered, as far as we can tell.
    healthy: bool,
    #[schema(schema_with = words::phase)]
    state: Phase,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::cause, required = false)]
    cause: Option<Cause>,
    /// For people, with the remedy.
    message: String,
    /// Each alone would keep it from answering.
    findings: Vec<FindingView>,
}

/// One reason.
#[derive(Serialize, ToSchema)]
struct FindingView {
    /// Stable word.
    code: &'static str,
    /// For people, with the remedy.
    message: String,
}

impl From<rows::Instance> for InstanceView {
    fn from(row: rows::Instance) -> Self {
        let message = row
            .message
            .or_else(|| row.cause.map(|cause| cause.sentence().to_owned()));
        Self {
            id: row.id.to_string(),
            slug: row.slug.to_string(),
            plan: row.settings.plan.to_string(),
            model: row.settings.model,
            thinking: row.settings.thinking,
            language: row.settings.language,
            persona: row.settings.persona,
            desired: row.desired,
            state: row.phase,
            cause: row.cause,
            message,
            release: row.release.map(|id| id.to_string()),
            telegram: None,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
        }
    }
}

impl From<channel::Channel> for TelegramView {
    fn from(channel: channel::Channel) -> Self {
        Self {
            bot_username: channel.settings.bot_username,
            allow_from: channel.settings.allow_from,
        }
    }
}

impl From<instance::Created> for CreatedView {
    fn from(created: instance::Created) -> Self {
        Self {
            instance: created.instance.into(),
            operation: created.operation.into(),
        }
    }
}

impl From<health::Health> for HealthView {
    fn from(health: health::Health) -> Self {
        let findings = health.findings.into_iter().map(|f| FindingView {
            code: f.code,
            message: f.message,
        });
        Self {
            healthy: health.healthy,
            state: health.phase,
            cause: health.cause,
            message: health.message,
            findings: findings.collect(),
        }
    }
}
