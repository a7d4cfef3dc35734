//! Cross-site request forgery, refused in one place before any handler (security.md B2).
//!
//! A bearer is never attached by a browser on its own, so requests with one need none of this. Everything else that is unsafe must come from our
//! own pages: `Sec-Fetch-Site: same-origin` where the browser says it, our exact `Origin`, and a JSON content type, which no form can send.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};

use super::{body::is_json, report};
use crate::{ApiOptions, error::Error, state::AppState};

pub(crate) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let refused = if request.uri().path() == report::PATH && report::is_report(request.headers()) {
        refuse_report(request.headers())
    } else {
        refuse(&state.options, request.method(), request.headers())
    };
    match refused {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    }
}

/// Browsers send reports on their own, with our cookie but often without our origin. They change nothing; only a page elsewhere may not send any.
fn refuse_report(headers: &HeaderMap) -> Option<Error> {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    sites
        .any(|site| site != "same-origin")
        .then_some(Error::CrossSite("another site's page sent this report"))
}

fn refuse(options: &ApiOptions, method: &Method, headers: &HeaderMap) -> Option<Error> {
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let with_cookie = headers.contains_key(header::COOKIE);
    if headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| site != "same-origin")
    {
        return Some(Error::CrossSite("another site's page sent this request"));
    }
    let origins: Vec<_> = headers.get_all(header::ORIGIN).iter().collect();
    match origins.as_slice() {
        // Programs sign in without one; a browser always sends it with an unsafe method.
        [] if !with_cookie => return None,
        [] => {
            return Some(Error::CrossSite(
                "a request with a cookie must carry its Origin",
            ));
        }
        [origin] if origin.as_bytes() == options.origin().as_bytes() => {}
        _ => return Some(Error::CrossSite("the request's Origin is not this site")),
    }
    (with_cookie && !is_json(headers)).then_some(Error::NotJson)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a POST with these headers passes at `http://localhost:7070`.
    fn passes(lines: &[(&'static str, &str)]) -> bool {
        let options = ApiOptions::new("http://localhost:7070/".parse().unwrap());
        let headers = lines
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        refuse(&options, &Method::POST, &headers).is_none()
    }

    #[test]
    fn only_our_own_pages_may_use_a_cookie() {
        let sites = [
            None,
            Some("same-origin"),
            Some("same-site"),
            Some("cross-site"),
            Some("none"),
        ];
        let origins = [
            None,
            Some("null"),
            Some("http://localhost:7070"),
            Some("http://localhost:7071"),
            Some("https://localhost:7070"),
            Some("http://localhost:7070.evil.example"),
            Some("http://tenant.localhost:7070"),
        ];
        let kinds = [
            None,
            Some("application/json"),
            Some("application/json; charset=utf-8"),
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ];
        for site in sites {
            for origin in origins {
                for kind in kinds {
                    let mut lines = vec![("cookie", "creel_s=x")];
                    lines.extend(site.map(|v| ("sec-fetch-site", v)));
                    lines.extend(origin.map(|v| ("origin", v)));
                    lines.extend(kind.map(|v| ("content-type", v)));
                    let expected = matches!(site, None | Some("same-origin"))
                        && origin == Some("http://localhost:7070")
                        && kind.is_some_and(|k| k.starts_with("application/json"));
                    assert_eq!(passes(&lines), expected, "{lines:?}");
                }
            }
        }
    }

    #[test]
    fn a_bearer_needs_no_origin_and_a_foreign_page_cannot_sign_in() {
        assert!(passes(&[
            ("authorization", "Bearer creel_x"),
            ("origin", "https://evil.example")
        ]));
        assert!(passes(&[("content-type", "application/json")]));
        assert!(!passes(&[
            ("content-type", "application/json"),
            ("origin", "https://evil.example")
        ]));
        assert!(!passes(&[("sec-fetch-site", "cross-site")]));
        assert!(!passes(&[
            ("cookie", "creel_s=x"),
            ("origin", "http://localhost:7070"),
            ("origin", "http://localhost:7070"),
            ("content-type", "application/json")
        ]));
    }
}
