//! The price table: rows by vendor, model, tier, length and time, and the one that applies to a call.

use std::{collections::HashMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use super::Price;
use crate::{Timestamp, usage::Usage};

/// The tier of a call that asked for none.
pub const STANDARD: &str = "standard";

/// Prices that come with this release, each with its public source.
const SHIPPED: &str = include_str!("../../data/prices.json");

/// The price of a model from a moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Provider id of the catalogue.
    pub provider: String,
    /// The vendor's model id.
    pub model: String,
    /// The vendor's service tier in the vendor's word: `flex`, `priority` …; `standard` for none.
    #[serde(default = "standard")]
    pub tier: String,
    /// The whole call costs this from so many input tokens on.
    #[serde(default)]
    pub from_input_tokens: u64,
    /// For calls from this moment on.
    #[serde(default)]
    pub valid_from: Timestamp,
    /// The price.
    #[serde(flatten)]
    pub price: Price,
    /// Where the numbers are published.
    pub source: String,
}

fn standard() -> String {
    STANDARD.to_owned()
}

/// All rows, found by provider and model. Made once and shared.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Of each model the rows that win over others come first.
    rows: HashMap<String, HashMap<String, Vec<Row>>>,
}

impl Table {
    /// The shipped rows with the operator's, which win where both begin to hold at the same moment.
    pub fn new(operator: impl IntoIterator<Item = Row>) -> Self {
        let mut rows: HashMap<String, HashMap<String, Vec<Row>>> = HashMap::new();
        for row in operator.into_iter().chain(shipped().iter().cloned()) {
            let models = rows.entry(row.provider.clone()).or_default();
            models.entry(row.model.clone()).or_default().push(row);
        }
        for rows in rows.values_mut().flat_map(HashMap::values_mut) {
            // A stable sort, so the operator's rows stay before shipped ones that are equal in both.
            rows.sort_by_key(|row| std::cmp::Reverse((row.from_input_tokens, row.valid_from)));
        }
        Self { rows }
    }

    /// The table without any row of an operator.
    pub fn shipped() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Self::new([]))
    }

    /// The price of a call of so many input tokens at that moment. Where the tier has no price of its own the standard one holds, and for a dated
    /// snapshot of a model (`-2026-03-17`, `-20260317`) that of the model. `None` where nobody told us one.
    pub fn find(
        &self,
        provider: &str,
        model: &str,
        tier: &str,
        input_tokens: u64,
        at: Timestamp,
    ) -> Option<&Price> {
        self.of(provider, model, tier, at)
            .find(|row| row.from_input_tokens <= input_tokens)
            .map(|row| &row.price)
    }

    /// The most that each kind of token can cost at that moment, however long the call is.
    pub fn dearest(&self, provider: &str, model: &str, tier: &str, at: Timestamp) -> Option<Price> {
        let mut lengths: Vec<&Row> = Vec::new();
        for row in self.of(provider, model, tier, at) {
            // Of each length the first is the one that holds.
            if lengths.last().map(|last| last.from_input_tokens) != Some(row.from_input_tokens) {
                lengths.push(row);
            }
        }
        lengths
            .into_iter()
            .map(|row| row.price)
            .reduce(Price::dearer)
    }

    /// The most that each kind of token can cost with any of the models allowed, for a model without a price. Nothing where none of them has one.
    pub fn worst(&self, allowed: impl Fn(&str) -> bool, at: Timestamp) -> Price {
        let models = self.rows.iter().flat_map(|(provider, models)| {
            models
                .keys()
                .map(move |model| (provider.as_str(), model.as_str()))
        });
        models
            .filter(|(provider, model)| allowed(&format!("{provider}/{model}")))
            .filter_map(|(provider, model)| self.dearest(provider, model, STANDARD, at))
            .reduce(Price::dearer)
            .unwrap_or(Price::FREE)
    }

    /// What a call costs in nano-dollars, rounded up; `None` where the price is unknown.
    pub fn cost(
        &self,
        provider: &str,
        model: &str,
        tier: &str,
        usage: Usage,
        at: Timestamp,
    ) -> Option<u64> {
        self.find(provider, model, tier, usage.input, at)
            .map(|price| price.cost(usage))
    }

    /// Whether the row is the one that holds at that moment for its model, tier and length.
    pub fn holds(&self, row: &Row, at: Timestamp) -> bool {
        let rows = self.rows.get(&row.provider);
        let mut rows = rows
            .and_then(|models| models.get(&row.model))
            .into_iter()
            .flatten();
        let rival = |other: &&Row| {
            (&other.tier, other.from_input_tokens) == (&row.tier, row.from_input_tokens)
                && other.valid_from <= at
        };
        rows.find(rival) == Some(row)
    }

    /// Rows that hold at that moment for that model and tier, the longest calls and the newest first.
    fn of(
        &self,
        provider: &str,
        model: &str,
        tier: &str,
        at: Timestamp,
    ) -> impl Iterator<Item = &Row> {
        let rows = self.rows.get(provider).and_then(|models| {
            let exact = models.get(model);
            exact.or_else(|| models.get(undated(model)?))
        });
        let rows = rows.map(Vec::as_slice).unwrap_or_default();
        let holds = move |row: &&Row, tier: &str| row.tier == tier && row.valid_from <= at;
        let known = rows.iter().any(|row| holds(&row, tier));
        let tier = if known { tier } else { STANDARD }.to_owned();
        rows.iter().filter(move |row| holds(row, &tier))
    }
}

/// The rows that come with this release.
pub fn shipped() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    // A test reads the file; a release whose file cannot be read knows no price, which is said at every call.
    ROWS.get_or_init(|| serde_json::from_str(SHIPPED).unwrap_or_default())
}

/// The model of a dated snapshot: `gpt-5.4-2026-03-05` and `claude-sonnet-5-20260218` without their dates.
fn undated(model: &str) -> Option<&str> {
    let is_date = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        digits == 8 && text.starts_with("20")
    };
    let (short, long) = (model.len().checked_sub(9), model.len().checked_sub(11));
    let cut = |at: Option<usize>| {
        let (name, date) = model.split_at_checked(at?)?;
        let date = date.strip_prefix('-')?;
        is_date(date).then_some(name)
    };
    cut(short).or_else(|| {
        let name = cut(long)?;
        let date = &model.as_bytes()[name.len()..];
        (date[5] == b'-' && date[8] == b'-').then_some(name)
    })
}
