//! Every answer that is ours and not the vendor's, in the vendor's own error shape, in words that the agent's owner understands.
//!
//! The status decides whether SDKs try again: they do on 408, 409, 429 and 5xx, and on nothing else. A spent budget is therefore 402. The words
//! matter too: OpenClaw (read in 2026.9.6) turns a 402 into its own text about credits and benches the provider for hours, unless the
//! message says "monthly", "limit" and "reset"; then it waits a short while and shows people our sentence as it is.

use bytes::Bytes;
use creel_domain::{Provider, Timestamp};
use http::{HeaderValue, StatusCode, header};
use hyper::Response;
use serde_json::json;

use super::endpoint::Dialect;
use crate::body::{self, ProxyBody};

/// Why a call is not answered by a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("This instance key is not valid here.")]
    KeyRefused,
    #[error(
        "This path does not exist here. Creel serves chat/completions, responses, messages and models."
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
    #[error("There is no API key for {} yet. Enter one in Creel.", .0.name)]
    NoProviderKey(&'static Provider),
    #[error("The monthly limit of {limit} tokens is used up. It resets on {} (UTC).", .renews.date())]
    Spent { limit: u64, renews: Timestamp },
    #[error(
        "Calls that are running may use up what is left of the monthly limit. Try again when they are done."
    )]
    Held,
    #[error("Too many calls of this instance are running. Try again in a moment.")]
    Busy,
    #[error("Creel cannot record usage at the moment. Try again in a moment.")]
    LedgerAway,
    #[error("{} cannot be reached.", .0.name)]
    Unreachable(&'static Provider),
    #[error("The address entered for {} may not be called: only public https addresses on port 443 are.", .0.name)]
    AddressRefused(&'static Provider),
    #[error("{} did not answer in time.", .0.name)]
    Timeout(&'static Provider),
    #[error("{} broke the connection in the middle of its answer.", .0.name)]
    Broken(&'static Provider),
    #[error("{} answered with a redirect, which Creel does not follow.", .0.name)]
    Redirect(&'static Provider),
    #[error("{} refused the API key. Enter a new key in Creel.", .0.name)]
    ProviderKeyRefused(&'static Provider, StatusCode),
    #[error("{} answered with status {}.", .0.name, .1.as_u16())]
    VendorError(&'static Provider, StatusCode),
}

/// Status, OpenAI's type and code, Anthropic's type.
type Words = (StatusCode, &'static str, &'static str, &'static str);

impl Refusal {
    fn words(&self) -> Words {
        use StatusCode as S;
        match self {
            Self::KeyRefused => (
                S::UNAUTHORIZED,
                "invalid_request_error",
                "invalid_api_key",
                "authentication_error",
            ),
            Self::UnknownPath => (
                S::NOT_FOUND,
                "invalid_request_error",
                "unknown_url",
                "not_found_error",
            ),
            Self::TooLarge { .. } => (
                S::PAYLOAD_TOO_LARGE,
                "invalid_request_error",
                "request_too_large",
                "request_too_large",
            ),
            Self::Unreadable(_) | Self::TooSlow => (
                S::BAD_REQUEST,
                "invalid_request_error",
                "invalid_request",
                "invalid_request_error",
            ),
            // As vendors answer for a model that an account may not use. Not 403: OpenClaw would take the key for bad and bench the provider.
            Self::ModelNotAllowed(_) => (
                S::NOT_FOUND,
                "invalid_request_error",
                "model_not_found",
                "not_found_error",
            ),
            Self::NoProviderKey(_) => (
                S::UNAUTHORIZED,
                "invalid_request_error",
                "no_provider_key",
                "authentication_error",
            ),
            Self::Spent { .. } => (
                S::PAYMENT_REQUIRED,
                "insufficient_quota",
                "insufficient_quota",
                "billing_error",
            ),
            Self::Held | Self::Busy => (
                S::TOO_MANY_REQUESTS,
                "rate_limit_error",
                "rate_limit_exceeded",
                "rate_limit_error",
            ),
            Self::LedgerAway => (
                S::SERVICE_UNAVAILABLE,
                "server_error",
                "server_error",
                "api_error",
            ),
            Self::Unreachable(_) | Self::Broken(_) => (
                S::BAD_GATEWAY,
                "server_error",
                "upstream_error",
                "api_error",
            ),
            Self::AddressRefused(_) | Self::Redirect(_) => (
                S::FORBIDDEN,
                "invalid_request_error",
                "upstream_refused",
                "permission_error",
            ),
            Self::Timeout(_) => (
                S::GATEWAY_TIMEOUT,
                "server_error",
                "upstream_timeout",
                "timeout_error",
            ),
            Self::VendorError(_, status) => {
                (*status, "server_error", "upstream_error", "api_error")
            }
            Self::ProviderKeyRefused(_, status) => (
                *status,
                "invalid_request_error",
                "provider_key_refused",
                "authentication_error",
            ),
        }
    }

    /// HTTP status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        self.words().0
    }

    /// Bounded word for metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Spent { .. } => "limit",
            Self::Held => "held",
            _ => self.words().2,
        }
    }

    /// The error object in the dialect's shape.
    pub(crate) fn json(&self, dialect: Dialect) -> serde_json::Value {
        let (_, kind, code, anthropic) = self.words();
        let message = self.to_string();
        match dialect {
            Dialect::OpenAi => {
                json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
            }
            Dialect::Anthropic => {
                json!({"type": "error", "error": {"type": anthropic, "message": message}})
            }
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
        if matches!(self, Self::Held | Self::Busy | Self::LedgerAway) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// The last event of a stream that ends badly. Begins with a blank line, because the stream may have been cut within an event.
    pub(crate) fn event(&self, dialect: Dialect) -> Bytes {
        let json = self.json(dialect);
        Bytes::from(match dialect {
            Dialect::OpenAi => format!("\n\ndata: {json}\n\n"),
            Dialect::Anthropic => format!("\n\nevent: error\ndata: {json}\n\n"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_budget_is_final_and_names_limit_and_date() {
        let renews = Timestamp::from_micros(1_796_083_200_000_000);
        let spent = Refusal::Spent {
            limit: 1_000_000,
            renews,
        };
        assert!(![408, 409, 429].contains(&spent.status().as_u16()));
        assert!(spent.status().as_u16() < 500);
        let words = spent.to_string();
        assert!(
            ["monthly", "limit", "resets"]
                .iter()
                .all(|w| words.contains(w))
                && words.len() <= 300
        );
        let openai = spent.json(Dialect::OpenAi);
        assert_eq!(openai["error"]["code"], "insufficient_quota");
        assert_eq!(
            openai["error"]["message"],
            "The monthly limit of 1000000 tokens is used up. It resets on 2026-12-01 (UTC)."
        );
        let anthropic = spent.json(Dialect::Anthropic);
        assert_eq!(anthropic["type"], "error");
        assert_eq!(anthropic["error"]["type"], "billing_error");
    }
}
