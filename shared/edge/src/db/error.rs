//! Errors of the database, and which of them are temporary.

use std::{error::Error as _, io};

use tokio_postgres::error::SqlState;

use super::STATEMENT_MS_MAX;
use crate::Error;

/// The SQLSTATE that the SQL function `admitted` raises for an ended session.
const SESSION_ENDED: &str = "PS401";

/// Classes of SQLSTATE after which a retry can succeed: connection exception, transaction rollback (deadlock),
/// insufficient resources, operator intervention.
const TEMPORARY_CLASSES: [&str; 4] = ["08", "40", "53", "57"];

/// A statement or a connection that failed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// An error of Postgres, the pooler or the socket, or of encoding or decoding a value.
    #[error("postgres: {}", describe(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// The connect failed.
    #[error("no connection to postgres: {0}")]
    Connect(String),
    /// A statement timed out, or follows one that did.
    #[error("no answer from postgres within {STATEMENT_MS_MAX} ms")]
    Unanswered,
    /// The result has an unexpected shape.
    #[error("unexpected result: {0}")]
    Answer(&'static str),
}

fn describe(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} {}", db.code().code(), db.message()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Whether the connection is lost. An encoding or decoding error is a bug and does not count.
fn is_connection_lost(error: &tokio_postgres::Error) -> bool {
    let io_error = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    // tokio-postgres reports encoding errors with the kind `InvalidInput`.
    let is_ours = |kind| matches!(kind, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
    error.is_closed() || io_error.is_some_and(|error| !is_ours(error.kind()))
}

impl DatabaseError {
    /// Whether a retry can succeed.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Unanswered => true,
            Self::Answer(_) => false,
            Self::Postgres(error) => match error.code() {
                Some(code) => TEMPORARY_CLASSES
                    .iter()
                    .any(|class| code.code().starts_with(class)),
                None => is_connection_lost(error),
            },
        }
    }

    /// Whether the caller's session has ended or the caller is deleted.
    pub fn is_session_ended(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.code().is_some_and(|code| code.code() == SESSION_ENDED))
    }

    /// The name of the violated constraint, if one was violated.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Postgres(error) => error.as_db_error()?.constraint(),
            _ => None,
        }
    }

    /// Whether an id is taken. The error code decides: the name of a primary key differs between partitions.
    pub fn is_taken_id(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION))
    }
}

/// Maps the violation of a constraint to an error of the API.
pub trait OnConstraint<T> {
    /// Returns `error` if the constraint `name` was violated, and any other database error unchanged.
    ///
    /// # Errors
    /// `error`, or that of the database.
    fn on_constraint(self, name: &str, error: Error) -> Result<T, Error>;
}

impl<T> OnConstraint<T> for Result<T, DatabaseError> {
    fn on_constraint(self, name: &str, error: Error) -> Result<T, Error> {
        self.map_err(|failure| {
            if failure.constraint() == Some(name) {
                error
            } else {
                failure.into()
            }
        })
    }
}
