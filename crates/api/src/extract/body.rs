//! JSON bodies: 64 KiB at most but for a file in one, no unknown fields, and words for people about the field that is wrong.

use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest as _, Sha256};

use crate::{
    error::{Error, Result},
    layer::MAX_BODY_BYTES,
};

/// A request body.
pub(crate) struct Body<T>(pub(crate) T);

/// A request body that holds a file: up to [`LONG_BYTES`].
pub(crate) struct LongBody<T>(pub(crate) T);

/// A file of 1 MiB, each of its characters escaped, and what stands around it.
pub(crate) const LONG_BYTES: usize = 2 * 1024 * 1024 + 16 * 1024;

/// A request body with the SHA-256 of its bytes, for idempotency keys.
pub(crate) struct Hashed<T> {
    pub(crate) value: T,
    pub(crate) sha256: Vec<u8>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        read(&take(request, state).await?).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Hashed<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let bytes = take(request, state).await?;
        Ok(Self {
            value: read(&bytes)?,
            sha256: Sha256::digest(&bytes).to_vec(),
        })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for LongBody<T> {
    type Rejection = Error;
    async fn from_request(mut request: Request, state: &S) -> Result<Self> {
        DefaultBodyLimit::max(LONG_BYTES).apply(&mut request);
        read(&take(request, state).await.map_err(|error| match error {
            Error::TooLarge(_) => Error::TooLarge(LONG_BYTES),
            other => other,
        })?)
        .map(Self)
    }
}

/// Whether the content type is JSON, whatever its parameters.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn take<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    if !is_json(request.headers()) {
        return Err(Error::NotJson);
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(MAX_BODY_BYTES),
            _ => Error::BadJson("the body ended early".to_owned()),
        })
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // Serde takes a list for a struct, field by field in our order of declaration; nobody means that.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Error::invalid("body", "must be an object"));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| explain(&error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| explain("", &error))?;
    Ok(value)
}

/// Our words instead of the parser's, which name Rust types and may repeat what was sent.
fn explain(path: &str, error: &serde_json::Error) -> Error {
    match error.classify() {
        Category::Data => data(path, &error.to_string()),
        Category::Eof if error.line() <= 1 && error.column() == 0 => {
            Error::BadJson("the body is empty; this request needs one".to_owned())
        }
        _ => Error::BadJson(format!(
            "the body is not JSON: it breaks at line {}, column {}",
            error.line(),
            error.column()
        )),
    }
}

fn data(path: &str, text: &str) -> Error {
    let text = text
        .rsplit_once(" at line ")
        .map_or(text, |(words, _)| words);
    let path = if path == "." { "" } else { path };
    if let Some(name) = text.strip_prefix("missing field ") {
        return invalid(join(path, name), "is required", None);
    }
    if let Some(rest) = text.strip_prefix("unknown field ") {
        let (name, known) = rest.split_once(", ").unwrap_or((rest, ""));
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        let hint = known
            .strip_prefix("expected ")
            .map(|known| format!("Expected {}.", known.replace('`', "")));
        return invalid(join(parent, name), "is not a field of this request", hint);
    }
    if let Some(name) = text.strip_prefix("duplicate field ") {
        return invalid(join(path, name), "appears twice", None);
    }
    if let Some((_, expected)) = text.split_once(", expected ") {
        return invalid(or_body(path), &format!("must be {}", plain(expected)), None);
    }
    // What is left are the words of our own types, written for people.
    invalid(
        or_body(path),
        &text.chars().take(300).collect::<String>(),
        None,
    )
}

fn invalid(field: String, message: &str, hint: Option<String>) -> Error {
    Error::Invalid {
        field: field.chars().take(100).collect(),
        message: message.to_owned(),
        hint,
    }
}

fn join(parent: &str, name: &str) -> String {
    let name = name.trim_matches('`');
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

fn or_body(path: &str) -> String {
    if path.is_empty() {
        "body".to_owned()
    } else {
        path.to_owned()
    }
}

fn plain(expected: &str) -> String {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a boolean" => "true or false".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.replace('`', ""),
    }
}

#[cfg(test)]
mod tests {
    use creel_domain::Slug;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "slug")]
        _slug: Slug,
        #[serde(rename = "inner")]
        _inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "days")]
        _days: u32,
    }

    fn refusal(text: &str) -> String {
        match read::<Outer>(text.as_bytes()).unwrap_err() {
            Error::Invalid { field, message, .. } => format!("{field}: {message}"),
            Error::BadJson(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_mistake_names_its_field_in_words() {
        for (text, words) in [
            (r"{}", "slug: is required"),
            (r#"{"slug": 5}"#, "slug: must be a string"),
            (
                r#"{"slug": "A b"}"#,
                "slug: use 3 to 32 characters: small letters, digits and hyphens, first a letter, last no hyphen",
            ),
            (
                r#"{"slug": "abc", "Image": 1}"#,
                "Image: is not a field of this request",
            ),
            (
                r#"{"slug": "abc", "inner": {"days": -1}}"#,
                "inner.days: must be a whole number, not negative",
            ),
            (
                r#"{"slug": "abc", "inner": {"dayz": 1}}"#,
                "inner.dayz: is not a field of this request",
            ),
            (r#"{"slug": "abc", "inner": {}}"#, "inner.days: is required"),
            (r#"{"slug": "abc", "slug": "abd"}"#, "slug: appears twice"),
            (r"[]", "body: must be an object"),
            (r#""x""#, "body: must be an object"),
            ("", "the body is empty; this request needs one"),
            (
                r#"{"slug": }"#,
                "the body is not JSON: it breaks at line 1, column 10",
            ),
            (
                r#"{"slug": "abc"} x"#,
                "the body is not JSON: it breaks at line 1, column 17",
            ),
        ] {
            assert_eq!(refusal(text), words, "{text}");
        }
    }
}
