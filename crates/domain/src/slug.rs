//! Slug: the name a person gives an instance. Shown and typed, never part of an engine name, a label or an argument.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// `^[a-z][a-z0-9-]{1,30}[a-z0-9]$`: 3 to 32 characters, unique within a tenant while the instance lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// A text that cannot be a slug, with the remedy in words.
#[derive(Debug, thiserror::Error)]
#[error(
    "use 3 to 32 characters: small letters, digits and hyphens, first a letter, last no hyphen"
)]
pub struct ParseSlugError;

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = ParseSlugError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        let well_formed = (3..=32).contains(&bytes.len())
            && bytes[0].is_ascii_lowercase()
            && bytes[bytes.len() - 1] != b'-'
            && bytes
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseSlugError)
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = ParseSlugError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_and_ordinary_names() {
        for good in ["abc", "my-agent", "a1-b2-c3"] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "ab",
            "1ab",
            "Abc",
            "abc-",
            "a b",
            "a/../b",
            "a;rm",
            "ä-agent",
            &"a".repeat(33),
        ] {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
    }
}
