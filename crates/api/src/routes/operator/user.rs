//! People.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{Core, operator};
use creel_db::fleet;
use creel_domain::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Operate, Param, Query},
    openapi::{READS, Reach, audited, guarded},
    routes::page::{after, checked, cut, text},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(disable, audited("user.disable", &[Reach::Db])))
        .routes(guarded!(enable, audited("user.enable", &[Reach::Db])))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UserQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Part of the mail address.
    q: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct UserPath {
    /// `usr_…`
    id: String,
}

#[derive(Serialize, ToSchema)]
struct UserList {
    items: Vec<UserRow>,
    /// Where the next page goes on; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are over all pages.
    total: u64,
}

#[derive(Serialize, ToSchema)]
struct UserRow {
    /// `usr_…`
    id: String,
    email: String,
    /// Platform staff.
    is_operator: bool,
    #[schema(format = "date-time")]
    created_at: String,
    /// Since when it may not sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    disabled_at: Option<String>,
    /// Signed-in browsers.
    sessions: u64,
    /// When a browser or program last asked for something, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    last_seen_at: Option<String>,
    /// Tenants it belongs to.
    tenants: u64,
}

/// The accounts, oldest first.
#[utoipa::path(get, path = "/operator/users", tag = "operator", operation_id = "list_users", params(UserQuery),
    responses((status = 200, body = UserList)))]
async fn list(
    _who: Authorized<Operate>,
    State(core): State<Core>,
    Query(asked): Query<UserQuery>,
) -> Result<Json<UserList>> {
    let (after, limit) = (after(asked.after.as_deref())?, checked(asked.limit)?);
    let (text, db) = (text("q", asked.q)?, core.db.read());
    let (most, now) = (u64::from(limit) + 1, core.clock.now());
    let rows = fleet::users(db, text.as_deref(), after, most, now).await?;
    let total = fleet::count_users(db, text.as_deref()).await?;
    let (rows, next) = cut(rows, limit, |row| row.id);
    Ok(Json(UserList {
        items: rows.into_iter().map(UserRow::from).collect(),
        next,
        total,
    }))
}

/// Closes an account: its sessions and tokens end at once and for good. Its tenants and instances go on. Not one's own, and not the last operator's.
#[utoipa::path(post, path = "/operator/users/{id}/disable", tag = "operator", operation_id = "disable_user", params(UserPath),
    responses((status = 204, description = "Closed")))]
async fn disable(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Param(id): Param<UserId>,
) -> Result<StatusCode> {
    operator::disable_user(&core, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a closed account again; its person signs in anew.
#[utoipa::path(post, path = "/operator/users/{id}/enable", tag = "operator", operation_id = "enable_user", params(UserPath),
    responses((status = 204, description = "Open")))]
async fn enable(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Param(id): Param<UserId>,
) -> Result<StatusCode> {
    operator::enable_user(&core, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<fleet::UserRow> for UserRow {
    fn from(row: fleet::UserRow) -> Self {
        Self {
            id: row.id.to_string(),
            email: row.email,
            is_operator: row.is_operator,
            created_at: row.created_at.to_string(),
            disabled_at: row.disabled_at.map(|at| at.to_string()),
            sessions: row.sessions,
            last_seen_at: row.last_seen_at.map(|at| at.to_string()),
            tenants: row.tenants,
        }
    }
}
