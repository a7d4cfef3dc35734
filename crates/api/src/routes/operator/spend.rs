//! What everybody's calls cost: this month, by day, by tenant, by provider.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use creel_control::{Core, spending::spend};
use creel_db::usage_day::{self, Day, Used};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate, Query},
    openapi::{READS, guarded},
    routes::usage::{DayCost, ForecastView, ModelCost, UsageQuery, dearest, models},
    state::AppState,
};

/// Most tenants in the answer, the dearest first.
const MAX_TENANTS: usize = 500;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(spend, READS))
}

#[derive(Serialize, ToSchema)]
struct Spend {
    /// This calendar month, UTC.
    month: SpendMonth,
    /// Days with calls, oldest first.
    by_day: Vec<DayCost>,
    /// Tenants with calls, the dearest first, at most 500.
    by_tenant: Vec<TenantCost>,
    /// Providers with calls, the dearest first.
    by_provider: Vec<ProviderCost>,
    /// Models with calls, the dearest first.
    by_model: Vec<ModelCost>,
    /// Absent where nobody called this month or it has hardly begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<ForecastView>,
}

#[derive(Serialize, ToSchema)]
struct SpendMonth {
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
    /// When the next one begins.
    #[schema(format = "date-time")]
    renews_at: String,
}

#[derive(Serialize, ToSchema)]
struct TenantCost {
    /// `ten_…`
    tenant_id: String,
    name: String,
    /// Mail address of its first owner; empty if nobody is.
    owner: String,
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together.
    tokens: u64,
    /// Cost at list price, nano-dollars, whoever's key paid.
    cost_nano_usd: u64,
    /// Of the cost, what the tenant's own keys paid.
    own_key_cost_nano_usd: u64,
}

#[derive(Serialize, ToSchema)]
struct ProviderCost {
    /// The vendor's id in the catalogue.
    provider: String,
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together.
    tokens: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

/// What the calls of all tenants cost at list price, this month and over the last days.
#[utoipa::path(get, path = "/operator/spend", tag = "operator", operation_id = "get_spend", params(UsageQuery),
    responses((status = 200, body = Spend)))]
async fn spend(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Query(asked): Query<UsageQuery>,
) -> Result<Json<Spend>> {
    let (now, db) = (core.clock.now(), core.db.read());
    let from = asked.from(Day::of(now))?;
    let this_month = Day::of(now.month_start());
    let days = usage_day::by_day_and_model(db, None, this_month.min(from)).await?;
    let tenants = spend::by_tenant(&core, &who, from, MAX_TENANTS).await?;
    let of_month = days.iter().filter(|one| one.day >= this_month);
    let month: Used = of_month.map(|one| one.used).sum();
    let forecast = ForecastView::of(now, &days);
    let days: Vec<_> = days.into_iter().filter(|one| one.day >= from).collect();
    Ok(Json(Spend {
        month: SpendMonth {
            tokens: month.tokens(),
            calls: month.calls,
            cost_nano_usd: month.cost_nano_usd,
            renews_at: now.next_month().to_string(),
        },
        by_day: DayCost::all(&days),
        by_tenant: tenants.into_iter().map(TenantCost::from).collect(),
        by_provider: providers(&days),
        by_model: models(&days),
        forecast,
    }))
}

fn providers(days: &[usage_day::DayModel]) -> Vec<ProviderCost> {
    let mut sums: BTreeMap<&str, Used> = BTreeMap::new();
    for one in days {
        let (provider, _) = one.model.split_once('/').unwrap_or((&one.model, ""));
        sums.entry(provider).or_default().add(one.used);
    }
    let view = |(provider, used): (&str, Used)| ProviderCost {
        provider: provider.to_owned(),
        calls: used.calls,
        tokens: used.tokens(),
        cost_nano_usd: used.cost_nano_usd,
    };
    dearest(sums.into_iter().collect())
        .into_iter()
        .map(view)
        .collect()
}

impl From<spend::OfTenant> for TenantCost {
    fn from(one: spend::OfTenant) -> Self {
        Self {
            tenant_id: one.tenant.to_string(),
            name: one.name,
            owner: one.owner,
            calls: one.used.calls,
            tokens: one.used.tokens(),
            cost_nano_usd: one.used.cost_nano_usd,
            own_key_cost_nano_usd: one.own_key_cost_nano_usd,
        }
    }
}
