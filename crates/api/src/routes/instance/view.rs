//! Instances as they are shown.

use creel_control::{health, instance};
use creel_db::{channel, operation};
use creel_domain::{
    Cause, Desired, OperationKind, OperationStatus, Phase, Timestamp, language::Thinking,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{routes::operation::OperationBody, words};

/// One OpenClaw.
#[derive(Serialize, ToSchema)]
pub(crate) struct InstanceView {
    id: String,
    slug: String,
    /// What people call it; the slug where it has no other name.
    name: String,
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
    /// Its Telegram bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    telegram: Option<TelegramView>,
    /// This calendar month, UTC.
    month: InstanceMonth,
    /// The change that is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<OperationRef>,
    /// Whose key its model is paid with.
    #[schema(schema_with = words::key_source)]
    key_source: &'static str,
    /// Its model calls are refused until somebody resumes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<PauseView>,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    updated_at: String,
}

/// Why an instance may not call models.
#[derive(Serialize, ToSchema)]
#[schema(as = Pause)]
struct PauseView {
    /// `loop`: it went round in circles.
    reason: String,
    /// The same for people; nothing of what was said.
    detail: String,
    #[schema(format = "date-time")]
    at: String,
}

/// What an instance has used of its month.
#[derive(Serialize, ToSchema)]
struct InstanceMonth {
    tokens: u64,
    /// The plan's tokens per month.
    limit: u64,
    cost_nano_usd: u64,
    /// When counting begins anew.
    #[schema(format = "date-time")]
    renews_at: String,
}

/// An operation in short.
#[derive(Serialize, ToSchema)]
struct OperationRef {
    id: String,
    #[schema(schema_with = words::operation_kind)]
    kind: OperationKind,
    #[schema(schema_with = words::operation_status)]
    status: OperationStatus,
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
    /// The bot's name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_name: Option<String>,
    /// Numeric ids of the people who may talk to the agent.
    allow_from: Vec<i64>,
    /// When a person last wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_in_at: Option<String>,
    /// When the agent last wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_out_at: Option<String>,
    /// Telegram's words of the last failed call, until the same works again.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

/// What a create made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedView {
    pub(crate) instance: InstanceView,
    pub(crate) operation: OperationBody,
}

/// What a change did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedView {
    pub(super) instance: InstanceView,
    /// Absent when OpenClaw has nothing to learn.
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

impl From<instance::Seen> for InstanceView {
    fn from(seen: instance::Seen) -> Self {
        let instance::Seen {
            row,
            telegram,
            month,
            operation,
            key_source,
            paused,
        } = seen;
        let name = row.display_name().to_owned();
        let message = row
            .message
            .or_else(|| row.cause.map(|cause| cause.sentence().to_owned()));
        Self {
            id: row.id.to_string(),
            slug: row.slug.to_string(),
            name,
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
            telegram: telegram.map(Into::into),
            month: month.into(),
            operation: operation.map(Into::into),
            key_source: key_source.as_str(),
            paused: paused.map(Into::into),
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
        }
    }
}

impl From<channel::Channel> for TelegramView {
    fn from(channel: channel::Channel) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            bot_username: channel.settings.bot_username,
            bot_name: channel.settings.bot_name,
            allow_from: channel.settings.allow_from,
            last_in_at: text(channel.activity.last_in_at),
            last_out_at: text(channel.activity.last_out_at),
            last_error: channel.activity.last_error,
        }
    }
}

impl From<instance::Month> for InstanceMonth {
    fn from(month: instance::Month) -> Self {
        Self {
            tokens: month.tokens,
            limit: month.limit,
            cost_nano_usd: month.cost_nano_usd,
            renews_at: month.renews_at.to_string(),
        }
    }
}

impl From<instance::Paused> for PauseView {
    fn from(paused: instance::Paused) -> Self {
        Self {
            reason: paused.reason,
            detail: paused.detail,
            at: paused.at.to_string(),
        }
    }
}

impl From<operation::Operation> for OperationRef {
    fn from(operation: operation::Operation) -> Self {
        Self {
            id: operation.id.to_string(),
            kind: operation.kind,
            status: operation.status,
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
