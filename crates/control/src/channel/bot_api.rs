//! Our own few calls to the Bot API: who a bot is, and what waits for it. The URL holds the token, so no error that leaves here prints it.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use crate::{Core, Error, Result};

// Telegram answers in well under a second; a person waits for this one.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A hundred updates with long texts have about half of this.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// A bot, as its token opens it.
pub(super) struct BotApi<'a> {
    pub(super) core: &'a Core,
    pub(super) base: &'a Url,
    pub(super) token: &'a SecretString,
}

/// Who a bot is.
#[derive(Debug, Deserialize)]
pub(super) struct Me {
    pub(super) is_bot: bool,
    pub(super) first_name: Option<String>,
    pub(super) username: Option<String>,
}

/// What Telegram refused, in its words.
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) description: String,
}

/// An answer in Telegram's envelope.
pub(super) type Answer<T> = std::result::Result<T, Refused>;

#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    result: Option<Value>,
    error_code: Option<u16>,
    description: Option<String>,
}

impl BotApi<'_> {
    /// Whose token this is.
    pub(super) async fn me(&self) -> Result<Answer<Me>> {
        self.call("getMe", &[]).await
    }

    /// Up to `limit` updates that wait, from `offset` on; those before it are told to be read. It never waits for one to come.
    pub(super) async fn updates(
        &self,
        offset: Option<i64>,
        limit: usize,
    ) -> Result<Answer<Vec<Value>>> {
        let (offset, limit) = (offset.map(|id| id.to_string()), limit.to_string());
        let mut query = vec![
            ("timeout", "0"),
            ("limit", limit.as_str()),
            ("allowed_updates", r#"["message"]"#),
        ];
        query.extend(offset.as_deref().map(|offset| ("offset", offset)));
        self.call("getUpdates", &query).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<Answer<T>> {
        let (status, body) = self.fetch(self.url(method, query)?).await?;
        let answer: Envelope =
            serde_json::from_slice(&body).map_err(|_| away("the answer is not JSON"))?;
        match answer.result {
            Some(result) if answer.ok => serde_json::from_value(result)
                .map(Ok)
                .map_err(|_| away("the answer has another shape")),
            _ => Ok(Err(Refused {
                status: answer.error_code.unwrap_or(status),
                description: said(answer.description),
            })),
        }
    }

    fn url(&self, method: &str, query: &[(&str, &str)]) -> Result<Url> {
        let base = self.base.as_str().trim_end_matches('/');
        let text = format!("{base}/bot{}/{method}", self.token.expose_secret());
        let mut url: Url = text.parse().map_err(|_| away("its address is wrong"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    async fn fetch(&self, url: Url) -> Result<(u16, Vec<u8>)> {
        let unreachable = |e: reqwest::Error| away(&e.without_url().to_string());
        let asked = self.core.http.get(url).timeout(TIMEOUT).send().await;
        let mut response = asked.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER_BYTES {
                return Err(away("the answer is too long"));
            }
        }
        Ok((response.status().as_u16(), body))
    }
}

fn said(description: Option<String>) -> String {
    let words = description.unwrap_or_else(|| "no reason given".to_owned());
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect()
}

/// Telegram did not do its part.
pub(super) fn away(why: &str) -> Error {
    Error::Upstream {
        service: "Telegram",
        message: why.to_owned(),
    }
}
