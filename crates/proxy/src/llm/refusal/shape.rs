//! Status and type words of each refusal, and the error object around its sentence.

use http::StatusCode as S;
use serde_json::{Value, json};

use super::Refusal;
use crate::llm::endpoint::Dialect;

/// As a vendor would say it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) status: S,
    /// OpenAI's type.
    kind: &'static str,
    /// OpenAI's code.
    pub(super) code: &'static str,
    /// Anthropic's type.
    anthropic: &'static str,
    /// Google's status.
    google: &'static str,
}

const fn shape(
    status: S,
    kind: &'static str,
    code: &'static str,
    anthropic: &'static str,
    google: &'static str,
) -> Shape {
    Shape {
        status,
        kind,
        code,
        anthropic,
        google,
    }
}

const INVALID: &str = "invalid_request_error";
const RATE: &str = "rate_limit_error";
const SERVER: &str = "server_error";

impl Refusal {
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::KeyRefused => shape(
                S::UNAUTHORIZED,
                INVALID,
                "invalid_api_key",
                "authentication_error",
                "UNAUTHENTICATED",
            ),
            Self::UnknownPath => shape(
                S::NOT_FOUND,
                INVALID,
                "unknown_url",
                "not_found_error",
                "NOT_FOUND",
            ),
            Self::TooLarge { .. } => shape(
                S::PAYLOAD_TOO_LARGE,
                INVALID,
                "request_too_large",
                "request_too_large",
                "INVALID_ARGUMENT",
            ),
            Self::Unreadable(_) | Self::TooSlow | Self::Unpriced(_) => shape(
                S::BAD_REQUEST,
                INVALID,
                "invalid_request",
                INVALID,
                "INVALID_ARGUMENT",
            ),
            // As vendors answer for a model that an account may not use. Not 403: OpenClaw would take the key for bad and bench the provider.
            Self::ModelNotAllowed(_) => shape(
                S::NOT_FOUND,
                INVALID,
                "model_not_found",
                "not_found_error",
                "NOT_FOUND",
            ),
            Self::NoProviderKey(_) => shape(
                S::UNAUTHORIZED,
                INVALID,
                "no_provider_key",
                "authentication_error",
                "UNAUTHENTICATED",
            ),
            // Google's word for a limit is also its word for a rate, which clients try again; this one they do not.
            Self::Spent(_) | Self::TooDear(_) | Self::Paused => shape(
                S::PAYMENT_REQUIRED,
                "insufficient_quota",
                "insufficient_quota",
                "billing_error",
                "FAILED_PRECONDITION",
            ),
            Self::Held(_) | Self::Busy | Self::Minute { .. } | Self::Limited(..) => shape(
                S::TOO_MANY_REQUESTS,
                RATE,
                "rate_limit_exceeded",
                RATE,
                "RESOURCE_EXHAUSTED",
            ),
            Self::LedgerAway | Self::Failing(..) => shape(
                S::SERVICE_UNAVAILABLE,
                SERVER,
                SERVER,
                "api_error",
                "UNAVAILABLE",
            ),
            Self::Unreachable(_) | Self::Broken(_) | Self::Garbled(_) => shape(
                S::BAD_GATEWAY,
                SERVER,
                "upstream_error",
                "api_error",
                "UNAVAILABLE",
            ),
            Self::AddressRefused(_) | Self::Redirect(_) => shape(
                S::FORBIDDEN,
                INVALID,
                "upstream_refused",
                "permission_error",
                "PERMISSION_DENIED",
            ),
            Self::Timeout(_) => shape(
                S::GATEWAY_TIMEOUT,
                SERVER,
                "upstream_timeout",
                "timeout_error",
                "DEADLINE_EXCEEDED",
            ),
            Self::VendorError(_, status) => {
                shape(*status, SERVER, "upstream_error", "api_error", "UNKNOWN")
            }
            Self::ProviderKeyRefused(_, status) => shape(
                *status,
                INVALID,
                "provider_key_refused",
                "authentication_error",
                "UNAUTHENTICATED",
            ),
        }
    }

    /// The error object in the dialect's shape.
    pub(crate) fn json(&self, dialect: Dialect) -> Value {
        let Shape {
            status,
            kind,
            code,
            anthropic,
            google,
        } = self.shape();
        let message = self.to_string();
        match dialect {
            Dialect::OpenAi => {
                json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
            }
            Dialect::Anthropic => {
                json!({"type": "error", "error": {"type": anthropic, "message": message}})
            }
            Dialect::Google => {
                json!({"error": {"code": status.as_u16(), "message": message, "status": google}})
            }
        }
    }
}
