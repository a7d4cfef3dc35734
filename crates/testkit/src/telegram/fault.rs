//! What can be made to go wrong, on demand. Owns no state; [`super::StubTelegram::fail_next`] queues these.

use std::time::Duration;

use super::answer::Refusal;

/// One call's scripted misfortune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A refusal in the Bot API's shape; the method has no effect.
    Refuse {
        /// HTTP status and `error_code`.
        status: u16,
        /// `description`.
        description: String,
        /// `parameters.retry_after`, seconds.
        retry_after: Option<u32>,
    },
    /// Bytes that are no Bot API answer; the method has no effect.
    Raw {
        /// HTTP status.
        status: u16,
        /// `content-type`.
        content_type: String,
        /// The whole body.
        body: String,
    },
    /// The call succeeds, but later.
    Delay(Duration),
    /// The connection ends without an answer; the method has no effect.
    HangUp,
    /// The method takes effect, then the connection ends without an answer: the case in which a sender cannot know.
    HangUpAfter,
}

impl Fault {
    /// 429 with `retry_after` in seconds.
    pub fn too_many_requests(retry_after: u32) -> Self {
        Self::Refuse {
            status: 429,
            description: format!("Too Many Requests: retry after {retry_after}"),
            retry_after: Some(retry_after),
        }
    }

    /// A refusal with this status and description.
    pub fn refuse(status: u16, description: &str) -> Self {
        Self::Refuse {
            status,
            description: description.to_owned(),
            retry_after: None,
        }
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refuse {
                status,
                description,
                retry_after,
            } => Some(Refusal {
                status: *status,
                description: description.clone(),
                retry_after: *retry_after,
            }),
            _ => None,
        }
    }
}
