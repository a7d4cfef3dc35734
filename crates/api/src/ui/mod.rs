//! The console: files that were built from `ui/`, and one page for every address of it.
//!
//! Owns who gets which file with which headers; the page's own content is `ui/`'s. It must not know anything about tenants: whoever asks gets the
//! same bytes but for a nonce. Nothing is kept.

mod asset;
mod encoding;
mod file;
mod page;

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::Method;

pub use asset::{Asset, Assets, Embedded};

use crate::{error::Refusal, state::AppState};

/// Longest address of the console, bytes.
const MAX_PATH: usize = 512;

/// Answers whatever no route of the API takes.
pub(crate) async fn answer(State(state): State<AppState>, request: Request) -> Response {
    let (path, headers) = (request.uri().path(), request.headers());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || is_for_programs(path) || !is_plain(path) {
        return Refusal::no_route().into_response();
    }
    let assets = state.options.assets.as_ref();
    if let Some(response) = file::answer(assets, path, headers) {
        return response;
    }
    if !path.starts_with(file::HASHED) && encoding::wants_page(headers) {
        return page::answer(assets, state.core.entropy.as_ref());
    }
    Refusal::no_route().into_response()
}

/// Below these a wrong address is a program's mistake, and the answer is one for programs.
fn is_for_programs(path: &str) -> bool {
    ["/api", "/healthz", "/readyz"].iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Addresses of the console and names of its files need neither dots in front, escapes nor backslashes; whoever sends them looks for a way out.
fn is_plain(path: &str) -> bool {
    let ordinary =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'~' | b'@');
    let segment = |part: &str| !part.starts_with('.') && part.bytes().all(ordinary);
    let Some(inside) = path.strip_prefix('/') else {
        return false;
    };
    path.len() <= MAX_PATH && !path.contains("//") && inside.split('/').all(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_is_no_address_of_the_console() {
        for path in [
            "/",
            "/instances",
            "/instances/ann-1/logs",
            "/assets/index-Bx9_~.js",
            "/instances/",
        ] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "/..",
            "/../etc/passwd",
            "/assets/../index.html",
            "/%2e%2e/x",
            "/assets/%2e%2e%2fx",
            "/a\\b",
            "//etc/passwd",
            "/.git/config",
            "/assets/.gitkeep",
            "*",
            "/a%00.js",
            "/a b",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        assert!(!is_plain(&format!("/{}", "a".repeat(MAX_PATH))));
    }

    #[test]
    fn programs_get_no_page() {
        for path in ["/api", "/api/", "/api/v1/nowhere", "/healthz/x", "/readyz/"] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in ["/", "/apis", "/healthzz", "/instances/api"] {
            assert!(!is_for_programs(path), "{path}");
        }
    }
}
