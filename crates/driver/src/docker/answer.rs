//! From bollard's errors to ours. No type of bollard leaves the crate.

use std::{error::Error as _, fmt::Write as _};

use bollard::errors::Error as Bollard;

use crate::Error;

/// What the engine answered when it was not yes.
#[derive(Debug)]
pub(super) enum No {
    /// A status with its words: the caller knows what 404 or 409 means for what it asked.
    Status { code: u16, message: String },
    /// No answer, or none that can be read.
    Failed(Error),
}

/// An answer of the engine.
pub(super) type Answer<T> = Result<T, No>;

impl No {
    pub(super) fn from_bollard(call: &str, error: &Bollard) -> Self {
        match error {
            Bollard::DockerResponseServerError {
                status_code,
                message,
            } => Self::from_status(*status_code, message),
            error if is_connection(error) => Self::Failed(Error::Unavailable {
                message: chain(error),
            }),
            error => Self::Failed(Error::refused(format!("{call}: {}", chain(error)))),
        }
    }

    fn from_status(code: u16, message: &str) -> Self {
        // An engine that was exchanged for an older one: forget what was agreed on and ask again.
        let version_moved = code == 400 && message.contains("client version");
        if code == 503 || version_moved {
            return Self::Failed(Error::Unavailable {
                message: message.to_owned(),
            });
        }
        Self::Status {
            code,
            message: message.to_owned(),
        }
    }

    /// The engine's own words as [`Error::Refused`], a 404 as [`Error::NotFound`] of `object`.
    pub(super) fn about(self, object: &str) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Status { code: 404, .. } => Error::not_found(object),
            Self::Status { message, .. } => Error::refused(format!("{object}: {message}")),
        }
    }

    pub(super) fn is_status(&self, wanted: u16) -> bool {
        matches!(self, Self::Status { code, .. } if *code == wanted)
    }
}

/// `None` for a 404, whatever else went wrong stays wrong.
pub(super) fn found<T>(answer: Answer<T>, object: &str) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(no) if no.is_status(404) => Ok(None),
        Err(no) => Err(no.about(object)),
    }
}

fn is_connection(error: &Bollard) -> bool {
    matches!(
        error,
        Bollard::IOError { .. }
            | Bollard::HyperResponseError { .. }
            | Bollard::HyperLegacyError { .. }
            | Bollard::SocketNotFoundError(_)
    )
}

/// The error and its sources in one line: bollard hides "connection refused" three levels down.
fn chain(error: &Bollard) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let _ = write!(text, ": {inner}");
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, message: &str) -> Bollard {
        Bollard::DockerResponseServerError {
            status_code: code,
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_lost_connection_is_unavailable() {
        let io = Bollard::IOError {
            err: std::io::Error::other("gone"),
        };
        for error in [
            io,
            Bollard::SocketNotFoundError("/x".into()),
            status(503, "shutting down"),
            status(400, "client version 1.53 is too new"),
        ] {
            let no = No::from_bollard("x", &error);
            assert!(
                matches!(no, No::Failed(Error::Unavailable { .. })),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_404_is_none_and_a_409_is_refused() {
        let no = |code| Err::<(), _>(No::from_bollard("x", &status(code, "words")));
        assert_eq!(found(no(404), "volume v").unwrap(), None);
        assert_eq!(
            found(no(409), "volume v"),
            Err(Error::refused("volume v: words"))
        );
    }
}
