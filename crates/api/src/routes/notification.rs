//! What a person should know, newest first.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{
    Core,
    notification::{self, Budget, Kind, MOST, Notification},
};
use creel_domain::{
    OperationKind, Timestamp,
    limit::{Unit, Window},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Query, SignedIn},
    openapi::{Effects, READS, Reach, guarded},
    routes::usage::limit::ScopeWord,
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    const SEEN: Effects = Effects {
        audit: None,
        reach: &[Reach::Db],
    };
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(seen, SEEN))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Most {
    /// Most items, 1 to 50; 50 if absent.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
struct NotificationList {
    items: Vec<NotificationView>,
    /// Of the newest fifty.
    unread: usize,
}

/// One piece of news.
#[derive(Serialize, ToSchema)]
struct NotificationView {
    /// Stays the same.
    id: String,
    #[schema(format = "date-time")]
    at: String,
    #[schema(schema_with = kinds)]
    kind: &'static str,
    #[schema(schema_with = severities)]
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<InstanceRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::operation_kind, required = false)]
    operation_kind: Option<OperationKind>,
    /// Which limit, of `budget_50`, `budget_80` and `budget_100`.
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<BudgetView>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    unread: bool,
}

/// A limit that was reached in part or whole.
#[derive(Serialize, ToSchema)]
#[schema(as = ReachedLimit)]
struct BudgetView {
    /// Whether it holds for the instance or for all of the tenant's together.
    #[schema(inline)]
    scope: ScopeWord,
    #[schema(schema_with = words::unit)]
    unit: Unit,
    #[schema(schema_with = words::window)]
    window: Window,
    /// The limit as it was then.
    amount: u64,
    /// Hundredths of it.
    percent: u32,
    /// When counting begins or began anew.
    #[schema(format = "date-time")]
    renews_at: String,
}

/// An instance in short. It may be gone by now.
#[derive(Serialize, ToSchema)]
struct InstanceRef {
    slug: String,
    name: String,
}

const KINDS: &[Kind] = &[
    Kind::OperationFailed,
    Kind::OperationSucceeded,
    Kind::InstanceError,
    Kind::KeyRefused,
    Kind::Budget50,
    Kind::Budget80,
    Kind::Budget100,
    Kind::LoopPaused,
];

const fn told(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::OperationFailed => ("operation_failed", "error"),
        Kind::OperationSucceeded => ("operation_succeeded", "success"),
        Kind::InstanceError => ("instance_error", "error"),
        Kind::KeyRefused => ("key_refused", "error"),
        Kind::Budget50 => ("budget_50", "info"),
        Kind::Budget80 => ("budget_80", "warning"),
        Kind::Budget100 => ("budget_100", "error"),
        Kind::LoopPaused => ("loop_paused", "error"),
    }
}

fn kinds() -> utoipa::openapi::Object {
    words::one_of(KINDS.iter().map(|kind| told(*kind).0))
}

fn severities() -> utoipa::openapi::Object {
    words::one_of(["info", "success", "warning", "error"])
}

fn view(news: Notification, seen: Option<Timestamp>) -> NotificationView {
    let (kind, severity) = told(news.kind);
    let instance = news.instance.map(|(slug, name)| InstanceRef {
        slug: slug.to_string(),
        name,
    });
    NotificationView {
        id: news.id,
        at: news.at.to_string(),
        kind,
        severity,
        instance,
        operation_kind: news.operation,
        budget: news.budget.map(BudgetView::from),
        message: news.message,
        unread: seen.is_none_or(|seen| news.at > seen),
    }
}

impl From<Budget> for BudgetView {
    fn from(budget: Budget) -> Self {
        Self {
            scope: budget.scope.into(),
            unit: budget.limit.unit,
            window: budget.limit.window,
            amount: budget.limit.amount,
            percent: budget.percent,
            renews_at: budget.renews_at.to_string(),
        }
    }
}

/// The newest notifications of the tenant, and how many of them the caller has not seen.
#[utoipa::path(get, path = "/notifications", tag = "notification", operation_id = "list_notifications", params(Most),
    responses((status = 200, body = NotificationList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Query(most): Query<Most>,
) -> Result<Json<NotificationList>> {
    let limit = most.limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        let message = format!("must be between 1 and {MOST}");
        return Err(Error::invalid("limit", message));
    }
    let (all, seen) = notification::list(&core, &who).await?;
    let mut items: Vec<_> = all.into_iter().map(|news| view(news, seen)).collect();
    let unread = items.iter().filter(|item| item.unread).count();
    items.truncate(limit);
    Ok(Json(NotificationList { items, unread }))
}

/// The caller has seen everything until now.
#[utoipa::path(post, path = "/notifications/seen", tag = "notification", operation_id = "see_notifications", responses((status = 204)))]
async fn seen(who: Authorized<SignedIn>, State(core): State<Core>) -> Result<StatusCode> {
    notification::seen(&core, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}
