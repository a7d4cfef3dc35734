//! The platform at a glance.

use std::time::Duration;

use axum::{Json, extract::State};
use creel_control::{Core, platform::HostSample};
use creel_db::{
    fleet,
    usage_day::{self, Day, Used},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate},
    openapi::{READS, guarded},
    routes::usage::DayCost,
    state::AppState,
};

/// How far failures are looked back.
const RECENT: Duration = Duration::from_hours(24);
const FAILURES: u64 = 10;
const DAYS: u32 = 30;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(overview, READS))
}

#[derive(Serialize, ToSchema)]
struct Overview {
    #[schema(format = "date-time")]
    at: String,
    /// The machine this answer comes from; absent in the first seconds after a start.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<HostView>,
    /// Live instances by what was last seen; states without one are left out.
    instances: Vec<StateCount>,
    tenants: u64,
    users: u64,
    /// Operations that have not ended.
    operations_running: u64,
    /// Operations that failed within a day.
    operations_failed_24h: u64,
    /// Input and output of everybody since the month began, UTC.
    month_tokens: u64,
    /// At list price, nano-dollars.
    month_cost_nano_usd: u64,
    /// Since the day began, UTC.
    today_tokens: u64,
    /// At list price, nano-dollars.
    today_cost_nano_usd: u64,
    /// The last 30 days with calls, oldest first.
    by_day: Vec<DayCost>,
    /// The last ten operations that failed within a day, newest first.
    failures: Vec<FleetFailure>,
}

/// The machine, as it was a few seconds ago.
#[derive(Serialize, ToSchema)]
struct HostView {
    cpus: u32,
    /// Work done by all cores together, 0 to 100.
    cpu_percent: u32,
    /// Load over the last minute, rounded to a whole number.
    load_1: u64,
    memory_total_bytes: u64,
    /// What could not be had for a new program.
    memory_used_bytes: u64,
    swap_total_bytes: u64,
    swap_used_bytes: u64,
    /// The disk that holds the data directory.
    disk_total_bytes: u64,
    disk_used_bytes: u64,
    uptime_seconds: u64,
}

#[derive(Serialize, ToSchema)]
struct StateCount {
    state: String,
    count: u64,
}

/// An operation that failed.
#[derive(Serialize, ToSchema)]
struct FleetFailure {
    #[schema(format = "date-time")]
    at: String,
    /// `op_…`
    operation: String,
    kind: String,
    slug: String,
    /// `ten_…`
    tenant: String,
    /// Mail address of the tenant's first owner.
    owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    message: String,
}

/// How many of everything, what is used and what fails, over all tenants.
#[utoipa::path(get, path = "/operator/overview", tag = "operator", operation_id = "get_overview",
    responses((status = 200, body = Overview)))]
async fn overview(_who: Authorized<Operate>, State(core): State<Core>) -> Result<Json<Overview>> {
    let (now, db) = (core.clock.now(), core.db.read());
    let today = Day::of(now);
    let month = Day::of(now.month_start());
    let days = usage_day::by_day_and_model(db, None, month.min(today.minus(DAYS - 1))).await?;
    let since = |from: Day| -> Used {
        let used = days.iter().filter(|one| one.day >= from);
        used.map(|one| one.used).sum()
    };
    let (this_month, this_day) = (since(month), since(today));
    let recent: Vec<_> = days
        .iter()
        .filter(|one| one.day > today.minus(DAYS))
        .cloned()
        .collect();
    let figures = fleet::figures(db, now.minus(RECENT)).await?;
    let failures = fleet::failures(db, now.minus(RECENT), FAILURES).await?;
    let instances = fleet::phases(db).await?.into_iter();
    Ok(Json(Overview {
        at: now.to_string(),
        host: core.platform.host().map(HostView::from),
        instances: instances
            .map(|(phase, count)| StateCount {
                state: phase.to_string(),
                count,
            })
            .collect(),
        tenants: figures.tenants,
        users: figures.users,
        operations_running: figures.operations_running,
        operations_failed_24h: figures.operations_failed,
        month_tokens: this_month.tokens(),
        month_cost_nano_usd: this_month.cost_nano_usd,
        today_tokens: this_day.tokens(),
        today_cost_nano_usd: this_day.cost_nano_usd,
        by_day: DayCost::all(&recent),
        failures: failures.into_iter().map(FleetFailure::from).collect(),
    }))
}

impl From<HostSample> for HostView {
    fn from(seen: HostSample) -> Self {
        Self {
            cpus: seen.cpus,
            cpu_percent: seen.cpu_percent,
            load_1: (seen.load_1_hundredths + 50) / 100,
            memory_total_bytes: seen.memory_total_bytes,
            memory_used_bytes: seen.memory_used_bytes,
            swap_total_bytes: seen.swap_total_bytes,
            swap_used_bytes: seen.swap_used_bytes,
            disk_total_bytes: seen.disk_total_bytes,
            disk_used_bytes: seen.disk_used_bytes,
            uptime_seconds: seen.uptime_seconds,
        }
    }
}

impl From<fleet::Failure> for FleetFailure {
    fn from(row: fleet::Failure) -> Self {
        Self {
            at: row.at.to_string(),
            operation: row.operation.to_string(),
            kind: row.kind,
            slug: row.slug,
            tenant: row.tenant.to_string(),
            owner: row.owner,
            cause: row.cause,
            message: row.error.unwrap_or_else(|| "It failed.".to_owned()),
        }
    }
}
