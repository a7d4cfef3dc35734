//! Tenants.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::{
    fleet,
    usage_day::{self, Used},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate, Query},
    openapi::{READS, guarded},
    routes::page::{after, checked, cut, text},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TenantQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Part of the name or of the owner's address.
    q: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct TenantList {
    items: Vec<TenantRow>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are over all pages.
    total: u64,
}

#[derive(Serialize, ToSchema)]
struct TenantRow {
    /// `ten_…`
    id: String,
    name: String,
    /// Mail address of its first owner.
    owner: String,
    #[schema(format = "date-time")]
    created_at: String,
    /// Live instances.
    instances: u64,
    /// Of these, running ones.
    running: u64,
    /// People.
    members: u64,
    /// Input and output since the month began.
    month_tokens: u64,
    /// At list price, nano-dollars.
    month_cost_nano_usd: u64,
    /// Since when its first owner may not sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    disabled_at: Option<String>,
}

/// The tenants, oldest first.
#[utoipa::path(get, path = "/operator/tenants", tag = "operator", operation_id = "list_tenants", params(TenantQuery),
    responses((status = 200, body = TenantList)))]
async fn list(
    _who: Authorized<Operate>,
    State(core): State<Core>,
    Query(asked): Query<TenantQuery>,
) -> Result<Json<TenantList>> {
    let (after, limit) = (after(asked.after.as_deref())?, checked(asked.limit)?);
    let (text, db) = (text("q", asked.q)?, core.db.read());
    let rows = fleet::tenants(db, text.as_deref(), after, u64::from(limit) + 1).await?;
    let total = fleet::count_tenants(db, text.as_deref()).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let months = usage_day::month_by_tenant(db, &ids, core.clock.now()).await?;
    let items = rows.into_iter().map(|row| {
        let month = months.get(&row.id).copied().unwrap_or_default();
        TenantRow::new(row, month)
    });
    Ok(Json(TenantList {
        items: items.collect(),
        next,
        total,
    }))
}

impl TenantRow {
    fn new(row: fleet::TenantRow, month: Used) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            owner: row.owner,
            created_at: row.created_at.to_string(),
            instances: row.instances,
            running: row.running,
            members: row.members,
            month_tokens: month.tokens(),
            month_cost_nano_usd: month.cost_nano_usd,
            disabled_at: row.disabled_at.map(|at| at.to_string()),
        }
    }
}
