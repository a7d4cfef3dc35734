//! Every tenant's instances in one list.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::{
    fleet::{self, InstanceRow, Wanted},
    usage_day::{self, Used},
};
use creel_domain::{Cause, Desired, Phase};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate, Query},
    openapi::{READS, guarded},
    routes::page::{after, checked, cut, text, word},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FleetQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Part of slug, name, tenant's name or owner's address.
    q: Option<String>,
    /// What was last seen.
    #[param(schema_with = words::phase)]
    state: Option<String>,
    /// Plan.
    plan: Option<String>,
    /// Version of OpenClaw.
    release: Option<String>,
    /// `ten_…`
    tenant: Option<String>,
}

impl FleetQuery {
    fn wanted(self) -> Result<Wanted> {
        Ok(Wanted {
            text: text("q", self.q)?,
            phase: word("state", self.state.as_deref())?,
            plan: text("plan", self.plan)?,
            release: text("release", self.release)?,
            tenant: word("tenant", self.tenant.as_deref())?,
        })
    }
}

#[derive(Serialize, ToSchema)]
struct FleetList {
    items: Vec<FleetRow>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are over all pages.
    total: u64,
}

#[derive(Serialize, ToSchema)]
struct FleetRow {
    /// `inst_…`
    id: String,
    slug: String,
    /// What people call it.
    name: String,
    /// `ten_…`
    tenant: String,
    /// Mail address of the tenant's first owner.
    owner: String,
    /// What the last pass saw.
    #[schema(schema_with = words::phase)]
    state: Phase,
    #[schema(schema_with = words::desired)]
    desired: Desired,
    /// Why it is not running.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::cause)]
    cause: Option<Cause>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    plan: String,
    /// `provider/model`.
    model: String,
    /// Version of OpenClaw, once it first started.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    /// Input and output since the month began.
    month_tokens: u64,
    /// At list price, nano-dollars.
    month_cost_nano_usd: u64,
    /// When a person or the agent last wrote on a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_message_at: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
}

impl FleetRow {
    fn new(row: InstanceRow, month: Used) -> Self {
        Self {
            id: row.id.to_string(),
            slug: row.slug,
            name: row.name,
            tenant: row.tenant.to_string(),
            owner: row.owner,
            state: row.phase,
            desired: row.desired,
            cause: row.cause,
            message: row.message,
            plan: row.plan,
            model: row.model,
            release: row.release,
            month_tokens: month.tokens(),
            month_cost_nano_usd: month.cost_nano_usd,
            last_message_at: row.last_message_at.map(|at| at.to_string()),
            created_at: row.created_at.to_string(),
        }
    }
}

/// The live instances of all tenants, oldest first.
#[utoipa::path(get, path = "/operator/instances", tag = "operator", operation_id = "list_fleet", params(FleetQuery),
    responses((status = 200, body = FleetList)))]
async fn list(
    _who: Authorized<Operate>,
    State(core): State<Core>,
    Query(asked): Query<FleetQuery>,
) -> Result<Json<FleetList>> {
    let (after, limit) = (after(asked.after.as_deref())?, checked(asked.limit)?);
    let (wanted, db) = (asked.wanted()?, core.db.read());
    let rows = fleet::instances(db, &wanted, after, u64::from(limit) + 1).await?;
    let total = fleet::count(db, &wanted).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let months = usage_day::month_by_instance(db, &ids, core.clock.now()).await?;
    let month = |row: &InstanceRow| months.get(&row.id).copied().unwrap_or_default();
    Ok(Json(FleetList {
        items: rows
            .into_iter()
            .map(|row| {
                let month = month(&row);
                FleetRow::new(row, month)
            })
            .collect(),
        next,
        total,
    }))
}
