//! What can go wrong between us and the database, named after what failed.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Shorthand for this crate's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed query.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No row where one was required.
    #[error("the row does not exist")]
    NotFound,
    /// A unique rule was broken: somebody else has that name, address or token.
    #[error("a row with that value exists already")]
    Conflict(#[source] DbErr),
    /// A stored value that this release cannot read.
    #[error("the stored value of {column} cannot be read: {problem}")]
    Corrupt {
        /// Column that holds it.
        column: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The pool in `network.pool` has no free network.
    #[error("no free network is left in the pool")]
    PoolExhausted,
    /// The database does not answer; trying again later can help.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// Anything else the database said.
    #[error("the database refused the query")]
    Query(#[source] DbErr),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Envelope(#[from] crate::secret::EnvelopeError),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Self::Conflict(error);
        }
        match &error {
            DbErr::RecordNotFound(_) => Self::NotFound,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error),
            DbErr::Query(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
                if is_connection(inner) =>
            {
                Self::Unavailable(error)
            }
            _ => Self::Query(error),
        }
    }
}

fn is_connection(error: &sea_orm::SqlxError) -> bool {
    use sea_orm::SqlxError as E;
    matches!(
        error,
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Protocol(_)
    )
}

/// Reads a stored word or id, naming the column when it is corrupt.
pub(crate) fn parse<T>(column: &'static str, text: &str) -> Result<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|e: T::Err| Error::Corrupt {
        column,
        problem: e.to_string(),
    })
}

/// The same for an optional column.
pub(crate) fn parse_opt<T>(column: &'static str, text: Option<&str>) -> Result<Option<T>>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.map(|t| parse(column, t)).transpose()
}

/// Reads a stored JSON text.
pub(crate) fn parse_json<T: serde::de::DeserializeOwned>(
    column: &'static str,
    text: &str,
) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Corrupt {
        column,
        problem: e.to_string(),
    })
}

/// A count that is never negative in our tables.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A count as the signed column type, saturating.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
