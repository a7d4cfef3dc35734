//! The price table as platform staff see and edit it: shipped rows, and rows of their own beside them.
//!
//! History is never rewritten. A price changes by a newer row; a row of the operator can be taken away, and calls that were booked by it stay as booked.

use creel_db::price::{self, OperatorPrice};
use creel_domain::{
    Permission, PriceId, Provider, Timestamp,
    price::{Price, Row, Table, shipped},
};
use serde_json::json;

use crate::{Caller, Core, Error, Result, audit};

/// Most nano-dollars for a million tokens: $10,000. More is a slip of the decimal point, and a thousand times more would run over a month's sum.
const MOST: u64 = 10_000_000_000_000;
/// Longest context that a price may begin at.
const MOST_TOKENS: u64 = 1_000_000_000;
/// Service tiers that vendors sell.
pub const TIERS: &[&str] = &["standard", "flex", "priority", "batch"];

/// A row and where it comes from.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its id; `None` for a shipped one, which cannot be taken away.
    pub id: Option<PriceId>,
    /// The row.
    pub row: Row,
    /// Whether it is the one that holds now for its model, tier and length.
    pub current: bool,
}

/// Every row, by provider, model, tier and length, the newest first.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(core: &Core, caller: &Caller) -> Result<Vec<Listed>> {
    caller.require(Permission::Operate)?;
    let mine = price::list(core.db.read()).await?;
    let table = Table::new(mine.iter().map(|one| one.row.clone()));
    let now = core.now();
    let mine = mine.into_iter().map(|one| (Some(one.id), one.row));
    let all = mine.chain(shipped().iter().map(|row| (None, row.clone())));
    let mut all: Vec<_> = all
        .map(|(id, row)| Listed {
            current: table.holds(&row, now),
            id,
            row,
        })
        .collect();
    all.sort_by(|a, b| key(&a.row).cmp(&key(&b.row)));
    Ok(all)
}

fn key(row: &Row) -> (&str, &str, usize, u64, std::cmp::Reverse<Timestamp>) {
    let tier = TIERS.iter().position(|tier| *tier == row.tier);
    let newest = std::cmp::Reverse(row.valid_from);
    (
        &row.provider,
        &row.model,
        tier.unwrap_or(TIERS.len()),
        row.from_input_tokens,
        newest,
    )
}

/// Adds a row. Of two that begin to hold at the same moment the later one wins.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] naming the field.
pub async fn add(core: &Core, caller: &Caller, row: Row) -> Result<Listed> {
    caller.require(Permission::Operate)?;
    check(&row)?;
    let (actor, tx) = (caller.user.to_string(), core.db.begin().await?);
    let added = OperatorPrice {
        id: core.id(),
        row,
        created_at: core.now(),
        created_by: actor.clone(),
    };
    price::put(&tx, &added).await?;
    let (target, detail) = (added.id.to_string(), json!(added.row));
    audit::by(core, &tx, None, &actor, "price.create", &target, detail).await?;
    tx.commit().await?;
    core.waker.feed();
    let all = price::list(core.db.read()).await?;
    let table = Table::new(all.into_iter().map(|one| one.row));
    Ok(Listed {
        id: Some(added.id),
        current: table.holds(&added.row, core.now()),
        row: added.row,
    })
}

/// Takes a row of the operator away. What was booked by it stays as it is.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn delete(core: &Core, caller: &Caller, id: PriceId) -> Result<()> {
    caller.require(Permission::Operate)?;
    let (actor, tx) = (caller.user.to_string(), core.db.begin().await?);
    let all = price::list(&tx).await?;
    let gone = all.into_iter().find(|one| one.id == id);
    let gone = gone.ok_or(Error::NotFound("price"))?;
    if !price::delete(&tx, id).await? {
        return Err(Error::NotFound("price"));
    }
    let detail = json!(gone.row);
    audit::by(
        core,
        &tx,
        None,
        &actor,
        "price.delete",
        &id.to_string(),
        detail,
    )
    .await?;
    tx.commit().await?;
    core.waker.feed();
    Ok(())
}

fn check(row: &Row) -> Result<()> {
    if Provider::find(&row.provider).is_none_or(|provider| provider.id == "canned") {
        return Err(Error::invalid_with(
            "provider",
            "is not a provider with prices",
            "GET /api/v1/providers lists them.",
        ));
    }
    let plain = !row.model.is_empty() && row.model.len() <= 128;
    if !plain || !row.model.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::invalid_with(
            "model",
            "is not a model id",
            "Write it as the vendor does, without the provider before it.",
        ));
    }
    if !TIERS.contains(&row.tier.as_str()) {
        return Err(Error::invalid(
            "tier",
            format!("must be one of: {}", TIERS.join(", ")),
        ));
    }
    if row.from_input_tokens > MOST_TOKENS {
        return Err(Error::invalid(
            "from_input_tokens",
            format!("must be at most {MOST_TOKENS}"),
        ));
    }
    if row.source.trim().is_empty() || row.source.chars().count() > 300 {
        return Err(Error::invalid_with(
            "source",
            "must have 1 to 300 characters",
            "Name where the price is published, so that the next person can look.",
        ));
    }
    too_dear(&row.price).map_or(Ok(()), |field| {
        Err(Error::invalid_with(
            field,
            "is more than $10,000 for a million tokens",
            "Prices are nano-dollars for a million tokens: $2.50 is 2500000000.",
        ))
    })
}

fn too_dear(price: &Price) -> Option<&'static str> {
    let fields = [
        ("prices.input_nano_usd", Some(price.input)),
        ("prices.output_nano_usd", Some(price.output)),
        ("prices.cache_read_nano_usd", Some(price.cache_read)),
        ("prices.cache_write_nano_usd", Some(price.cache_write)),
        ("prices.cache_write_1h_nano_usd", Some(price.cache_write_1h)),
        ("prices.input_audio_nano_usd", price.input_audio),
        ("prices.output_audio_nano_usd", price.output_audio),
        ("prices.input_image_nano_usd", price.input_image),
        ("prices.output_image_nano_usd", price.output_image),
    ];
    fields
        .into_iter()
        .find(|(_, price)| price.is_some_and(|price| price > MOST))
        .map(|(field, _)| field)
}
