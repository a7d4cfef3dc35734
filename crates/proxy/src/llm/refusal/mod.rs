//! Every answer that is ours and not the vendor's, in the vendor's own error shape, in words that the agent's owner understands.
//!
//! The status decides whether SDKs try again: they do on 408, 409, 429 and 5xx, and on nothing else. A spent budget is therefore 402. The words
//! matter too: OpenClaw (read in 2026.9.6) turns a 402 into its own text about credits and benches the provider for hours, unless the
//! message says "daily" or "monthly", "limit" and "reset", or "usage limit" and "try again"; then it waits a short while and shows people our
//! sentence as it is.

mod limit;
mod shape;

use std::time::Duration;

use bytes::Bytes;
use creel_domain::Provider;
use http::{HeaderValue, StatusCode, header};
use hyper::Response;

use super::{breaker::Rest, endpoint::Dialect};
use crate::{
    body::{self, ProxyBody},
    budget::{self, Cap},
};

/// Why a call is not answered by a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("This instance key is not valid here.")]
    KeyRefused,
    #[error(
        "This path does not exist here. Creel serves chat/completions, responses, embeddings, messages, messages/count_tokens, \
         generateContent, streamGenerateContent, countTokens and models."
    )]
    UnknownPath,
    #[error("The request is too large: at most {limit_bytes} bytes are taken.")]
    TooLarge { limit_bytes: usize },
    #[error("The request cannot be read: {0}.")]
    Unreadable(String),
    #[error("The request did not arrive in time.")]
    TooSlow,
    #[error(
        "The plan of this instance does not include the model {0}. Choose another model in Creel."
    )]
    ModelNotAllowed(String),
    #[error(
        "`{0}` has a price of its own that no usage report tells, so calls on the platform's key cannot use it. Enter your own API key in Creel to use it."
    )]
    Unpriced(&'static str),
    #[error("There is no API key for {} yet. Enter one in Creel.", .0.name)]
    NoProviderKey(&'static Provider),
    #[error("{}", limit::spent(.0))]
    Spent(Cap),
    #[error("{}", limit::too_dear(.0))]
    TooDear(Cap),
    #[error("{}", limit::held(.0))]
    Held(Cap),
    #[error("{}", limit::minute(.cap))]
    Minute { cap: Cap, seconds: u64 },
    #[error(
        "This agent repeated the same step again and again, so its model calls are paused. Its owner can resume them in Creel."
    )]
    Paused,
    #[error("Too many calls of this instance are running. Try again in a moment.")]
    Busy,
    #[error("Creel cannot check the budget at the moment. Try again in a moment.")]
    LedgerAway,
    #[error("{} has failed several times in a row. Creel tries it again in {} seconds.", .0.name, .1)]
    Failing(&'static Provider, u64),
    #[error("{} takes no more calls for this model at the moment. Try again in {} seconds.", .0.name, .1)]
    Limited(&'static Provider, u64),
    #[error("{} cannot be reached.", .0.name)]
    Unreachable(&'static Provider),
    #[error("The address entered for {} may not be called: only public https addresses on port 443 are.", .0.name)]
    AddressRefused(&'static Provider),
    #[error("{} did not answer in time.", .0.name)]
    Timeout(&'static Provider),
    #[error("{} broke the connection in the middle of its answer.", .0.name)]
    Broken(&'static Provider),
    #[error("{} answered with something that is no model's answer.", .0.name)]
    Garbled(&'static Provider),
    #[error("{} answered with a redirect, which Creel does not follow.", .0.name)]
    Redirect(&'static Provider),
    #[error("{} refused the API key. Enter a new key in Creel.", .0.name)]
    ProviderKeyRefused(&'static Provider, StatusCode),
    #[error("{} answered with status {}.", .0.name, .1.as_u16())]
    VendorError(&'static Provider, StatusCode),
}

impl Refusal {
    /// What the budget says, at this moment.
    pub(crate) fn of_budget(why: budget::Refusal, now: creel_domain::Timestamp) -> Self {
        match why {
            budget::Refusal::Spent(cap) => Self::Spent(cap),
            budget::Refusal::TooDear(cap) => Self::TooDear(cap),
            budget::Refusal::Held(cap) => Self::Held(cap),
            budget::Refusal::Minute(cap) => {
                let seconds = seconds(cap.renews.since(now));
                Self::Minute { cap, seconds }
            }
            budget::Refusal::Away => Self::LedgerAway,
        }
    }

    /// A vendor that is left alone for a while.
    pub(in crate::llm) fn resting(provider: &'static Provider, rest: Rest) -> Self {
        let seconds = seconds(rest.left());
        match rest {
            Rest::Failing(_) => Self::Failing(provider, seconds),
            Rest::Limited(_) => Self::Limited(provider, seconds),
        }
    }

    /// HTTP status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        self.shape().status
    }

    /// Bounded word for metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Spent(_) => "limit",
            Self::TooDear(_) => "too_dear",
            Self::Held(_) => "held",
            Self::Minute { .. } => "rate",
            Self::Paused => "paused",
            Self::Busy => "busy",
            Self::LedgerAway => "away",
            Self::Failing(..) => "breaker_open",
            Self::Limited(..) => "vendor_waits",
            Self::Unpriced(_) => "unpriced",
            _ => self.shape().code,
        }
    }

    /// Seconds after which trying again makes sense.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Minute { seconds, .. }
            | Self::Failing(_, seconds)
            | Self::Limited(_, seconds) => Some(*seconds),
            Self::Held(_) => Some(1),
            Self::Busy | Self::LedgerAway => Some(5),
            _ => None,
        }
    }

    /// The whole response.
    pub(crate) fn response(&self, dialect: Dialect) -> Response<ProxyBody> {
        let mut response = Response::new(body::full(self.json(dialect).to_string()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// The last event of a stream that ends badly. Begins with a blank line, because the stream may have been cut within an event.
    pub(crate) fn event(&self, dialect: Dialect) -> Bytes {
        let json = self.json(dialect);
        Bytes::from(match dialect {
            Dialect::OpenAi | Dialect::Google => format!("\n\ndata: {json}\n\n"),
            Dialect::Anthropic => format!("\n\nevent: error\ndata: {json}\n\n"),
        })
    }
}

/// Whole seconds, rounded up, at least one.
fn seconds(left: Duration) -> u64 {
    (left + Duration::from_millis(999)).as_secs().max(1)
}

#[cfg(test)]
mod tests;
