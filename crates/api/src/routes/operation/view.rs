//! Operations and steps as they are shown.

use creel_control::instance::OperationView;
use creel_db::operation::StepRow;
use creel_domain::{Cause, OperationKind, OperationStatus, Step, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// A durable change and how far it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperationBody {
    id: String,
    #[schema(schema_with = words::operation_kind)]
    kind: OperationKind,
    #[schema(schema_with = words::operation_status)]
    status: OperationStatus,
    /// Id of the instance it changes.
    instance: String,
    /// How often it was begun; more than one after a crash or a failed try.
    attempt: i64,
    /// Why it failed, as a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::cause, required = false)]
    cause: Option<Cause>,
    /// Why it failed, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    finished_at: Option<String>,
    /// In order; all are listed from the beginning.
    steps: Vec<StepBody>,
}

/// One step.
#[derive(Serialize, ToSchema)]
struct StepBody {
    #[schema(schema_with = words::step)]
    step: Step,
    /// What it does, for people.
    label: &'static str,
    #[schema(schema_with = words::operation_status)]
    status: OperationStatus,
    /// What it has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    finished_at: Option<String>,
}

impl From<OperationView> for OperationBody {
    fn from(view: OperationView) -> Self {
        let operation = view.operation;
        Self {
            id: operation.id.to_string(),
            kind: operation.kind,
            status: operation.status,
            instance: operation.instance.to_string(),
            attempt: operation.attempt,
            cause: operation.cause,
            error: operation.error,
            created_at: operation.created_at.to_string(),
            finished_at: text(operation.finished_at),
            steps: view.steps.into_iter().map(StepBody::from).collect(),
        }
    }
}

impl From<StepRow> for StepBody {
    fn from(row: StepRow) -> Self {
        Self {
            step: row.step,
            label: label(row.step),
            status: row.status,
            detail: row.detail,
            started_at: text(row.started_at),
            finished_at: text(row.finished_at),
        }
    }
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// What a step does, for people.
pub(super) fn label(step: Step) -> &'static str {
    match step {
        Step::Subnet => "Reserve a network address range",
        Step::Drain => "Let the agent finish its work",
        Step::Image => "Check that OpenClaw's image is here",
        Step::Network => "Make the instance's own network",
        Step::Firewall => "Close the network to everything else",
        Step::Volume => "Make room for the agent's memory",
        Step::Files => "Write configuration and keys",
        Step::Container => "Make the container",
        Step::Start => "Start OpenClaw",
        Step::Ready => "Wait until OpenClaw is ready",
        Step::Apply => "Hand over the new settings",
        Step::Stop => "Stop OpenClaw",
        Step::RemoveContainer => "Remove the container",
        Step::RemoveNetwork => "Remove the network",
        Step::RemoveVolume => "Remove the agent's memory",
        Step::RemoveFiles => "Remove configuration and keys",
        Step::Forget => "Forget the instance",
    }
}
