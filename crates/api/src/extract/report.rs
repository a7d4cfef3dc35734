//! A browser's report about the content security policy: no JSON of ours, and taken without our cookie's rules.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::error::{Error, Result};

/// Where reports go.
pub(crate) const PATH: &str = "/api/v1/csp-report";
/// Longest report, bytes; browsers send one or two KiB.
const MAX_BYTES: usize = 16 * 1024;

/// A report as it was sent. Believe nothing in it.
pub(crate) struct Report(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Report {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Self> {
        if !is_report(request.headers()) {
            return Err(Error::NotReport);
        }
        DefaultBodyLimit::max(MAX_BYTES).apply(&mut request);
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(MAX_BYTES),
            _ => Error::BadJson("the body ended early".to_owned()),
        })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Error::BadJson("the body is not JSON".to_owned()))
    }
}

/// Whether the content type is one that browsers give their reports; no form and no `fetch` without a preflight can send it.
pub(crate) fn is_report(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    kind.is_some_and(|kind| {
        ["application/csp-report", "application/reports+json"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    })
}
