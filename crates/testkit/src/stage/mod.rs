//! The stage of the browser tests: the stubs of Telegram and of a model vendor, and an endpoint on loopback through which a test in another
//! language plays the people and the weather.
//!
//! Owns the stubs. It speaks JSON and has no credential: it must never listen beyond loopback. Nothing survives a crash.

mod act;

use std::{io, net::SocketAddr, sync::Arc};

use http::StatusCode;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, Response, body::Incoming, header};
use serde_json::{Value, json};

use crate::{
    llm::StubLlm,
    server::{self, Body, HangUp, Server},
    telegram::StubTelegram,
};

/// Largest request: a message of ten thousand characters, many times over.
const MAX_BODY: usize = 1024 * 1024;

/// Where the parts of a stage listen; port 0 picks a free one.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// The control endpoint.
    pub control: SocketAddr,
    /// The stub of Telegram's Bot API.
    pub telegram: SocketAddr,
    /// The stub of a model vendor.
    pub llm: SocketAddr,
}

/// A running stage. Dropping it closes everything.
#[derive(Debug)]
pub struct Stage {
    props: Arc<Props>,
    control: Server,
}

/// What a test plays with.
#[derive(Debug)]
struct Props {
    telegram: StubTelegram,
    llm: StubLlm,
}

impl Stage {
    /// Starts all three.
    ///
    /// # Errors
    /// When an address is taken or is not loopback.
    pub async fn start(addresses: Addresses) -> io::Result<Self> {
        server::require_loopback(addresses.control)?;
        let props = Arc::new(Props {
            telegram: StubTelegram::start_at(addresses.telegram).await?,
            llm: StubLlm::start_at(addresses.llm).await?,
        });
        let playing = Arc::clone(&props);
        let control = Server::bind(addresses.control, move |request| {
            serve(Arc::clone(&playing), request)
        })
        .await?;
        Ok(Self { props, control })
    }

    /// Where everything is: what the first line on standard output says.
    pub fn addresses(&self) -> Value {
        json!({
            "control": format!("http://{}", self.control.address()),
            "telegram": self.props.telegram.api_base(),
            "openai": self.props.llm.openai_base(),
            "anthropic": self.props.llm.anthropic_base(),
        })
    }
}

async fn serve(props: Arc<Props>, request: Request<Incoming>) -> Result<Response<Body>, HangUp> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await;
    let body = body
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let path = parts.uri.path().trim_start_matches('/');
    Ok(match act::act(&props, path, &body) {
        Ok(answer) => respond(StatusCode::OK, &answer),
        Err(why) => respond(StatusCode::BAD_REQUEST, &json!({ "error": why })),
    })
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(server::full(body.to_string()));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests;
