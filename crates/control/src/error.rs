//! What a use case refuses, apart from what is words for us. Knows no HTTP; `creel-api` maps it.

/// Shorthand.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value cannot be taken as it is.
    #[error("{field}: {message}")]
    Invalid {
        /// Path of the field in the request.
        field: &'static str,
        /// What is wrong, for people.
        message: String,
        /// What to do, for people.
        hint: Option<String>,
    },
    /// It contradicts what is there already.
    #[error("{message}")]
    Conflict {
        /// Stable word for programs.
        code: &'static str,
        /// What is wrong, for people.
        message: String,
        /// What to do, for people.
        hint: Option<String>,
    },
    /// There is no such thing, or it is somebody else's: the same answer, to the byte.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Wrong address, password, token or code; deliberately does not say which.
    #[error("the sign-in was refused")]
    Unauthenticated,
    /// The caller's role does not carry this permission in its own tenant.
    #[error("your role may not do this: it needs {0}")]
    Forbidden(creel_domain::Permission),
    /// The plan has no room for it.
    #[error("{message}")]
    PlanLimit {
        /// What is used up, for people.
        message: String,
    },
    /// Somebody else's server did not do its part.
    #[error("{service} could not be asked: {message}")]
    Upstream {
        /// Who.
        service: &'static str,
        /// What happened, for people, without credentials.
        message: String,
    },
    /// The database said no.
    #[error("the database did not answer as expected")]
    Db(#[source] creel_db::Error),
    /// Something that should not happen.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An invalid field with its remedy.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
            hint: None,
        }
    }

    /// An invalid field with what to do about it.
    pub fn invalid_with(
        field: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// A contradiction with what is there.
    pub fn conflict(
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Conflict {
            code,
            message: message.into(),
            hint: Some(hint.into()),
        }
    }
}

impl From<creel_db::Error> for Error {
    fn from(error: creel_db::Error) -> Self {
        Self::Db(error)
    }
}

impl From<creel_db::secret::EnvelopeError> for Error {
    fn from(error: creel_db::secret::EnvelopeError) -> Self {
        Self::Db(error.into())
    }
}
