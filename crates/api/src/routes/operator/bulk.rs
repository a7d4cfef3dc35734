//! One action on many instances.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    operator::{self, BulkAction},
};
use creel_domain::{InstanceId, Phase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::{Authorized, Body, Operate},
    openapi::{Reach, audited, guarded},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    let effects = audited("instance.*", &[Reach::Db, Reach::Engine]);
    OpenApiRouter::new().routes(guarded!(bulk, effects))
}

/// What can be asked of many at once.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ActionWord {
    Start,
    Stop,
    Restart,
}

/// What it does to one of them.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Effect {
    Start,
    Stop,
    Restart,
    None,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkRequest {
    #[schema(inline)]
    action: ActionWord,
    /// 1 to 500 ids, `inst_…`.
    #[schema(min_items = 1, max_items = 500)]
    instances: Vec<String>,
    /// Only say what would happen.
    dry_run: bool,
}

#[derive(Serialize, ToSchema)]
struct BulkResult {
    dry_run: bool,
    /// One for each instance, in the order asked for.
    items: Vec<BulkItem>,
    /// How many of them it changes.
    affected: usize,
}

#[derive(Serialize, ToSchema)]
struct BulkItem {
    /// `inst_…`
    instance: String,
    slug: String,
    /// Mail address of the tenant's first owner.
    owner: String,
    /// What was last seen.
    #[schema(schema_with = words::phase)]
    state: Phase,
    #[schema(inline)]
    effect: Effect,
    /// Why nothing happens to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The operation that was opened; watch it like any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
}

/// Starts, stops or restarts many instances of any tenants, one after the other; each outcome stands by itself, and each change is in its tenant's
/// audit log. With `dry_run` nothing happens and the answer says what would.
#[utoipa::path(post, path = "/operator/instances/bulk", tag = "operator", operation_id = "act_on_fleet", request_body = BulkRequest,
    responses((status = 200, body = BulkResult)))]
async fn bulk(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Body(asked): Body<BulkRequest>,
) -> Result<Json<BulkResult>> {
    let action = BulkAction::from(asked.action);
    let ids = ids(&asked.instances)?;
    let items = Box::pin(operator::bulk(&core, &who, action, &ids, asked.dry_run)).await?;
    Ok(Json(BulkResult {
        dry_run: asked.dry_run,
        affected: items.iter().filter(|item| item.changes).count(),
        items: items
            .into_iter()
            .map(|item| BulkItem::new(item, asked.action))
            .collect(),
    }))
}

fn ids(texts: &[String]) -> Result<Vec<InstanceId>> {
    let parsed = texts.iter().enumerate().map(|(at, text)| {
        let wrong = |error: creel_domain::ids::ParseIdError| {
            Error::invalid(&format!("instances.{at}"), error.to_string())
        };
        text.parse().map_err(wrong)
    });
    parsed.collect()
}

impl BulkItem {
    fn new(item: operator::BulkItem, action: ActionWord) -> Self {
        Self {
            instance: item.instance.to_string(),
            slug: item.slug,
            owner: item.owner,
            state: item.phase,
            effect: if item.changes {
                action.into()
            } else {
                Effect::None
            },
            reason: item.reason,
            operation: item.operation.map(|id| id.to_string()),
        }
    }
}

impl From<ActionWord> for BulkAction {
    fn from(word: ActionWord) -> Self {
        match word {
            ActionWord::Start => Self::Start,
            ActionWord::Stop => Self::Stop,
            ActionWord::Restart => Self::Restart,
        }
    }
}

impl From<ActionWord> for Effect {
    fn from(word: ActionWord) -> Self {
        match word {
            ActionWord::Start => Self::Start,
            ActionWord::Stop => Self::Stop,
            ActionWord::Restart => Self::Restart,
        }
    }
}
