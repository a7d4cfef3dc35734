//! What an instance has used: this month against its plan's limit, by day and by model.

use std::{collections::BTreeMap, time::Duration};

use axum::{Json, extract::State};
use creel_control::{Core, instance};
use creel_db::{plan, usage as rows};
use creel_domain::Slug;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::instance::SlugPath;
use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Param, Query},
    openapi::{READS, guarded},
    state::AppState,
};

const DAY: Duration = Duration::from_hours(24);
const DEFAULT_DAYS: u32 = 30;
const MAX_DAYS: u32 = 92;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(usage, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UsageQuery {
    /// Days that `by_day` and `by_model` look back, 1 to 92; 30 if absent.
    #[param(minimum = 1, maximum = 92)]
    days: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct UsageView {
    /// This calendar month, UTC.
    month: Month,
    /// Days with calls, oldest first.
    by_day: Vec<DayUsage>,
    /// Models with calls, by name.
    by_model: Vec<ModelUsage>,
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

/// Model calls and their tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
struct Tokens {
    /// Calls, failed ones too.
    calls: u64,
    /// Input and output together: what counts against the limit.
    total: u64,
    /// Input tokens, cached ones included.
    input: u64,
    /// Output tokens.
    output: u64,
    /// Of the input, read from the vendor's cache.
    cache_read: u64,
    /// Of the input, written to the vendor's cache.
    cache_write: u64,
}

/// Tokens used this month, the plan's limit, and the last days by day and by model.
#[utoipa::path(get, path = "/instances/{slug}/usage", tag = "instance", operation_id = "get_usage", params(SlugPath, UsageQuery),
    responses((status = 200, body = UsageView)))]
async fn usage(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Query(asked): Query<UsageQuery>,
) -> Result<Json<UsageView>> {
    let days = asked.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Error::invalid(
            "days",
            format!("must be between 1 and {MAX_DAYS}"),
        ));
    }
    let row = instance::get(&core, &who, &slug).await?;
    let (now, db) = (core.clock.now(), core.db.read());
    let plan = plan::find(db, &row.settings.plan)
        .await?
        .ok_or(creel_control::Error::NotFound("plan"))?;
    let (month, from) = (now.month_start(), now.minus(DAY * days));
    let events = rows::list(db, row.id, month.min(from)).await?;
    let used = sum(events.iter().filter(|event| event.started_at >= month));
    let recent: Vec<_> = events
        .iter()
        .filter(|event| event.started_at >= from)
        .collect();
    let by_day = grouped(&recent, |event| event.started_at.date());
    let by_model = grouped(&recent, |event| {
        format!("{}/{}", event.provider, event.model)
    });
    Ok(Json(UsageView {
        month: Month {
            used,
            limit: plan.tokens_per_month,
            renews_at: now.next_month().to_string(),
        },
        by_day: by_day
            .into_iter()
            .map(|(day, used)| DayUsage { day, used })
            .collect(),
        by_model: by_model
            .into_iter()
            .map(|(model, used)| ModelUsage { model, used })
            .collect(),
    }))
}

fn grouped(
    events: &[&rows::UsageEvent],
    key: impl Fn(&rows::UsageEvent) -> String,
) -> BTreeMap<String, Tokens> {
    let mut groups: BTreeMap<String, Tokens> = BTreeMap::new();
    for event in events {
        groups.entry(key(event)).or_default().add(event);
    }
    groups
}

fn sum<'a>(events: impl Iterator<Item = &'a rows::UsageEvent>) -> Tokens {
    events.fold(Tokens::default(), |mut total, event| {
        total.add(event);
        total
    })
}

impl Tokens {
    fn add(&mut self, event: &rows::UsageEvent) {
        self.calls += 1;
        self.total = self.total.saturating_add(event.usage.total());
        self.input = self.input.saturating_add(event.usage.input);
        self.output = self.output.saturating_add(event.usage.output);
        self.cache_read = self.cache_read.saturating_add(event.usage.cache_read);
        self.cache_write = self.cache_write.saturating_add(event.usage.cache_write);
    }
}
