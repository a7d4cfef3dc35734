//! The one mapping from what went wrong to status and envelope. Sources are logged here, once, with their chain, and never sent.

use std::{borrow::Cow, error::Error as StdError, time::Duration};

use axum::response::{IntoResponse, Response};
use creel_control as control;
use creel_domain::Permission;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::layer::MAX_BODY_BYTES;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// How long a client should wait when the database or a vendor is away, seconds: about what a restart takes.
const RETRY_SECONDS: u64 = 5;

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Control(#[from] control::Error),
    #[error("you are not signed in")]
    NotSignedIn,
    #[error("the request carries two session cookies")]
    TwoCookies,
    #[error("a browser on another site sent this")]
    CrossSite(&'static str),
    #[error("{field}: {message}")]
    Invalid {
        field: String,
        message: String,
        hint: Option<String>,
    },
    #[error("the body is not JSON")]
    BadJson(String),
    #[error("the body is larger than {} KiB", .0 >> 10)]
    TooLarge(usize),
    #[error("the body must be application/json")]
    NotJson,
    #[error("the body is no browser's report")]
    NotReport,
    #[error("too many attempts")]
    RateLimited(Duration),
    #[error("too many open event streams")]
    TooManyStreams,
    #[error("the server is not ready: {0}")]
    NotReady(&'static str),
}

/// Every error answer of the API.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorEnvelope {
    pub(crate) error: ErrorBody,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// Stable word for programs.
    #[schema(value_type = String, example = "slug_taken")]
    pub(crate) code: Cow<'static, str>,
    /// What is wrong, for people.
    pub(crate) message: String,
    /// Path of the field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    /// Names this request in our logs.
    pub(crate) request_id: String,
}

/// An error answer that `layer::envelope` still has to write down: only there the request id is known.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) field: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            field: None,
            hint: None,
            retry_after: None,
        }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    fn field(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    fn retry(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    /// For answers that some layer made without our words.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "method_not_allowed",
                "this address does not take that method",
            )
            .hint("The Allow header names those it takes."),
            StatusCode::GATEWAY_TIMEOUT => Self::new(status, "timeout", "the answer took too long")
                .hint("Look whether it happened before you try again."),
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(MAX_BODY_BYTES).refusal(),
            _ if status.is_server_error() => Self::internal(),
            _ => Self::new(
                status,
                "refused",
                status
                    .canonical_reason()
                    .unwrap_or("refused")
                    .to_lowercase(),
            ),
        }
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong on our side",
        )
        .hint("Try again. If it stays so, give your operator the request id.")
    }

    pub(crate) fn no_route() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "there is no such address",
        )
        .hint("/api/v1/openapi.json lists them.")
    }
}

impl Error {
    /// A field that cannot be taken as it is.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            message: message.into(),
            hint: None,
        }
    }

    /// The same error with its field named as this request names it; a use case serves several requests.
    pub(crate) fn renamed(
        error: control::Error,
        name: impl Fn(&'static str) -> &'static str,
    ) -> Self {
        Self::Control(match error {
            control::Error::Invalid {
                field,
                message,
                hint,
            } => control::Error::Invalid {
                field: name(field),
                message,
                hint,
            },
            other => other,
        })
    }

    fn refusal(self) -> Refusal {
        use StatusCode as S;
        match self {
            Self::Control(error) => control_refusal(error),
            Self::NotSignedIn => Refusal::new(S::UNAUTHORIZED, "unauthenticated", "you are not signed in")
                .hint("Sign in, or send `Authorization: Bearer creel_…`."),
            Self::TwoCookies => Refusal::new(S::BAD_REQUEST, "two_cookies", "the request carries two session cookies")
                .hint("Another site on this domain may have planted one. Delete this site's cookies and sign in again."),
            Self::CrossSite(why) => Refusal::new(S::FORBIDDEN, "cross_site", why)
                .hint("Programs send an API token instead of a cookie."),
            Self::Invalid { field, message, hint } => {
                Refusal::new(S::UNPROCESSABLE_ENTITY, "invalid", message).field(field).maybe_hint(hint)
            }
            Self::BadJson(message) => Refusal::new(S::BAD_REQUEST, "bad_json", message),
            Self::TooLarge(_) => Refusal::new(S::PAYLOAD_TOO_LARGE, "too_large", self.to_string()),
            Self::NotJson => Refusal::new(S::UNSUPPORTED_MEDIA_TYPE, "not_json", "the body must be JSON")
                .hint("Send `Content-Type: application/json`."),
            Self::NotReport => Refusal::new(S::UNSUPPORTED_MEDIA_TYPE, "not_a_report", "this address takes only reports of browsers"),
            Self::RateLimited(wait) => {
                let seconds = wait.as_secs() + 1;
                Refusal::new(S::TOO_MANY_REQUESTS, "rate_limited", "too many attempts")
                    .hint(format!("Try again in {seconds} seconds."))
                    .retry(seconds)
            }
            Self::TooManyStreams => {
                Refusal::new(S::SERVICE_UNAVAILABLE, "too_many_streams", "too many event streams are open").retry(RETRY_SECONDS)
            }
            Self::NotReady(why) => Refusal::new(S::SERVICE_UNAVAILABLE, "not_ready", why).retry(RETRY_SECONDS),
        }
    }
}

fn control_refusal(error: control::Error) -> Refusal {
    use StatusCode as S;
    use control::Error as E;
    match error {
        E::Invalid {
            field,
            message,
            hint,
        } => Refusal::new(S::UNPROCESSABLE_ENTITY, "invalid", message)
            .field(field)
            .maybe_hint(hint),
        E::Conflict {
            code,
            message,
            hint,
        } => Refusal::new(S::CONFLICT, code, message).maybe_hint(hint),
        E::NotFound(what) => Refusal::new(
            S::NOT_FOUND,
            "not_found",
            format!("there is no such {what}"),
        ),
        E::Unauthenticated => {
            Refusal::new(S::UNAUTHORIZED, "sign_in_refused", "that was not accepted")
                .hint("Check the address, the password and, if you gave one, the code.")
        }
        E::Forbidden(permission) => {
            let whom = if permission == Permission::Operate {
                "This is for platform staff."
            } else {
                "Ask the tenant's owner."
            };
            Refusal::new(
                S::FORBIDDEN,
                "forbidden",
                format!("your role may not do this: it needs {permission}"),
            )
            .hint(whom)
        }
        E::PlanLimit { message } => Refusal::new(S::PAYMENT_REQUIRED, "plan_limit", message)
            .hint("Choose a larger plan, or make room."),
        E::Upstream { service, message } => Refusal::new(
            S::SERVICE_UNAVAILABLE,
            "upstream",
            format!("{service} could not be asked: {message}"),
        )
        .retry(RETRY_SECONDS),
        E::Db(creel_db::Error::Unavailable(_)) => Refusal::new(
            S::SERVICE_UNAVAILABLE,
            "database_unavailable",
            "the database does not answer",
        )
        .retry(RETRY_SECONDS),
        // Somebody else was quicker between our look and our write.
        E::Db(creel_db::Error::Conflict(_)) => Refusal::new(
            S::CONFLICT,
            "conflict",
            "another request changed the same thing at the same moment",
        )
        .hint("Try again."),
        E::Db(creel_db::Error::NotFound) => {
            Refusal::new(S::NOT_FOUND, "not_found", "there is no such thing")
        }
        E::Db(_) | E::Internal(_) => Refusal::internal(),
    }
}

impl From<creel_db::Error> for Error {
    fn from(error: creel_db::Error) -> Self {
        Self::Control(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let chain = chain(&self);
        let refusal = self.refusal();
        if refusal.status.is_server_error() {
            tracing::error!(code = %refusal.code, error = %chain, "a request failed");
        }
        refusal.into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    // A vendor's answer may be part of it; a log line stays a line.
    text.chars().take(2000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_in_the_chain_and_not_in_the_answer() {
        let error = Error::from(control::Error::Internal("the secret detail".into()));
        assert!(chain(&error).contains("the secret detail"));
        let refusal = error.refusal();
        assert_eq!(refusal.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!format!("{refusal:?}").contains("secret detail"));
    }

    #[test]
    fn waiting_is_announced() {
        let response = Error::RateLimited(Duration::from_millis(2500)).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
    }
}
