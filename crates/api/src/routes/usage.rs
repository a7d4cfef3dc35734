//! What an instance, or a whole tenant, has used and what that cost: this month, by day, by model.

mod call;
mod cause;
mod export;
pub(super) mod limit;
mod tenant;
mod view;

use axum::{Json, extract::State};
use creel_control::{Core, instance, spending::limits};
use creel_db::{
    plan,
    usage_day::{self, Day, Used, Whose},
};
use creel_domain::{Permission, Slug};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use cause::{CauseUsage, DayCauseUsage, by_cause, by_day_cause};
use limit::LimitView;
pub(super) use tenant::{ModelCost, dearest, models};
pub(super) use view::{DayCost, ForecastView};
use view::{DayModel, Tokens, by_day, by_model};

use super::instance::SlugPath;
use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Param, Query},
    openapi::{READS, guarded},
    state::AppState,
};

const DEFAULT_DAYS: u32 = 30;
/// A year, so that the same month of the last one can be shown.
const MAX_DAYS: u32 = 366;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(usage, READS))
        .merge(tenant::routes())
        .merge(limit::routes())
        .merge(call::routes())
        .merge(export::routes())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsageQuery {
    /// Days that the figures by day and by model look back, today included, 1 to 366; 30 if absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u32>,
}

impl UsageQuery {
    /// The first of these days.
    pub(crate) fn from(&self, today: Day) -> Result<Day> {
        let days = self.days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(Error::invalid(
                "days",
                format!("must be between 1 and {MAX_DAYS}"),
            ));
        }
        Ok(today.minus(days - 1))
    }
}

#[derive(Serialize, ToSchema)]
struct UsageView {
    /// This calendar month, UTC.
    month: Month,
    /// Days with calls, oldest first.
    by_day: Vec<DayUsage>,
    /// Models with calls, by name.
    by_model: Vec<ModelUsage>,
    /// Days with calls, oldest first, each model by itself.
    by_day_model: Vec<DayModel>,
    /// Why it called, the dearest first.
    by_cause: Vec<CauseUsage>,
    /// Days with calls, oldest first, each reason by itself.
    by_day_cause: Vec<DayCauseUsage>,
    /// All that hold, its tenant's included.
    limits: Vec<LimitView>,
    /// Absent where nobody called this month or it has hardly begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<ForecastView>,
}

#[derive(Serialize, ToSchema)]
struct Month {
    #[serde(flatten)]
    used: Tokens,
    /// The plan's tokens per month.
    limit: u64,
    /// When counting begins anew.
    #[schema(format = "date-time")]
    renews_at: String,
}

#[derive(Serialize, ToSchema)]
struct DayUsage {
    #[schema(format = "date")]
    day: String,
    #[serde(flatten)]
    used: Tokens,
}

#[derive(Serialize, ToSchema)]
struct ModelUsage {
    /// `provider/model`.
    model: String,
    #[serde(flatten)]
    used: Tokens,
}

/// Tokens and cost this month, the plan's limit, and the last days by day and by model. Costs are at list price when the call was made;
/// calls of models without a known price cost nothing here.
#[utoipa::path(get, path = "/instances/{slug}/usage", tag = "instance", operation_id = "get_usage", params(SlugPath, UsageQuery),
    responses((status = 200, body = UsageView)))]
async fn usage(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Query(asked): Query<UsageQuery>,
) -> Result<Json<UsageView>> {
    let now = core.clock.now();
    let from = asked.from(Day::of(now))?;
    let row = instance::get(&core, &who, &slug).await?;
    let plan = plan::find(core.db.read(), &row.settings.plan)
        .await?
        .ok_or(creel_control::Error::NotFound("plan"))?;
    let month = Day::of(now.month_start());
    let days = usage_day::of_instance(core.db.read(), row.id, month.min(from)).await?;
    let used: Used = days
        .iter()
        .filter(|one| one.day >= month)
        .map(|one| one.used)
        .sum();
    let forecast = ForecastView::of(now, &days);
    let recent: Vec<_> = days.into_iter().filter(|one| one.day >= from).collect();
    let whose = Whose::Instance(row.id);
    let causes = usage_day::by_cause(core.db.read(), whose, from).await?;
    let limits = limits::of_instance(&core, &row).await?;
    let may_write = who.require(Permission::InstanceWrite).is_ok();
    Ok(Json(UsageView {
        month: Month {
            used: used.into(),
            limit: plan.tokens_per_month,
            renews_at: now.next_month().to_string(),
        },
        by_day: by_day(&recent)
            .into_iter()
            .map(|(day, used)| DayUsage {
                day: day.date(),
                used: used.into(),
            })
            .collect(),
        by_model: by_model(&recent)
            .into_iter()
            .map(|(model, used)| ModelUsage {
                model: model.to_owned(),
                used: used.into(),
            })
            .collect(),
        by_day_model: recent.into_iter().map(Into::into).collect(),
        by_cause: by_cause(&causes),
        by_day_cause: by_day_cause(&causes),
        limits: LimitView::all(limits, may_write),
        forecast,
    }))
}
