//! What goes wrong in the database, and whether another try may help.

use std::{error::Error as _, io};

use tokio_postgres::error::SqlState;

use super::STATEMENT_MS_MAX;
use crate::Error;

/// SQLSTATE of the function `admitted` for a session that has ended.
const SESSION_ENDED: &str = "PS401";

/// Classes of SQLSTATE with which the same request may pass in a moment: connection, rollback (deadlock), resources,
/// operator intervention.
const PASSING_CLASSES: [&str; 4] = ["08", "40", "53", "57"];

/// A statement or a connection that failed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Postgres or the pooler reported an error, the socket broke, or a value could not be encoded or decoded.
    #[error("postgres: {}", describe(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// There is no connection.
    #[error("no connection to postgres: {0}")]
    Connect(String),
    /// No answer in time, or a statement after one that got none.
    #[error("no answer from postgres within {STATEMENT_MS_MAX} ms")]
    Unanswered,
    /// The answer is not what the statement's function expects.
    #[error("unexpected answer: {0}")]
    Answer(&'static str),
}

fn describe(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} {}", db.code().code(), db.message()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Whether the connection is gone. A value that cannot be encoded or decoded is no such error: it is our mistake.
fn is_connection_lost(error: &tokio_postgres::Error) -> bool {
    let io_error = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    // tokio-postgres gives its own encoding errors the kind `InvalidInput`.
    let is_ours = |kind| matches!(kind, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
    error.is_closed() || io_error.is_some_and(|error| !is_ours(error.kind()))
}

impl DatabaseError {
    /// Whether the same request may pass in a moment.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Unanswered => true,
            Self::Answer(_) => false,
            Self::Postgres(error) => match error.code() {
                Some(code) => PASSING_CLASSES.iter().any(|class| code.code().starts_with(class)),
                None => is_connection_lost(error),
            },
        }
    }

    /// Whether the caller's session has ended, or the caller has left.
    pub fn is_session_ended(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.code().is_some_and(|code| code.code() == SESSION_ENDED))
    }

    /// The name of the violated constraint, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Postgres(error) => error.as_db_error()?.constraint(),
            _ => None,
        }
    }

    /// Whether an id is taken: a primary key's name differs between partitions, its kind does not.
    pub fn is_taken_id(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION))
    }
}

/// Turns the violation of a constraint into an error that a client can tell apart.
pub trait OnConstraint<T> {
    /// `error` where the constraint called `name` was violated; any other failure as it is.
    ///
    /// # Errors
    /// The given one, or that of the database.
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
