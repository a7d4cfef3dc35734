//! The page: the same for every address of the console, with a nonce that no other answer has.

use std::borrow::Cow;

use axum::{body::Body, response::Response};
use creel_domain::{Entropy, token};
use http::{HeaderValue, header};

use super::Assets;

/// What the build writes where a nonce belongs.
const PLACEHOLDER: &str = "__CSP_NONCE__";
/// What is sent until the console was built.
const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Creel</title>\
    <h1>Creel is running; its console was not built</h1>\
    <p>Run <code>make ui</code> in the checkout. A debug build then shows it at once, an optimised one has to be built again.</p>\
    <p>The API answers under <code>/api/v1</code>, and the command line works: <code>creel --help</code>.</p></html>";

pub(super) fn answer(assets: &dyn Assets, entropy: &dyn Entropy) -> Response {
    let mut random = [0u8; 16];
    entropy.fill(&mut random);
    let nonce = token::hex(&random);
    let built = assets.get("index.html");
    let html = built.map_or(Cow::Borrowed(UNBUILT), |asset| {
        let text = String::from_utf8_lossy(&asset.bytes);
        Cow::Owned(text.replace(PLACEHOLDER, &nonce))
    });
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Hexadecimal fits into a header; without a policy the one of the API stays, under which nothing runs.
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Only our own files and what this very answer names. No inline style either: React sets styles through the object model.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; \
         report-uri /api/v1/csp-report"
    )
}
