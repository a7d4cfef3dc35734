//! Platform staff's view of the whole: one file per resource. Reads go over all tenants; changes are one call of `creel_control::operator`.

mod bulk;
mod health;
mod instance;
mod limit;
mod operation;
mod overview;
mod price;
mod reconcile;
mod setting;
mod spend;
mod tenant;
mod upstream;
mod user;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(overview::routes())
        .merge(instance::routes())
        .merge(bulk::routes())
        .merge(tenant::routes())
        .merge(user::routes())
        .merge(operation::routes())
        .merge(health::routes())
        .merge(setting::routes())
        .merge(spend::routes())
        .merge(price::routes())
        .merge(limit::routes())
        .merge(upstream::routes())
        .merge(reconcile::routes())
}
