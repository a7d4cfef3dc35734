//! What can go wrong, by what the caller can do about it.

use std::time::Duration;

use creel_domain::{Cause, InstanceId};
use ipnet::Ipv4Net;

use crate::Interrupted;

/// A verb that did not reach its goal. Cloneable, so that the fake can be told which to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The engine cannot be reached; nobody knows what runs. Ask again later.
    #[error("the container engine does not answer: {message}")]
    Unavailable {
        /// What the connection said.
        message: String,
    },
    /// The engine does not have the image. Build or load it, then ask again.
    #[error("the engine has no image {image}")]
    ImageMissing {
        /// The reference asked for.
        image: String,
    },
    /// An object of our name belongs to somebody else. A person must look: nothing was changed.
    #[error("{object} exists and is not ours; remove or rename it by hand")]
    Foreign {
        /// Kind and name of the object.
        object: String,
    },
    /// The leased addresses are taken on this host. Lease another network.
    #[error("the addresses {subnet} are in use on this host by something else")]
    NetworkOverlap {
        /// The leased network.
        subnet: Ipv4Net,
    },
    /// The state volume should be there and is not. Restore a backup or delete the instance.
    #[error("the state volume of {instance} is gone")]
    StateMissing {
        /// Whose volume.
        instance: InstanceId,
    },
    /// The engine or the host answered and said no.
    #[error("{message}")]
    Refused {
        /// Its words, with what was asked.
        message: String,
    },
    /// No answer in time. The work may still have been done; looking again tells.
    #[error("{call} took longer than {limit:?}")]
    Timeout {
        /// What was asked.
        call: String,
        /// How long we waited.
        limit: Duration,
    },
    /// A newer wish ended the call between two steps.
    #[error("interrupted by a newer wish")]
    Interrupted,
    /// More bytes than allowed.
    #[error("{what} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What was too large.
        what: String,
        /// The cap.
        limit_bytes: usize,
    },
    /// The object that the verb needs is not there, or not running.
    #[error("{object} is not there")]
    NotFound {
        /// Kind and name of the object.
        object: String,
    },
}

// === impl Error ===

impl Error {
    /// Whether the same call can succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. } | Self::Timeout { .. } | Self::Interrupted
        )
    }

    /// The cause to show for an instance that this error keeps from running; `None` for an interruption, which is no fault.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::Unavailable { .. } => Some(Cause::EngineUnavailable),
            Self::ImageMissing { .. } => Some(Cause::ImageMissing),
            Self::StateMissing { .. } => Some(Cause::StateMissing),
            Self::Interrupted => None,
            Self::Foreign { .. }
            | Self::NetworkOverlap { .. }
            | Self::Refused { .. }
            | Self::Timeout { .. }
            | Self::TooLarge { .. }
            | Self::NotFound { .. } => Some(Cause::EngineRefused),
        }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused {
            message: message.into(),
        }
    }

    pub(crate) fn not_found(object: impl Into<String>) -> Self {
        Self::NotFound {
            object: object.into(),
        }
    }

    pub(crate) fn foreign(object: impl Into<String>) -> Self {
        Self::Foreign {
            object: object.into(),
        }
    }
}

impl From<Interrupted> for Error {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}
