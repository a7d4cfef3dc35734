//! Talking to the Gateway of one workload, over HTTP and over WebSocket.
//!
//! Owns the identity headers and the errors of both ways. A Gateway belongs to a tenant who may have replaced it by anything:
//! each call has a deadline and a size cap, each answer is checked against a type, and nothing it says is printed unshortened.

mod answer;
mod frame;
pub mod http;
pub mod ws;

use std::time::Duration;

use hyper::header::{HeaderMap, HeaderValue};

pub use answer::{
    Applied, ChannelStatus, ChannelsStatus, ConfigSnapshot, Suspension, TerminalPolicy,
};
pub use http::Gateway;
pub use ws::{Event, Hello, Operator};

use crate::CONTROL_USER;

/// What one conversation with a Gateway may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A whole HTTP call, connect included, or one WebSocket call. Shorter gives up on a busy Gateway (a config write waits
    /// until it is applied), longer holds a reconciler pass.
    pub timeout: Duration,
    /// Largest answer or frame, bytes. The largest honest one, `config.get`, is about 100 KB.
    pub max_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(20),
            max_bytes: 1024 * 1024,
        }
    }
}

/// Why a call to a Gateway failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing listens, or the connection broke. Worth another try.
    #[error("the gateway is not reachable")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No whole answer within the limit. Worth another try.
    #[error("the gateway did not answer within {after:?}")]
    Timeout {
        /// The limit.
        after: Duration,
    },
    /// The answer was longer than allowed; it was not read to its end.
    #[error("the gateway answered more than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The answer is not what this release of OpenClaw says.
    #[error("the gateway answered something unreadable: {what}")]
    Malformed {
        /// What was expected; never a part of the answer.
        what: &'static str,
    },
    /// The Gateway understood and said no.
    #[error("the gateway refused: {code}: {message}")]
    Refused {
        /// OpenClaw's code, such as `INVALID_REQUEST`, or `HTTP` where it gave none.
        code: String,
        /// Its words, shortened and without control characters. From a tenant: show as text, never as markup.
        message: String,
        /// HTTP status; `None` over WebSocket.
        status: Option<u16>,
        /// When to try again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The WebSocket is closed.
    #[error("the gateway closed the connection ({code}): {reason}")]
    Closed {
        /// WebSocket close code; 1006 where there was none.
        code: u16,
        /// Its words, shortened.
        reason: String,
    },
}

impl Error {
    pub(crate) fn refused(body: answer::ErrorBody, status: Option<u16>) -> Self {
        Self::Refused {
            code: short(&body.code, 64),
            message: short(&body.message, 300),
            status,
            retry_after: body.retry_after_ms.map(Duration::from_millis),
        }
    }

    /// Whether the same call may succeed later without anyone changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Timeout { .. } | Self::Closed { .. } => true,
            Self::Refused { code, status, .. } => code == "UNAVAILABLE" || *status == Some(503),
            Self::TooLarge { .. } | Self::Malformed { .. } => false,
        }
    }
}

/// The identity of the control plane. `x-forwarded-for` must not be loopback; a documentation address says it is nobody's.
pub(crate) fn identify(headers: &mut HeaderMap) {
    headers.insert("x-forwarded-user", HeaderValue::from_static(CONTROL_USER));
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    headers.insert(
        "x-forwarded-host",
        HeaderValue::from_static("creel.internal"),
    );
    headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.1"));
}

/// Words of a tenant's Gateway, fit for a log line.
pub(crate) fn short(text: &str, max_chars: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(max_chars)
        .collect()
}
