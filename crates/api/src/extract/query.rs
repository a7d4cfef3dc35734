//! Query strings, with the field that is wrong.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The query, read into a struct of optional fields.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                let text = rejection.body_text();
                // The library says "Failed to deserialize query string: <field>: <its own words>"; only the field is of use outside.
                let named = text
                    .split(": ")
                    .nth(1)
                    .filter(|name| name.len() <= 32 && !name.contains(' '));
                Error::invalid(
                    named.unwrap_or("query"),
                    "cannot be read as a value of this field",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Asked {
        limit: Option<u32>,
    }

    #[tokio::test]
    async fn a_bad_value_names_its_field() {
        let (mut parts, ()) = Request::builder()
            .uri("/x?limit=many")
            .body(())
            .unwrap()
            .into_parts();
        let error = Query::<Asked>::from_request_parts(&mut parts, &())
            .await
            .err()
            .unwrap();
        assert!(matches!(error, Error::Invalid { field, .. } if field == "limit"));
        let (mut parts, ()) = Request::builder()
            .uri("/x?limit=7")
            .body(())
            .unwrap()
            .into_parts();
        let Query(asked) = Query::<Asked>::from_request_parts(&mut parts, &())
            .await
            .ok()
            .unwrap();
        assert_eq!(asked.limit, Some(7));
    }
}
