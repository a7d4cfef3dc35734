//! The same over all instances of a tenant, deleted ones too: what was used stays used.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::{
    names,
    usage_day::{self, Day, Used},
};
use creel_domain::{InstanceId, TenantId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    UsageQuery,
    view::{DayCost, by_model},
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
struct ModelCost {
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
    let (month, days, by_instance) = tokio::try_join!(
        async { Ok(usage_day::total(db, tenant, Day::of(now.month_start())).await?) },
        async { Ok(usage_day::by_day_and_model(db, tenant, from).await?) },
        by_instance(&core, who.tenant, from),
    )?;
    let by_model = dearest(by_model(&days).into_iter().collect());
    Ok(Json(TenantUsage {
        month: TenantMonth {
            tokens: month.tokens(),
            calls: month.calls,
            cost_nano_usd: month.cost_nano_usd,
            renews_at: now.next_month().to_string(),
        },
        by_day: DayCost::all(&days),
        by_instance,
        by_model: by_model
            .into_iter()
            .map(|(model, used)| ModelCost {
                model: model.to_owned(),
                tokens: used.tokens(),
                calls: used.calls,
                cost_nano_usd: used.cost_nano_usd,
            })
            .collect(),
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

/// By cost; of the same cost, by tokens; of the same again, by name or id, so that the order holds from one look to the next.
fn dearest<K: Ord>(mut used: Vec<(K, Used)>) -> Vec<(K, Used)> {
    used.sort_by(|(a, x), (b, y)| {
        (y.cost_nano_usd, y.tokens())
            .cmp(&(x.cost_nano_usd, x.tokens()))
            .then_with(|| a.cmp(b))
    });
    used
}
