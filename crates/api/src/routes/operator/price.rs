//! The price table.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use creel_control::{
    Core,
    spending::prices::{self, Listed, TIERS},
};
use creel_domain::{
    PriceId, Timestamp,
    price::{Price, Row, STANDARD},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::Object};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, Body, Operate, Param},
    openapi::{READS, Reach, audited, guarded},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(list, READS))
        .routes(guarded!(add, audited("price.create", &[Reach::Db])))
        .routes(guarded!(delete, audited("price.delete", &[Reach::Db])))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes a path to the OpenAPI document; Param reads it"
)]
struct PricePath {
    /// `prc_…`
    id: String,
}

#[derive(Serialize, ToSchema)]
struct PriceList {
    /// By provider, model, tier and length; of each the newest first.
    items: Vec<PriceRow>,
}

/// The price of a model from a moment on.
#[derive(Serialize, ToSchema)]
struct PriceRow {
    /// `prc_…`; absent for a shipped row, which cannot be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The vendor's id in the catalogue.
    provider: String,
    /// The vendor's own model id.
    model: String,
    /// The vendor's service tier.
    #[schema(schema_with = tiers)]
    tier: String,
    /// The whole call costs this from so many input tokens on.
    from_input_tokens: u64,
    /// For calls from this moment on; absent where it has always held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time")]
    valid_from: Option<String>,
    prices: Prices,
    /// Where the numbers are published.
    source: String,
    #[schema(inline)]
    origin: Origin,
    /// Whether it is the one that holds now for its model, tier and length.
    current: bool,
}

/// Nano-dollars for a million tokens.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Prices {
    /// Input that has no price of its own among the others.
    #[schema(maximum = 10_000_000_000_000u64)]
    input_nano_usd: u64,
    /// Output that has none, thinking included.
    #[schema(maximum = 10_000_000_000_000u64)]
    output_nano_usd: u64,
    /// Input read from the vendor's cache; that of input where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read_nano_usd: Option<u64>,
    /// Input written to the vendor's cache for five minutes; that of input where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_nano_usd: Option<u64>,
    /// Input written to it for an hour; that of five minutes where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_1h_nano_usd: Option<u64>,
    /// Audio in; as text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    input_audio_nano_usd: Option<u64>,
    /// Audio out; as text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_audio_nano_usd: Option<u64>,
    /// Images in; as text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    input_image_nano_usd: Option<u64>,
    /// Images out; as text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_image_nano_usd: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Origin {
    Shipped,
    Operator,
}

/// A price to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddPrice {
    /// The vendor's id in the catalogue.
    provider: String,
    /// The vendor's own model id, without the provider.
    #[schema(min_length = 1, max_length = 128)]
    model: String,
    /// The vendor's service tier; `standard` if absent.
    #[schema(schema_with = tiers, required = false)]
    tier: Option<String>,
    /// The whole call costs this from so many input tokens on; 0 if absent.
    from_input_tokens: Option<u64>,
    /// For calls from this moment on, which may be to come; now if absent. What was booked already stays as booked.
    #[schema(value_type = Option<String>, format = "date-time")]
    valid_from: Option<Timestamp>,
    prices: Prices,
    /// Where the numbers are published.
    #[schema(min_length = 1, max_length = 300)]
    source: String,
}

fn tiers() -> Object {
    words::one_of(TIERS.iter().copied())
}

/// Every price there is: what came with this release, and rows of the operator beside it. Where two begin to hold at the same moment, the operator's does.
#[utoipa::path(get, path = "/operator/prices", tag = "operator", operation_id = "list_prices", responses((status = 200, body = PriceList)))]
async fn list(who: Authorized<Operate>, State(core): State<Core>) -> Result<Json<PriceList>> {
    let rows = prices::list(&core, &who).await?;
    Ok(Json(PriceList {
        items: rows.into_iter().map(PriceRow::from).collect(),
    }))
}

/// Adds a price. History is not rewritten: a change is a newer row, and no call that was booked is priced again.
#[utoipa::path(post, path = "/operator/prices", tag = "operator", operation_id = "add_price", request_body = AddPrice,
    responses((status = 201, body = PriceRow)))]
async fn add(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Body(asked): Body<AddPrice>,
) -> Result<impl IntoResponse> {
    let row = asked.row(core.clock.now());
    let added = prices::add(&core, &who, row).await?;
    Ok((StatusCode::CREATED, Json(PriceRow::from(added))))
}

/// Removes a price of the operator's. Calls that were booked by it stay as booked.
#[utoipa::path(delete, path = "/operator/prices/{id}", tag = "operator", operation_id = "delete_price", params(PricePath),
    responses((status = 204, description = "Removed")))]
async fn delete(
    who: Authorized<Operate>,
    State(core): State<Core>,
    Param(id): Param<PriceId>,
) -> Result<StatusCode> {
    prices::delete(&core, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl AddPrice {
    fn row(self, now: Timestamp) -> Row {
        Row {
            provider: self.provider,
            model: self.model,
            tier: self.tier.unwrap_or_else(|| STANDARD.to_owned()),
            from_input_tokens: self.from_input_tokens.unwrap_or(0),
            valid_from: self.valid_from.unwrap_or(now),
            price: self.prices.into(),
            source: self.source,
        }
    }
}

impl From<Listed> for PriceRow {
    fn from(listed: Listed) -> Self {
        let row = listed.row;
        Self {
            origin: match listed.id {
                Some(_) => Origin::Operator,
                None => Origin::Shipped,
            },
            id: listed.id.map(|id| id.to_string()),
            provider: row.provider,
            model: row.model,
            tier: row.tier,
            from_input_tokens: row.from_input_tokens,
            valid_from: Some(row.valid_from)
                .filter(|at| *at > Timestamp::default())
                .map(|at| at.to_string()),
            prices: row.price.into(),
            source: row.source,
            current: listed.current,
        }
    }
}

impl From<Price> for Prices {
    fn from(price: Price) -> Self {
        Self {
            input_nano_usd: price.input,
            output_nano_usd: price.output,
            cache_read_nano_usd: Some(price.cache_read),
            cache_write_nano_usd: Some(price.cache_write),
            cache_write_1h_nano_usd: Some(price.cache_write_1h),
            input_audio_nano_usd: price.input_audio,
            output_audio_nano_usd: price.output_audio,
            input_image_nano_usd: price.input_image,
            output_image_nano_usd: price.output_image,
        }
    }
}

impl From<Prices> for Price {
    fn from(prices: Prices) -> Self {
        let input = prices.input_nano_usd;
        let cache_write = prices.cache_write_nano_usd.unwrap_or(input);
        Self {
            input,
            output: prices.output_nano_usd,
            cache_read: prices.cache_read_nano_usd.unwrap_or(input),
            cache_write,
            cache_write_1h: prices.cache_write_1h_nano_usd.unwrap_or(cache_write),
            input_audio: prices.input_audio_nano_usd,
            output_audio: prices.output_audio_nano_usd,
            input_image: prices.input_image_nano_usd,
            output_image: prices.output_image_nano_usd,
        }
    }
}
