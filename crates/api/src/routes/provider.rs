//! The catalogue of model vendors.

use axum::{Json, extract::State};
use creel_control::Core;
use creel_db::price;
use creel_domain::{
    Provider, Timestamp,
    price::{Price, STANDARD, Table, Tier},
    provider::{self, Api, Model},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, SignedIn},
    openapi::{READS, guarded},
    state::AppState,
    words,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(list, READS))
}

#[derive(Serialize, ToSchema)]
struct ProviderList {
    items: Vec<ProviderView>,
}

/// A model vendor.
#[derive(Serialize, ToSchema)]
struct ProviderView {
    /// First part of `provider/model`.
    id: &'static str,
    name: &'static str,
    #[schema(schema_with = words::api)]
    api: Api,
    /// Where calls go; absent where the tenant names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// Whether the platform has a key for everybody, so that none need be entered.
    platform_key: bool,
    /// What a key looks like; absent where none is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<KeyFormat>,
    /// Models worth offering, the default first. Others can be named too.
    models: Vec<ModelView>,
}

#[derive(Serialize, ToSchema)]
struct KeyFormat {
    /// Name to store it under.
    secret_name: &'static str,
    /// What it begins with; empty where the vendor promises nothing.
    prefix: &'static str,
    /// Shortest plausible length, characters.
    min_length: usize,
    /// Where a person gets one; empty if unknown.
    url: &'static str,
}

#[derive(Serialize, ToSchema)]
struct ModelView {
    /// `provider/model`, as an instance takes it.
    model: String,
    name: &'static str,
    /// Tokens.
    context_window: u32,
    /// Longest answer, tokens.
    max_tokens: u32,
    /// How strong it is beside the others: our judgement, by price where there is one.
    #[schema(schema_with = words::tier)]
    tier: Tier,
    /// List price of now, the operator's own where they set one; absent where it is not known to us. Calls of such a model are booked at no cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceView>,
}

/// Nano-dollars for a million tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = Price)]
struct PriceView {
    input_nano_usd: u64,
    output_nano_usd: u64,
    /// Input read from the vendor's cache.
    cache_read_nano_usd: u64,
    /// Input written to the vendor's cache.
    cache_write_nano_usd: u64,
}

impl From<Price> for PriceView {
    fn from(price: Price) -> Self {
        Self {
            input_nano_usd: price.input,
            output_nano_usd: price.output,
            cache_read_nano_usd: price.cache_read,
            cache_write_nano_usd: price.cache_write,
        }
    }
}

/// Every model vendor with its key format and models.
#[utoipa::path(get, path = "/providers", tag = "provider", operation_id = "list_providers", responses((status = 200, body = ProviderList)))]
async fn list(who: Authorized<SignedIn>, State(core): State<Core>) -> Result<Json<ProviderList>> {
    let mine = price::list(core.db.read()).await?;
    let prices = Table::new(mine.into_iter().map(|one| one.row));
    // The canned provider is refused to everybody else, so they need not see it.
    let offered = provider::CATALOGUE
        .iter()
        .filter(|provider| provider.id != "canned" || who.is_operator);
    let items = offered.map(|provider| view(&core, &prices, provider));
    Ok(Json(ProviderList {
        items: items.collect(),
    }))
}

fn view(core: &Core, prices: &Table, provider: &Provider) -> ProviderView {
    let now = core.clock.now();
    let key = provider.secret_name.map(|secret_name| KeyFormat {
        secret_name,
        prefix: provider.key_prefix,
        min_length: provider.key_min_len,
        url: provider.key_url,
    });
    ProviderView {
        id: provider.id,
        name: provider.name,
        api: provider.api,
        base_url: core.options.base_url(provider).map(|url| url.to_string()),
        platform_key: core.options.has_platform_key(provider),
        key,
        models: provider
            .models
            .iter()
            .map(|model| model_view(prices, provider, model, now))
            .collect(),
    }
}

fn model_view(prices: &Table, provider: &Provider, model: &Model, now: Timestamp) -> ModelView {
    let price = prices.find(provider.id, model.id, STANDARD, 0, now);
    ModelView {
        model: format!("{}/{}", provider.id, model.id),
        name: model.name,
        context_window: model.context_window,
        max_tokens: model.max_tokens,
        tier: model.tier,
        price: price.copied().map(PriceView::from),
    }
}
