//! Where a credential stands in a request: one session cookie or one bearer, never both, never two.

use axum_extra::extract::cookie::{Cookie, SameSite};
use creel_control::{Caller, Core, account};
use creel_domain::{SessionId, TenantId, token};
use http::{HeaderMap, header};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    ApiOptions,
    error::{Error, Result},
};

/// What somebody showed. Not yet believed.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    Session(SecretString),
    Token(SecretString),
}

impl Credential {
    /// Reads the request's credential. A bearer, even a malformed one, hides the cookie: a program must not be somebody else by accident.
    pub(crate) fn read(headers: &HeaderMap, options: &ApiOptions) -> Result<Option<Self>> {
        if headers.contains_key(header::AUTHORIZATION) {
            return bearer(headers).map(|text| Some(Self::Token(text.into())));
        }
        Ok(session(headers, cookie_name(options))?.map(|value| Self::Session(value.into())))
    }

    /// Who that is.
    pub(crate) async fn resolve(
        &self,
        core: &Core,
        tenant: Option<TenantId>,
    ) -> Result<(Caller, Option<SessionId>)> {
        let resolved = match self {
            Self::Session(cookie) => account::by_session(core, cookie.expose_secret(), tenant)
                .await
                .map(|(caller, id)| (caller, Some(id))),
            Self::Token(bearer) => account::by_token(core, bearer.expose_secret(), tenant)
                .await
                .map(|caller| (caller, None)),
        };
        resolved.map_err(|error| match error {
            creel_control::Error::Unauthenticated => Error::NotSignedIn,
            other => other.into(),
        })
    }
}

fn bearer(headers: &HeaderMap) -> Result<String> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Error::NotSignedIn);
    };
    let text = value.to_str().map_err(|_| Error::NotSignedIn)?;
    let (scheme, token) = text.split_once(' ').ok_or(Error::NotSignedIn)?;
    let ours = scheme.eq_ignore_ascii_case("bearer")
        && token::public_part(token::API_TOKEN, token).is_some();
    if ours {
        Ok(token.to_owned())
    } else {
        Err(Error::NotSignedIn)
    }
}

/// The session cookie's value. Of two the browser does not say which is ours: one of them was planted, so neither is taken.
fn session(headers: &HeaderMap, name: &str) -> Result<Option<String>> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(Cookie::split_parse).flatten();
    let mut ours = cookies
        .filter(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned());
    match (ours.next(), ours.next()) {
        (_, Some(_)) => Err(Error::TwoCookies),
        (first, None) => Ok(first),
    }
}

/// `__Host-` makes browsers refuse the cookie from a sibling domain or without TLS; over plain HTTP they would refuse it altogether.
fn cookie_name(options: &ApiOptions) -> &'static str {
    if options.is_https() {
        "__Host-creel_s"
    } else {
        "creel_s"
    }
}

/// The `Set-Cookie` of a fresh session that lives `seconds`.
pub(crate) fn cookie(options: &ApiOptions, value: &SecretString, seconds: u64) -> String {
    let mut cookie = Cookie::new(cookie_name(options), value.expose_secret());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(options.is_https());
    format!("{cookie}; Max-Age={seconds}")
}

/// The `Set-Cookie` that makes a browser forget its session.
pub(crate) fn expired_cookie(options: &ApiOptions) -> String {
    cookie(options, &SecretString::from(""), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> ApiOptions {
        ApiOptions::new(url.parse().unwrap())
    }

    fn headers(lines: &[(header::HeaderName, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn cookies_have_every_attribute() {
        let https = cookie(&options("https://creel.example.org"), &"crs_x".into(), 60);
        assert_eq!(
            https,
            "__Host-creel_s=crs_x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
        let http = cookie(&options("http://localhost:7070"), &"crs_x".into(), 60);
        assert_eq!(
            http,
            "creel_s=crs_x; HttpOnly; SameSite=Lax; Path=/; Max-Age=60"
        );
    }

    #[test]
    fn two_cookies_are_refused_on_one_line_and_on_two() {
        let options = options("http://localhost:7070");
        for lines in [
            vec![(header::COOKIE, "creel_s=a; other=1; creel_s=b")],
            vec![(header::COOKIE, "creel_s=a"), (header::COOKIE, "creel_s=a")],
        ] {
            assert!(matches!(
                Credential::read(&headers(&lines), &options),
                Err(Error::TwoCookies)
            ));
        }
        let one = headers(&[(header::COOKIE, "x=1; creel_s=a; __Host-creel_s=b")]);
        assert!(
            matches!(Credential::read(&one, &options), Ok(Some(Credential::Session(v))) if v.expose_secret() == "a")
        );
    }

    #[test]
    fn a_bad_bearer_never_falls_back_to_the_cookie() {
        let options = options("http://localhost:7070");
        for bad in [
            "",
            "Bearer",
            "Bearer x",
            "Basic abc",
            "Bearer  creel_0123456789abcdef_x",
        ] {
            let lines = headers(&[(header::AUTHORIZATION, bad), (header::COOKIE, "creel_s=a")]);
            assert!(
                matches!(Credential::read(&lines, &options), Err(Error::NotSignedIn)),
                "{bad}"
            );
        }
    }
}
