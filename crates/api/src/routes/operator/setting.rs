//! The configuration as this process read it.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    ApiOptions,
    extract::{Authorized, Operate},
    openapi::{READS, guarded},
    options::{Setting, SettingSource},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct SettingList {
    items: Vec<SettingView>,
}

/// A key of the configuration.
#[derive(Serialize, ToSchema)]
struct SettingView {
    /// `section.key`
    key: String,
    /// What is in force; absent for a secret and where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// Where it was set; of several the strongest, which is the first.
    #[schema(inline)]
    source: SourceWord,
    /// Name of the variable or path of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_name: Option<String>,
    /// What holds where nothing is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    description: String,
    /// Its value is never shown.
    secret: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SourceWord {
    Flag,
    Environment,
    File,
    Default,
}

/// Every key of the configuration: what is in force, where it was set and what it means. Secrets are named and never shown.
#[utoipa::path(get, path = "/operator/settings", tag = "operator", operation_id = "list_settings",
    responses((status = 200, body = SettingList)))]
async fn list(
    _who: Authorized<Operate>,
    State(options): State<Arc<ApiOptions>>,
) -> Json<SettingList> {
    let items = options.settings.iter().cloned().map(SettingView::from);
    Json(SettingList {
        items: items.collect(),
    })
}

impl From<Setting> for SettingView {
    fn from(setting: Setting) -> Self {
        let (source, source_name) = match setting.source {
            SettingSource::Flag => (SourceWord::Flag, None),
            SettingSource::Environment(name) => (SourceWord::Environment, Some(name)),
            SettingSource::File(path) => (SourceWord::File, Some(path)),
            SettingSource::Default => (SourceWord::Default, None),
        };
        Self {
            key: setting.key,
            // Whoever fills it in leaves secrets out already; a second lock costs nothing.
            value: setting.value.filter(|_| !setting.secret),
            source,
            source_name,
            default: setting.default,
            description: setting.description,
            secret: setting.secret,
        }
    }
}
