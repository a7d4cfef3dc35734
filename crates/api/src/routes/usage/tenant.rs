//! The same over all instances of a tenant, deleted ones too: what was used stays used.

use axum::{Json, extract::State};
use creel_control::{Core, spending::limits};
use creel_db::{
    names,
    usage_day::{self, Day, Used, Whose},
};
use creel_domain::{InstanceId, TenantId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    UsageQuery,
    cause::{CauseUsage, DayCauseUsage, by_cause, by_day_cause},
    limit::LimitView,
    view::{DayCost, ForecastView, by_model},
};
use crate::{
    error::Result,
    extract::{Authorized, InstanceRead, Query},
    openapi::{READS, guarded},
    state::AppState,
};

/// Most instances in the answer, the dearest first: one tenant's page.
const MAX_INSTANCES: usize = 500;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(tenant_usage, READS))
}

#[derive(Serialize, ToSchema)]
struct TenantUsage {
    /// This calendar month, UTC.
    month: TenantMonth,
    /// Days with calls, oldest first.
    by_day: Vec<DayCost>,
    /// Instances with calls, the dearest first, at most 500; deleted ones too.
    by_instance: Vec<InstanceCost>,
    /// Models with calls, the dearest first.
    by_model: Vec<ModelCost>,
    /// Why agents called, the dearest first.
    by_cause: Vec<CauseUsage>,
    /// Days with calls, oldest first, each reason by itself.
    by_day_cause: Vec<DayCauseUsage>,
    /// Limits of all instances together.
    limits: Vec<LimitView>,
    /// Absent where nobody called this month or it has hardly begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<ForecastView>,
}

#[derive(Serialize, ToSchema)]
struct TenantMonth {
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
    /// When counting begins anew.
    #[schema(format = "date-time")]
    renews_at: String,
}

#[derive(Serialize, ToSchema)]
struct InstanceCost {
    slug: String,
    /// What people call it.
    name: String,
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelCost {
    /// `provider/model`.
    model: String,
    /// Input and output together.
    tokens: u64,
    /// Calls, failed ones too.
    calls: u64,
    /// Cost at list price, nano-dollars.
    cost_nano_usd: u64,
}

/// What the whole tenant has used and what that cost, this month and over the last days.
#[utoipa::path(get, path = "/usage", tag = "usage", operation_id = "get_tenant_usage", params(UsageQuery),
    responses((status = 200, body = TenantUsage)))]
async fn tenant_usage(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(asked): Query<UsageQuery>,
) -> Result<Json<TenantUsage>> {
    let now = core.clock.now();
    let from = asked.from(Day::of(now))?;
    let (tenant, db) = (Some(who.tenant), core.db.read());
    let this_month = Day::of(now.month_start());
    let (days, by_instance, causes, limits) = tokio::try_join!(
        async { Ok(usage_day::by_day_and_model(db, tenant, this_month.min(from)).await?) },
        by_instance(&core, who.tenant, from),
        async { Ok(usage_day::by_cause(db, Whose::Tenant(who.tenant), from).await?) },
        async { Ok(limits::of_tenant(&core, who.tenant).await?) },
    )?;
    let of_month = days.iter().filter(|one| one.day >= this_month);
    let month: Used = of_month.map(|one| one.used).sum();
    let forecast = ForecastView::of(now, &days);
    let days: Vec<_> = days.into_iter().filter(|one| one.day >= from).collect();
    Ok(Json(TenantUsage {
        month: TenantMonth {
            tokens: month.tokens(),
            calls: month.calls,
            cost_nano_usd: month.cost_nano_usd,
            renews_at: now.next_month().to_string(),
        },
        by_day: DayCost::all(&days),
        by_instance,
        by_model: models(&days),
        by_cause: by_cause(&causes),
        by_day_cause: by_day_cause(&causes),
        limits: LimitView::all(limits, false),
        forecast,
    }))
}

async fn by_instance(core: &Core, tenant: TenantId, from: Day) -> Result<Vec<InstanceCost>> {
    let used = usage_day::by_instance(core.db.read(), tenant, from).await?;
    let mut used = dearest(used.into_iter().collect());
    used.truncate(MAX_INSTANCES);
    let ids: Vec<InstanceId> = used.iter().map(|(id, _)| *id).collect();
    let mut called = names::instances(core.db.read(), Some(tenant), &ids).await?;
    let named = used.into_iter().filter_map(|(id, used)| {
        let called = called.remove(&id)?;
        Some(InstanceCost {
            slug: called.slug,
            name: called.name,
            tokens: used.tokens(),
            calls: used.calls,
            cost_nano_usd: used.cost_nano_usd,
        })
    });
    Ok(named.collect())
}

/// Models with calls, the dearest first.
pub(crate) fn models(days: &[usage_day::DayModel]) -> Vec<ModelCost> {
    let view = |(model, used): (&str, Used)| ModelCost {
        model: model.to_owned(),
        tokens: used.tokens(),
        calls: used.calls,
        cost_nano_usd: used.cost_nano_usd,
    };
    let models = dearest(by_model(days).into_iter().collect());
    models.into_iter().map(view).collect()
}

/// By cost; of the same cost, by tokens; of the same again, by name or id, so that the order holds from one look to the next.
pub(crate) fn dearest<K: Ord>(mut used: Vec<(K, Used)>) -> Vec<(K, Used)> {
    used.sort_by(|(a, x), (b, y)| {
        (y.cost_nano_usd, y.tokens())
            .cmp(&(x.cost_nano_usd, x.tokens()))
            .then_with(|| a.cmp(b))
    });
    used
}
