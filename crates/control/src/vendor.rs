//! Asking a model vendor about a key: whether it is accepted, and if not, in the vendor's own words.
//!
//! Owns what is asked and how the answer is read. How the vendor is reached is a port: a tenant may name the address, so the binary dials it
//! through the guarded client. Keeps nothing; the vendor may quote the key, and the words that leave here never do.

use std::time::Duration;

use async_trait::async_trait;
use creel_domain::{Api, Provider};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use crate::{Error, Result, secret::CheckedKey};

/// A person waits for the answer; a vendor that takes longer counts as away.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// As much of an answer as is read. Lists of models are longer, and only their status is of interest.
pub const READ_BYTES: usize = 64 * 1024;
/// The longest words of a vendor that are passed on, characters.
const WORDS: usize = 300;
/// Anthropic refuses requests without a version.
const ANTHROPIC_VERSION: &str = "2023-06-01";

/// One question.
#[derive(Debug)]
pub struct Question {
    /// Where.
    pub url: Url,
    /// With which headers, the key among them.
    pub headers: Vec<(&'static str, SecretString)>,
    /// Whether a tenant named the address: then only public ones are dialled.
    pub guarded: bool,
}

/// A vendor's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The first [`READ_BYTES`] of the body.
    pub body: Vec<u8>,
}

/// Asks vendors.
#[async_trait]
pub trait Vendors: Send + Sync + 'static {
    /// Sends a GET, follows no redirect, and gives up after [`TIMEOUT`]. The error is words for people without the address or the key.
    async fn get(&self, question: Question) -> Result<Answer, String>;
}

/// What the vendor says about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is accepted.
    Accepted,
    /// It is refused, in the vendor's words.
    Refused(String),
    /// The vendor has nothing to ask; the key may be right.
    Untested,
}

/// Asks the vendor about a key.
///
/// # Errors
/// [`Error::Upstream`] when the vendor cannot be asked now.
pub(crate) async fn test(
    vendors: &dyn Vendors,
    provider: &Provider,
    key: &CheckedKey,
) -> Result<Verdict> {
    let asked = question(provider, &key.base_url, &key.value);
    let answer = vendors
        .get(asked)
        .await
        .map_err(|why| away(provider, why))?;
    let words = || words(&answer.body, key.value.expose_secret());
    match answer.status {
        200..300 => Ok(Verdict::Accepted),
        // Some vendors call a key that they do not know a bad request; nothing else of this request can be bad.
        400 | 401 | 403 => Ok(Verdict::Refused(words())),
        404 | 405 | 501 => Ok(Verdict::Untested),
        status => Err(away(provider, format!("it answered {status}"))),
    }
}

fn away(provider: &Provider, why: String) -> Error {
    Error::Upstream {
        service: provider.name,
        message: why,
    }
}

fn question(provider: &Provider, base: &Url, key: &SecretString) -> Question {
    let mut url = base.clone();
    let path = format!("{}/{}", base.path().trim_end_matches('/'), path(provider));
    url.set_path(&path);
    let headers = match provider.api {
        Api::AnthropicMessages => vec![
            ("x-api-key", key.clone()),
            ("anthropic-version", ANTHROPIC_VERSION.into()),
        ],
        Api::OpenAiCompletions | Api::OpenAiResponses => {
            let bearer = format!("Bearer {}", key.expose_secret());
            vec![("authorization", bearer.into())]
        }
    };
    Question {
        url,
        headers,
        guarded: provider.base_url.is_none(),
    }
}

/// What only the holder of a key may read.
fn path(provider: &Provider) -> &'static str {
    match provider.api {
        Api::AnthropicMessages => "v1/models",
        // Its list of models is public.
        _ if provider.id == "openrouter" => "key",
        _ => "models",
    }
}

/// The vendor's own words, cut, on one line, and without the key.
fn words(body: &[u8], key: &str) -> String {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    // Google wraps its error in a list.
    let json = json.get(0).unwrap_or(&json);
    let said = [
        &json["error"]["message"],
        &json["error"],
        &json["message"],
        &json["detail"],
    ];
    let said = said.into_iter().find_map(Value::as_str);
    let said = said.unwrap_or("no reason given").replace(key, "…");
    let plain: String = said
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS)
        .collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-0123456789abcdef0123";

    #[test]
    fn the_vendors_words_are_found_in_every_dialect_and_never_hold_the_key() {
        for (body, wanted) in [
            (
                r#"{"error":{"message":"Incorrect API key provided: sk-0123456789abcdef0123."}}"#,
                "Incorrect API key provided: ….",
            ),
            (
                r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
                "invalid x-api-key",
            ),
            (
                r#"[{"error":{"code":400,"message":"API key not valid."}}]"#,
                "API key not valid.",
            ),
            (
                r#"{"message":"Unauthorized\nfor you"}"#,
                "Unauthorized for you",
            ),
            (r#"{"detail":"Unauthorized"}"#, "Unauthorized"),
            ("<html>", "no reason given"),
        ] {
            assert_eq!(words(body.as_bytes(), KEY), wanted);
        }
        let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(9999));
        assert_eq!(words(long.as_bytes(), KEY).len(), WORDS);
    }

    #[test]
    fn each_dialect_is_asked_in_its_own_way() {
        let ask = |id: &str| {
            let provider = Provider::find(id).unwrap();
            let base = provider.base_url.unwrap_or("https://llm.example.org/v1/");
            question(provider, &base.parse().unwrap(), &KEY.into())
        };
        for (id, url, header, guarded) in [
            (
                "openai",
                "https://api.openai.com/v1/models",
                "authorization",
                false,
            ),
            (
                "anthropic",
                "https://api.anthropic.com/v1/models",
                "x-api-key",
                false,
            ),
            (
                "openrouter",
                "https://openrouter.ai/api/v1/key",
                "authorization",
                false,
            ),
            (
                "custom",
                "https://llm.example.org/v1/models",
                "authorization",
                true,
            ),
        ] {
            let asked = ask(id);
            assert_eq!((asked.url.as_str(), asked.headers[0].0), (url, header));
            assert_eq!(asked.guarded, guarded, "{id}");
        }
        assert!(!format!("{:?}", ask("openai")).contains(KEY));
    }
}
