//! The database: runs typed statements with tokio-postgres.
//!
//! One statement is one flight: Parse, Bind, Describe, Execute and Sync without a named statement, and nothing else until
//! it is answered. This is safe with every transaction-mode pooler. The statements are in `sql/` (see [`statements`]), and
//! each table has a module of functions.
//!
//! A [`Database`] belongs to a [`Caller`]: each of its statements checks the caller's session. [`Unattended`] work has no
//! caller.

mod connection;
pub mod conversations;
pub mod dashboard;
pub mod deletion;
mod error;
pub mod files;
pub mod generations;
pub mod personas;
pub mod reply_events;
pub mod sessions;
pub mod statements;
pub mod users;

use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};

pub use connection::{CONNECT_MS_MAX, Connection, Param, STATEMENT_MS_MAX};
pub use error::{DatabaseError, OnConstraint};

use crate::Caller;
use statements::{CallerStatement, UnattendedStatement};

/// The database of a caller. Every statement checks the caller's session and gets the caller as its user.
pub struct Database {
    connection: Connection,
    caller: Caller,
}

impl Database {
    /// The database for this caller's requests.
    pub fn of(connection: Connection, caller: &Caller) -> Self {
        Self {
            connection,
            caller: caller.clone(),
        }
    }

    /// The only row of a statement, if there is one. `params` start at `$4`.
    pub(crate) async fn row(
        &mut self,
        statement: CallerStatement,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DatabaseError> {
        let (key, session) = (self.caller.user_id().key(), self.caller.session_id());
        let clerk_id = self.caller.user_id().clerk_id();
        let caller: [Param<'_>; 3] = [
            (&key, Type::UUID),
            (&session, Type::TEXT),
            (&clerk_id, Type::TEXT),
        ];
        let params: Vec<Param<'_>> = caller.into_iter().chain(params.iter().cloned()).collect();
        let rows = self.connection.flight(statement.sql(), &params).await?;
        let row = rows
            .into_iter()
            .next()
            .ok_or(DatabaseError::Answer("a caller's statement has a row"))?;
        // The last column is null if the left join found no row.
        let found = row.len().checked_sub(1).map(|last| column(&row, last));
        let is_found: Option<bool> = found.transpose()?.flatten();
        Ok((is_found == Some(true)).then_some(row))
    }

    /// The text in the first column of the only row: `None` without a row, `Some(None)` for null.
    pub(crate) async fn text(
        &mut self,
        statement: CallerStatement,
        params: &[Param<'_>],
    ) -> Result<Option<Option<String>>, DatabaseError> {
        let row = self.row(statement, params).await?;
        row.map(|row| column(&row, 0)).transpose()
    }

    /// Whether the statement returns a row.
    pub(crate) async fn is_found(
        &mut self,
        statement: CallerStatement,
        params: &[Param<'_>],
    ) -> Result<bool, DatabaseError> {
        Ok(self.row(statement, params).await?.is_some())
    }
}

/// The database for work without a session: webhooks, scheduled work, replies that outlive their request.
pub struct Unattended(Connection);

impl Unattended {
    /// The database without a caller.
    pub fn new(connection: Connection) -> Self {
        Self(connection)
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rows(
        &mut self,
        statement: UnattendedStatement,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DatabaseError> {
        self.0.flight(statement.sql(), params).await
    }

    /// The only row of a statement, if there is one.
    pub(crate) async fn row(
        &mut self,
        statement: UnattendedStatement,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DatabaseError> {
        Ok(self.rows(statement, params).await?.into_iter().next())
    }

    /// Runs a statement for its effect.
    pub(crate) async fn run(
        &mut self,
        statement: UnattendedStatement,
        params: &[Param<'_>],
    ) -> Result<(), DatabaseError> {
        self.rows(statement, params).await.map(drop)
    }
}

/// A column by position.
///
/// # Errors
/// [`DatabaseError::Postgres`] if the types differ, which is a bug and not an unavailable database.
pub fn column<'r, T: FromSql<'r>>(row: &'r Row, index: usize) -> Result<T, DatabaseError> {
    Ok(row.try_get(index)?)
}
