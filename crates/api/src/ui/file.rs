//! Files as they are: types, tags, and how long a browser may keep them.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use creel_domain::token;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    Asset, Assets,
    encoding::{Coding, codings},
};

/// Below this every name holds a hash of its content, so what has a name never changes.
pub(super) const HASHED: &str = "/assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The file at this address, if there is one that may be asked for by name. The page is not: it is never sent without its nonce.
pub(super) fn answer(assets: &dyn Assets, path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.strip_prefix('/')?;
    let kind = content_type(name)?;
    let (coding, asset) = smallest(assets, name, headers)?;
    let tag = tag(&asset);
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        full(asset, kind, coding)
    };
    let kept = if path.starts_with(HASHED) {
        FOREVER
    } else {
        ASK_AGAIN
    };
    let written = response.headers_mut();
    written.insert(header::CACHE_CONTROL, kept);
    written.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        written.insert(header::ETAG, tag);
    }
    Some(response)
}

/// The first that exists in the order that the client likes. A compressed file without its original is none.
fn smallest(assets: &dyn Assets, name: &str, headers: &HeaderMap) -> Option<(Coding, Asset)> {
    codings(headers).into_iter().find_map(|coding| {
        let asset = assets.get(&format!("{name}{}", coding.suffix()))?;
        Some((coding, asset))
    })
}

fn full(asset: Asset, kind: &'static str, coding: Coding) -> Response {
    let bytes = match asset.bytes {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(coding) = coding.header() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Of the bytes that are sent: the compressed form is another representation and has another tag.
fn tag(asset: &Asset) -> String {
    format!("\"{}\"", token::hex(&asset.sha256[..16]))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// Closed: what is not here is not sent.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
