//! Keyset pages: `?after=<last id>&limit=`, and `next` in the answer while there is more.

use std::{fmt::Display, str::FromStr};

use creel_domain::ids::{Id, Kind};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{Error, Result};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// `next` of the page before.
    after: Option<String>,
    /// Most items, 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl Page {
    /// The id to go on after.
    pub(crate) fn after<K: Kind>(&self) -> Result<Option<Id<K>>> {
        let parsed = self
            .after
            .as_ref()
            .map(|text| text.parse::<Id<K>>())
            .transpose();
        parsed.map_err(|error| Error::invalid("after", error.to_string()))
    }

    pub(crate) fn limit(&self) -> Result<u32> {
        checked(self.limit)
    }
}

/// The id to go on after, of a list with filters of its own.
pub(crate) fn after<K: Kind>(text: Option<&str>) -> Result<Option<Id<K>>> {
    text.map(str::parse)
        .transpose()
        .map_err(|error: creel_domain::ids::ParseIdError| {
            Error::invalid("after", error.to_string())
        })
}

/// Longest text that a list is searched for, characters.
const MAX_TEXT: usize = 128;

/// A text to search for or to compare with; an empty one asks for nothing.
pub(crate) fn text(field: &str, text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().to_owned());
    match text.filter(|text| !text.is_empty()) {
        Some(text) if text.chars().count() > MAX_TEXT => Err(Error::invalid(
            field,
            format!("is longer than {MAX_TEXT} characters"),
        )),
        text => Ok(text),
    }
}

/// A word of a closed set, or an id; an empty one asks for nothing.
pub(crate) fn word<T>(field: &str, text: Option<&str>) -> Result<Option<T>>
where
    T: FromStr,
    T::Err: Display,
{
    let text = text.filter(|text| !text.is_empty());
    text.map(str::parse)
        .transpose()
        .map_err(|error: T::Err| Error::invalid(field, error.to_string()))
}

/// How many of a list with filters of its own.
pub(crate) fn checked(limit: Option<u32>) -> Result<u32> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let fits = (1..=MAX_LIMIT).contains(&limit);
    if fits {
        Ok(limit)
    } else {
        Err(Error::invalid(
            "limit",
            format!("must be between 1 and {MAX_LIMIT}"),
        ))
    }
}

/// Cuts a list that was read with one item too many, and tells where the next page goes on.
pub(crate) fn cut<T, I: Display>(
    mut rows: Vec<T>,
    limit: u32,
    id: impl Fn(&T) -> I,
) -> (Vec<T>, Option<String>) {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| id(last).to_string());
    (rows, next)
}
