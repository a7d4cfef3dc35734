//! Requests and refusals. A credential goes to its own server only: no redirect is followed.

use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::{Method, Response, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::house;

/// The server's own limit is 30 s; a little more lets its answer arrive.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
/// Longest answer that is read, bytes: 2000 log lines of 16 KiB.
const LIMIT: usize = 40 * 1024 * 1024;

/// How requests are signed.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// Nobody yet.
    None,
    /// An API token.
    Token(SecretString),
    /// A session cookie, `name=value`, and the origin it is good for.
    Session {
        /// `name=value`.
        cookie: SecretString,
        /// Origin of the server as browsers see it.
        origin: String,
    },
}

/// A client of one server.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    /// Address without a slash at its end.
    pub base: String,
    credential: Credential,
}

/// The server said no.
#[derive(Debug, Clone, Deserialize, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refused {
    /// Stable word.
    pub code: String,
    /// For people.
    pub message: String,
    /// Which field.
    pub field: Option<String>,
    /// What to do.
    pub hint: Option<String>,
    /// Names the request in the server's log.
    pub request_id: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    error: Refused,
}

impl Refused {
    /// All of it, for people.
    pub(crate) fn told(&self) -> String {
        let field = self
            .field
            .as_ref()
            .map(|field| format!("{field}: "))
            .unwrap_or_default();
        let hint = self
            .hint
            .as_ref()
            .map(|hint| format!("\n  hint: {hint}"))
            .unwrap_or_default();
        let request = self
            .request_id
            .as_ref()
            .map(|id| format!("\n  ({}, request {id})", self.code))
            .unwrap_or_default();
        format!("error: {field}{}{hint}{request}", self.message)
    }
}

impl Api {
    /// A client that nobody has signed in yet.
    pub(crate) fn new(base: &str) -> anyhow::Result<Self> {
        let base = base.trim_end_matches('/').to_owned();
        if !base.starts_with("http://") && !base.starts_with("https://") {
            bail!("{base} is not an address of a server; it begins with https:// or http://");
        }
        Ok(Self {
            http: house::outbound()?,
            base,
            credential: Credential::None,
        })
    }

    /// The same, signed.
    #[must_use]
    pub(crate) fn with(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// A request under `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base));
        match &self.credential {
            Credential::None => request,
            Credential::Token(token) => request.bearer_auth(token.expose_secret()),
            Credential::Session { cookie, origin } => request
                .header(header::COOKIE, cookie.expose_secret())
                .header(header::ORIGIN, origin),
        }
    }

    /// Sends it; an answer of success, or what the server refused.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Response> {
        let response = request
            .send()
            .await
            .map_err(|e| anyhow::Error::new(e.without_url()))
            .with_context(|| {
                format!(
                    "{} does not answer; is `creel serve` running there?",
                    self.base
                )
            })?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let body = read(response).await.unwrap_or_default();
        match serde_json::from_slice::<Envelope>(&body) {
            Ok(envelope) => Err(envelope.error.into()),
            Err(_) => bail!("{} answered {status}, and not as a Creel does", self.base),
        }
    }

    /// One exchange with JSON on both sides; an empty answer is `null`.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<T> {
        let mut request = self.request(method.clone(), path).timeout(PATIENCE);
        if let Some(body) = body {
            request = request.json(body);
        } else if method != Method::GET {
            // A session's unsafe requests must be JSON, even empty ones.
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let bytes = read(self.send(request).await?).await?;
        let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(text).context(
            "the server's answer is not what this client expects; are the versions the same?",
        )
    }

    /// Reads.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.call(Method::GET, path, None).await
    }

    /// Reads a file.
    pub(crate) async fn text(&self, path: &str) -> anyhow::Result<String> {
        let request = self.request(Method::GET, path).timeout(PATIENCE);
        let bytes = read(self.send(request).await?).await?;
        String::from_utf8(bytes).context("the server's file is not text")
    }

    /// Does something.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<T> {
        self.call(Method::POST, path, body).await
    }

    /// Sets something.
    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<T> {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// Removes something.
    pub(crate) async fn delete<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.call(Method::DELETE, path, None).await
    }
}

async fn read(mut response: Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LIMIT {
            bail!("the answer is longer than {} MB", LIMIT / 1_000_000);
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_field_hint_and_request() {
        let text = r#"{"error":{"code":"invalid","message":"is not an address","field":"email","hint":"Enter it like a@b.c.","request_id":"req_1"}}"#;
        let refused = serde_json::from_str::<Envelope>(text).unwrap().error;
        assert_eq!(
            refused.told(),
            "error: email: is not an address\n  hint: Enter it like a@b.c.\n  (invalid, request req_1)"
        );
    }

    #[test]
    fn an_address_without_a_scheme_is_refused() {
        assert!(Api::new("localhost:7070").is_err());
        assert_eq!(
            Api::new("http://localhost:7070/").unwrap().base,
            "http://localhost:7070"
        );
    }
}
