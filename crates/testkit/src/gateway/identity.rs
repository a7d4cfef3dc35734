//! Trusted-proxy mode: who speaks is what the headers say, and without them nobody does.

use std::net::IpAddr;

use hyper::{HeaderMap, StatusCode};
use serde_json::Value;

/// The user a request speaks for.
///
/// # Errors
/// 403 without the four headers of a proxy or with a loopback client address; 401 for a user who is not on the list.
pub(super) fn user(headers: &HeaderMap, config: &Value) -> Result<String, StatusCode> {
    let user = header(headers, "x-forwarded-user").ok_or(StatusCode::FORBIDDEN)?;
    for name in ["x-forwarded-proto", "x-forwarded-host"] {
        header(headers, name).ok_or(StatusCode::FORBIDDEN)?;
    }
    let client = header(headers, "x-forwarded-for").and_then(|text| text.parse::<IpAddr>().ok());
    client
        .filter(|ip| !ip.is_loopback())
        .ok_or(StatusCode::FORBIDDEN)?;
    let allowed = config["gateway"]["auth"]["trustedProxy"]["allowUsers"].as_array();
    let listed = allowed.is_none_or(|users| users.iter().any(|known| known == user));
    listed
        .then(|| user.to_owned())
        .ok_or(StatusCode::UNAUTHORIZED)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value).filter(|text| !text.is_empty())
}
