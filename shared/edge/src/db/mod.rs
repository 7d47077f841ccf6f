//! A narrow waist around tokio-postgres: run one typed statement, get rows.
//!
//! One statement is one round trip and survives a transaction-mode pooler, because it is never a named
//! prepared statement. Every statement stands in `sql/`, one a file, beside one module of functions a table,
//! and every one that touches a person's rows names the person as `$1`.

pub mod conversations;
pub mod dashboard;
pub mod files;
pub mod generations;
pub mod personas;
pub mod users;

use tokio_postgres::{
    Client, Row,
    error::SqlState,
    types::{FromSql, ToSql, Type},
};

use crate::Error;

/// A parameter and its type, which a single round trip needs to know beforehand.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// A session of one request. The connection itself runs in the host's `wait_until`.
pub struct Database {
    client: Client,
}

/// What went wrong in the database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Postgres or the pooler said no, or the socket broke.
    #[error("postgres: {}", describe(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// There was no connection at all.
    #[error("no connection to postgres: {0}")]
    Connect(String),
    /// A statement answered what its function does not expect.
    #[error("unexpected answer: {0}")]
    Answer(&'static str),
}

fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} {}", db.code().code(), db.message()),
        None => error.to_string(),
    }
}

impl DatabaseError {
    /// Whether the same request may pass in a moment: lost sockets, and the SQLSTATE classes
    /// 08 (connection), 53 (resources) and 57 (operator intervention).
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Connect(_) => true,
            Self::Answer(_) => false,
            Self::Postgres(error) => match error.code() {
                Some(code) => ["08", "53", "57"]
                    .iter()
                    .any(|class| code.code().starts_with(class)),
                None => true,
            },
        }
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

impl Database {
    /// Wraps a client whose connection the host is already driving.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The only row of a statement that ends in `limit 1`, or none.
    pub(crate) async fn row(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DatabaseError> {
        Ok(self
            .client
            .query_typed(statement, params)
            .await?
            .into_iter()
            .next())
    }

    /// The text in the first column of the only row, or none.
    pub(crate) async fn text(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Option<String>, DatabaseError> {
        self.row(statement, params)
            .await?
            .map(|row| column(&row, 0))
            .transpose()
    }

    /// How many rows a writing statement touched.
    pub(crate) async fn execute(&self, statement: &str, params: &[Param<'_>]) -> Result<u64, DatabaseError> {
        Ok(self.client.execute_typed(statement, params).await?)
    }
}

/// A column by position, as an error rather than a panic where the types differ.
pub(crate) fn column<'r, T: FromSql<'r>>(row: &'r Row, index: usize) -> Result<T, DatabaseError> {
    Ok(row.try_get(index)?)
}
