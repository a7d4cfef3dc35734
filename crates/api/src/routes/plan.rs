//! Plans: everybody reads them, platform staff edits them.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::plan;
use creel_domain::{
    Plan, PlanId,
    policy::{IdleHeartbeat, LlmPolicy},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Body, Operate, Param, Public},
    openapi::{READS, Reach, audited, guarded},
    routes::usage::limit::LimitBody,
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(put, audited("plan.put", &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct PlanPath {
    /// The plan's short name.
    id: String,
}

/// Limits and price.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// Name for people.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// Model tokens per calendar month (UTC), input and output together.
    #[schema(minimum = 1)]
    tokens_per_month: u64,
    /// Thousandths of a core.
    #[schema(minimum = 1)]
    cpu_millis: u32,
    /// MiB; OpenClaw is killed on its first turn with less than 1536.
    #[schema(minimum = 1536)]
    memory_mib: u32,
    /// People who may talk to the agent.
    #[schema(minimum = 1)]
    people: u32,
    /// Instances one tenant may have.
    #[schema(minimum = 1)]
    instances: u32,
    /// `provider/model`; a `*` at the end matches the rest.
    allowed_models: Vec<String>,
    /// Model of an instance that names none.
    default_model: String,
    /// Price per month in nano-dollars.
    price_nano_usd: u64,
    /// Further rules of model calls; none where absent.
    #[serde(default)]
    #[schema(required = false)]
    llm: PolicyBody,
}

/// Rules of model calls beyond the tokens per month. What is left out adds nothing to the plan.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = LlmPolicy)]
struct PolicyBody {
    /// Limits of each instance, at most 12.
    #[schema(max_items = 12)]
    limits: Vec<LimitBody>,
    /// Limits of all instances of a tenant together, at most 12.
    #[schema(max_items = 12)]
    tenant_limits: Vec<LimitBody>,
    /// Calls one instance may have in flight; the proxy's own setting where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 64)]
    concurrency: Option<u32>,
    /// Models tried in this order, as `provider/model`, when the one asked for fails before its first byte. Only those of the same
    /// dialect and with a key are.
    #[schema(max_items = 4)]
    fallback_models: Vec<String>,
    /// What becomes of heartbeats when nobody has talked to the agent for long; nothing where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_heartbeat: Option<IdleBody>,
    /// So many equal turns in a row pause an instance; never where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 3, maximum = 100)]
    loop_after: Option<u32>,
}

/// What becomes of heartbeats when nobody has talked to the agent for long.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IdleHeartbeat)]
struct IdleBody {
    /// Hours without a message of a person.
    #[schema(minimum = 1, maximum = 8760)]
    after_hours: u32,
    /// The model that answers then, as `provider/model`; where absent Creel answers by itself and it costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PlanView {
    id: String,
    #[serde(flatten)]
    plan: PlanBody,
}

#[derive(Serialize, ToSchema)]
struct PlanList {
    items: Vec<PlanView>,
}

impl From<Plan> for PlanView {
    fn from(plan: Plan) -> Self {
        let body = PlanBody {
            name: plan.name,
            tokens_per_month: plan.tokens_per_month,
            cpu_millis: plan.cpu_millis,
            memory_mib: plan.memory_mib,
            people: plan.people,
            instances: plan.instances,
            allowed_models: plan.allowed_models,
            default_model: plan.default_model,
            price_nano_usd: plan.price_nano_usd,
            llm: plan.llm.into(),
        };
        Self {
            id: plan.id.to_string(),
            plan: body,
        }
    }
}

impl PlanBody {
    fn named(self, id: PlanId) -> Plan {
        Plan {
            id,
            name: self.name,
            tokens_per_month: self.tokens_per_month,
            cpu_millis: self.cpu_millis,
            memory_mib: self.memory_mib,
            people: self.people,
            instances: self.instances,
            allowed_models: self.allowed_models,
            default_model: self.default_model,
            price_nano_usd: self.price_nano_usd,
            llm: self.llm.into(),
        }
    }
}

impl From<LlmPolicy> for PolicyBody {
    fn from(policy: LlmPolicy) -> Self {
        Self {
            limits: policy.limits.into_iter().map(Into::into).collect(),
            tenant_limits: policy.tenant_limits.into_iter().map(Into::into).collect(),
            concurrency: policy.concurrency,
            fallback_models: policy.fallback_models,
            idle_heartbeat: policy.idle_heartbeat.map(|idle| IdleBody {
                after_hours: idle.after_hours,
                model: idle.model,
            }),
            loop_after: policy.loop_after,
        }
    }
}

impl From<PolicyBody> for LlmPolicy {
    fn from(body: PolicyBody) -> Self {
        Self {
            limits: body.limits.into_iter().map(Into::into).collect(),
            tenant_limits: body.tenant_limits.into_iter().map(Into::into).collect(),
            concurrency: body.concurrency,
            fallback_models: body.fallback_models,
            idle_heartbeat: body.idle_heartbeat.map(|idle| IdleHeartbeat {
                after_hours: idle.after_hours,
                model: idle.model,
            }),
            loop_after: body.loop_after,
        }
    }
}

/// The plans, for whoever considers one.
#[utoipa::path(get, path = "/plans", tag = "plan", operation_id = "list_plans", responses((status = 200, body = PlanList)))]
async fn list(_: Public, State(core): State<Core>) -> Result<Json<PlanList>> {
    let rows = plan::list(core.db.read()).await?;
    Ok(Json(PlanList {
        items: rows.into_iter().map(Into::into).collect(),
    }))
}

/// Makes or replaces a plan. New limits hold at once for calls and people, and from the next start for CPU and memory.
#[utoipa::path(put, path = "/plans/{id}", tag = "plan", operation_id = "put_plan", params(PlanPath), request_body = PlanBody,
    responses((status = 200, body = PlanView)))]
async fn put(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Param(id): Param<PlanId>,
    Body(asked): Body<PlanBody>,
) -> Result<Json<PlanView>> {
    let plan = asked.named(id);
    creel_control::plan::put(&core, &who, &plan).await?;
    Ok(Json(plan.into()))
}
