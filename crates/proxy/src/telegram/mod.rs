//! The Bot API front: to the instance it is Telegram. The instance holds a front token that opens nothing elsewhere; the real token is put
//! in here and never goes the other way.
//!
//! Owns the rules of what passes ([`path`]), the relay ([`forward`], [`redact`]) and who polls ([`poll`]). It must not write to the
//! database and keeps nothing that a crash could lose.

mod answer;
mod forward;
mod path;
mod poll;
mod redact;
mod tap;

use std::sync::Arc;

use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use crate::{
    Context, ProxyBody,
    snapshot::{Route, TelegramRoute},
};
use path::{Target, Verdict};
pub use poll::Polls;

/// Answers one Bot API call of the instance that owns `route`. Every answer has the Bot API's shape, refusals of ours included.
pub async fn serve(
    request: Request<Incoming>,
    route: Arc<Route>,
    context: &Context,
) -> Response<ProxyBody> {
    let asked = request.uri().path().to_owned();
    let Some(asked) = path::parse(&asked) else {
        return answer::not_found();
    };
    let Some(telegram) = route.telegram.as_ref().filter(|t| knows(t, asked.token)) else {
        return answer::unauthorized();
    };
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return answer::refuse(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    match asked.target {
        Target::Method(name) => call(request, name, &route, telegram, context).await,
        Target::File(path) if request.uri().query().is_none() && path::is_plain_file(path) => {
            forward::file(path, &route, telegram, context).await
        }
        Target::File(_) => answer::refuse(StatusCode::NOT_FOUND, "Not Found"),
    }
}

async fn call(
    request: Request<Incoming>,
    name: &str,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    match path::judge(name) {
        Verdict::Pass(name) => forward::method(request, name, route, telegram, context).await,
        Verdict::Poll => poll::updates(request, route, telegram, context).await,
        Verdict::Refuse(why) => answer::refuse(StatusCode::BAD_REQUEST, why),
        Verdict::Unknown => answer::not_found(),
    }
}

/// Compares in constant time, so that a front token cannot be found out byte by byte.
fn knows(telegram: &TelegramRoute, token: &str) -> bool {
    let front = telegram.front_token.expose_secret().as_bytes();
    front.ct_eq(token.as_bytes()).into()
}

#[cfg(test)]
mod journey;
#[cfg(test)]
mod tests;
