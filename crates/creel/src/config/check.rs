//! What is wrong with a configuration, with the key and the place it came from.

use std::fmt;

/// One wrong key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) struct Problem {
    /// Dotted key, `server.listen`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what to do.
    pub message: String,
    /// File or environment it came from, if known.
    pub source_name: Option<String>,
}

impl Problem {
    /// A problem of this key.
    pub(crate) fn at(key: &str, message: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            message: message.into(),
            source_name: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        self.source_name
            .as_ref()
            .map_or(Ok(()), |name| write!(f, " (in {name})"))
    }
}

/// The known word nearest to a mistyped one, if any is near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    scored
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// "did you mean" in words, or the list where nothing is near.
pub(super) fn unknown(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("there is no key `{word}`; did you mean `{near}`?"),
        None => format!("there is no key `{word}`; there are: {}", known.join(", ")),
    }
}

/// That a number lies within a range.
pub(super) fn within(key: &str, value: u64, low: u64, high: u64) -> Result<(), Problem> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Problem::at(
            key,
            format!("is {value}, must be between {low} and {high}"),
        ))
    }
}
