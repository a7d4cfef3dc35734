//! Provider keys: write-only. Reading tells that one exists, its last four characters and when it changed.

use axum::{Json, extract::State, http::StatusCode};
use creel_control::{Core, secret, vendor::Verdict};
use creel_db::secret::SecretRow;
use creel_domain::Slug;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::instance::SlugPath;
use crate::{
    error::Result,
    extract::{Authorized, Body, InstanceRead, Param, Query, SecretWrite},
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(
            put,
            audited("secret.put", &[Reach::Db, Reach::HttpOut])
        ))
        .routes(guarded!(
            test,
            audited("secret.test", &[Reach::Db, Reach::HttpOut])
        ))
        .routes(guarded!(delete, audited("secret.delete", &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct SecretPath {
    /// The instance's name.
    slug: String,
    /// A name from the allow list: `secret_name` of a provider.
    #[param(example = "OPENAI_API_KEY")]
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutSecret {
    /// The key. It is never given back.
    #[schema(value_type = String, format = "password", max_length = 512)]
    value: SecretString,
    /// Base URL of the API, only for CUSTOM_API_KEY. The key is bound to it.
    base_url: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Testing {
    /// Ask the vendor first, and keep the key only if it is accepted; true if absent.
    test: Option<bool>,
}

/// What the vendor says about a key.
#[derive(Serialize, ToSchema)]
struct TestedKey {
    ok: bool,
    /// For people; the vendor's own words where it refuses the key.
    message: String,
}

impl From<Verdict> for TestedKey {
    fn from(verdict: Verdict) -> Self {
        let (ok, message) = match verdict {
            Verdict::Accepted => (true, "The key is accepted.".to_owned()),
            Verdict::Untested => {
                let words = "This vendor has nothing to test a key with; the first call will tell.";
                (true, words.to_owned())
            }
            Verdict::Refused(words) => (false, words),
        };
        Self { ok, message }
    }
}

#[derive(Serialize, ToSchema)]
struct SecretList {
    items: Vec<SecretView>,
}

#[derive(Serialize, ToSchema)]
struct SecretView {
    name: String,
    /// Last four characters; absent for short ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_four: Option<String>,
    /// The one address the key may be sent to.
    sent_to: String,
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<SecretRow> for SecretView {
    fn from(row: SecretRow) -> Self {
        Self {
            name: row.binding.name,
            last_four: row.last_four,
            sent_to: row.binding.provider_host,
            updated_at: row.updated_at.to_string(),
        }
    }
}

/// Which provider keys the instance has.
#[utoipa::path(get, path = "/instances/{slug}/secrets", tag = "secret", operation_id = "list_secrets", params(SlugPath),
    responses((status = 200, body = SecretList)))]
async fn list(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
) -> Result<Json<SecretList>> {
    let rows = secret::list(&core, &who, &slug).await?;
    Ok(Json(SecretList {
        items: rows.into_iter().map(Into::into).collect(),
    }))
}

/// Sets or replaces a provider key once its vendor accepts it. In force with the next model call; nothing restarts.
#[utoipa::path(put, path = "/instances/{slug}/secrets/{name}", tag = "secret", operation_id = "put_secret", params(SecretPath, Testing),
    request_body = PutSecret, responses((status = 200, body = SecretView)))]
async fn put(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Param(name): Param<String>,
    Query(testing): Query<Testing>,
    Body(asked): Body<PutSecret>,
) -> Result<Json<SecretView>> {
    let first = testing.test.unwrap_or(true);
    let row = secret::put(&core, &who, &slug, given(&name, &asked), first).await?;
    Ok(Json(row.into()))
}

/// Asks the vendor about a key and keeps nothing of it.
#[utoipa::path(post, path = "/instances/{slug}/secrets/{name}/test", tag = "secret", operation_id = "test_secret", params(SecretPath),
    request_body = PutSecret, responses((status = 200, body = TestedKey)))]
async fn test(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Param(name): Param<String>,
    Body(asked): Body<PutSecret>,
) -> Result<Json<TestedKey>> {
    let verdict = secret::test(&core, &who, &slug, given(&name, &asked)).await?;
    Ok(Json(verdict.into()))
}

fn given<'a>(name: &'a str, asked: &'a PutSecret) -> secret::Given<'a> {
    secret::Given {
        name,
        value: asked.value.clone(),
        base_url: asked.base_url.as_deref(),
    }
}

/// Removes a provider key.
#[utoipa::path(delete, path = "/instances/{slug}/secrets/{name}", tag = "secret", operation_id = "delete_secret", params(SecretPath),
    responses((status = 204)))]
async fn delete(
    who: Authorized<SecretWrite>,
    State(core): State<Core>,
    Param(slug): Param<Slug>,
    Param(name): Param<String>,
) -> Result<StatusCode> {
    secret::delete(&core, &who, &slug, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
