//! Recent model calls, one by one: when, with which model, at what cost and how they ended. Never what was said.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{
    Core,
    spending::calls::{self, Asked, Call, Outcome},
};
use creel_domain::{Slug, usage::Cause};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, InstanceWrite, Param, Query},
    openapi::{READS, Reach, audited, guarded},
    routes::{instance::SlugPath, page::checked},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const RESUME: &str = "model_calls.resume";
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(resume, audited(RESUME, &[Reach::Db])))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CallQuery {
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    before: Option<String>,
    /// Only those that were not answered.
    failed: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct CallList {
    items: Vec<CallView>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One model call.
#[derive(Serialize, ToSchema)]
#[schema(as = ModelCall)]
struct CallView {
    id: String,
    /// When it came in.
    #[schema(format = "date-time")]
    at: String,
    /// The vendor's id in the catalogue.
    provider: String,
    /// The vendor's model that answered.
    model: String,
    /// Why the agent called.
    #[schema(schema_with = words::call_cause)]
    cause: Cause,
    /// Where the person wrote from, such as `telegram`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// Input tokens, cached ones included.
    input: u64,
    /// Output tokens, thinking included.
    output: u64,
    /// Of the input, read from the vendor's cache.
    cache_read: u64,
    /// Of the input, written to the vendor's cache.
    cache_write: u64,
    /// Of the output, thinking.
    reasoning: u64,
    /// Cost at list price, nano-dollars; absent where the price is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_nano_usd: Option<u64>,
    /// The answer was cut: counted by what had passed.
    estimated: bool,
    /// HTTP status of the vendor's answer; 499 if the client went first, 598 if Creel stopped during the call.
    status: u16,
    #[schema(inline)]
    outcome: OutcomeWord,
    /// From call to last byte, milliseconds.
    latency_ms: u64,
    /// From call to first byte of the answer, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ttft_ms: Option<u64>,
    /// Paid with the tenant's own key.
    own_key: bool,
    /// The answer came in pieces.
    streamed: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeWord {
    Answered,
    /// Answered in part.
    Estimated,
    /// The vendor refused the key.
    RefusedKey,
    /// The vendor had no room.
    RateLimited,
    Failed,
    /// The agent did not wait.
    ClientLeft,
}

/// The newest model calls of an instance, newest first. What was said is not kept and cannot be shown.
#[utoipa::path(get, path = "/instances/{slug}/calls", tag = "usage", operation_id = "list_calls", params(SlugPath, CallQuery),
    responses((status = 200, body = CallList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Query(asked): Query<CallQuery>,
) -> Result<Json<CallList>> {
    let before = asked.before.as_deref().map(str::parse).transpose();
    let asked = Asked {
        before: before.map_err(|_| Error::invalid("before", "is not a `next` of this list"))?,
        failed: asked.failed.unwrap_or(false),
        limit: checked(asked.limit)?,
    };
    let (items, next) = calls::recent(&core, &who, &slug, asked).await?;
    Ok(Json(CallList {
        items: items.into_iter().map(CallView::from).collect(),
        next: next.map(|next| next.to_string()),
    }))
}

/// Lets an instance call models again that was paused because it went in circles. Nothing happens to one that is not paused.
#[utoipa::path(post, path = "/instances/{slug}/model-calls/resume", tag = "usage", operation_id = "resume_model_calls", params(SlugPath),
    responses((status = 204, description = "Calls go on")))]
async fn resume(
    who: Authorized<InstanceWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<StatusCode> {
    calls::resume(&core, &who, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Call> for CallView {
    fn from(call: Call) -> Self {
        Self {
            id: call.id.to_string(),
            at: call.at.to_string(),
            provider: call.provider,
            model: call.model,
            cause: call.cause,
            channel: Some(call.channel).filter(|channel| !channel.is_empty()),
            input: call.usage.input,
            output: call.usage.output,
            cache_read: call.usage.cache_read,
            cache_write: call.usage.cache_write,
            reasoning: call.usage.reasoning,
            cost_nano_usd: call.cost_nano_usd,
            estimated: call.estimated,
            status: call.status,
            outcome: call.outcome.into(),
            latency_ms: call.latency_ms,
            ttft_ms: call.ttft_ms,
            own_key: call.own_key,
            streamed: call.streamed,
        }
    }
}

impl From<Outcome> for OutcomeWord {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Answered => Self::Answered,
            Outcome::Estimated => Self::Estimated,
            Outcome::RefusedKey => Self::RefusedKey,
            Outcome::RateLimited => Self::RateLimited,
            Outcome::Failed => Self::Failed,
            Outcome::ClientLeft => Self::ClientLeft,
        }
    }
}
