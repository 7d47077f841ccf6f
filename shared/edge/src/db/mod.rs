//! A narrow waist around tokio-postgres: run one typed statement, get rows.
//!
//! One statement is one round trip and survives a transaction-mode pooler, because it is never a named
//! prepared statement. Every statement stands in `sql/`, one a file, beside one module of functions a table,
//! and every one that touches a person's rows names the person as `$1`.
//!
//! A [`Caller`]'s database also judges whether the caller's session still lasts, see [`Database::of`].

pub mod conversations;
pub mod dashboard;
pub mod deletion;
pub mod files;
pub mod generations;
pub mod personas;
pub mod sessions;
pub mod users;

use std::{cell::Cell, future::Future};

use futures_util::try_join;
use tokio_postgres::{
    Client, Row,
    error::SqlState,
    types::{FromSql, ToSql, Type},
};

use crate::{Caller, Error};

/// A parameter and its type, which a single round trip needs to know beforehand.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// SQLSTATE with which `refuse_ended_session` refuses.
const SESSION_ENDED: &str = "PS401";

/// A connection to the database; it runs in the host's `wait_until`. Whose it is decides what may be asked.
pub struct Connection(Client);

impl Connection {
    /// Wraps a client whose connection the host is already driving.
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

/// A session of one request.
pub struct Database {
    client: Client,
    caller: Option<Caller>,
    /// The caller's session was found to last while this request ran.
    is_admitted: Cell<bool>,
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

impl Database {
    /// The database of a caller, whose session is judged together with the first statement.
    ///
    /// A token outlives its session by up to a minute, and Clerk's webhooks tell us sooner. Asking first would cost
    /// every request a round trip; so the question travels in the same flight as the first statement:
    /// * before a read, and the rows are withheld from a session that has ended;
    /// * before a write as `begin`, question, statement, `commit`. The question is answered by an exception, which
    ///   makes Postgres itself refuse the statement. One more CTE in every statement would save `begin` and `commit`
    ///   (no wait, some ten microseconds), but could be forgotten in one of them.
    ///
    /// All of it is the extended protocol without named statements, which a transaction-mode pooler passes.
    /// Once admitted, a request is not asked again: streams are judged when they begin.
    pub fn of(connection: Connection, caller: &Caller) -> Self {
        Self {
            client: connection.0,
            caller: Some(caller.clone()),
            is_admitted: Cell::new(false),
        }
    }

    /// The database for work that no session asks for: webhooks, and replies that outlive their request.
    pub fn unattended(connection: Connection) -> Self {
        Self {
            client: connection.0,
            caller: None,
            is_admitted: Cell::new(true),
        }
    }

    /// Asks whether the caller's session lasts, for an answer that needs no statement.
    ///
    /// # Errors
    /// [`DatabaseError::is_session_ended`], and those of the database.
    pub async fn admit(&self) -> Result<(), DatabaseError> {
        let Some(caller) = self.caller.as_ref().filter(|_| !self.is_admitted.get()) else {
            return Ok(());
        };
        self.client
            .execute_typed(
                include_str!("sql/sessions_admit.sql"),
                &[
                    (&caller.user_id().key(), Type::UUID),
                    (&caller.session_id(), Type::TEXT),
                ],
            )
            .await?;
        self.is_admitted.set(true);
        Ok(())
    }

    /// Sends a reading statement right behind the question.
    async fn read<T>(
        &self,
        statement: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        let ((), answer) = try_join!(self.admit(), statement)?;
        Ok(answer)
    }

    /// Sends a writing statement right behind the question, which ends the transaction where it refuses.
    ///
    /// `try_join!` polls in this order, and each first poll puts its statement on the wire.
    async fn write<T>(
        &self,
        statement: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        if self.is_admitted.get() {
            return statement.await;
        }
        let ((), (), answer, ()) =
            try_join!(self.bare("begin"), self.admit(), statement, self.bare("commit"))?;
        Ok(answer)
    }

    async fn bare(&self, statement: &str) -> Result<(), DatabaseError> {
        self.client.execute_typed(statement, &[]).await?;
        Ok(())
    }

    async fn query(&self, statement: &str, params: &[Param<'_>]) -> Result<Option<Row>, DatabaseError> {
        let rows = self.client.query_typed(statement, params).await?;
        Ok(rows.into_iter().next())
    }

    /// The only row of a reading statement that ends in `limit 1`, or none.
    pub(crate) async fn row(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DatabaseError> {
        self.read(self.query(statement, params)).await
    }

    /// The only row that a writing statement answers, or none.
    pub(crate) async fn changed_row(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DatabaseError> {
        self.write(self.query(statement, params)).await
    }

    /// The text in the first column of the only row of a reading statement, or none.
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
        let statement = async { Ok(self.client.execute_typed(statement, params).await?) };
        self.write(statement).await
    }
}

/// A column by position, as an error rather than a panic where the types differ.
pub(crate) fn column<'r, T: FromSql<'r>>(row: &'r Row, index: usize) -> Result<T, DatabaseError> {
    Ok(row.try_get(index)?)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// Calls that put a statement into the transaction in which the session is judged.
    const WRITING: [&str; 3] = ["execute", "changed_row", "slice"];

    fn writes(statement: &str) -> bool {
        let mut code = statement
            .lines()
            .filter(|line| !line.starts_with("--") && !line.contains("for update"));
        code.any(|line| {
            line.split_whitespace()
                .any(|word| ["insert", "update", "delete"].contains(&word))
        })
    }

    #[test]
    fn a_statement_that_writes_is_never_sent_as_a_reading_one() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db");
        let mut seen = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("mod.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            for (at, _) in source.match_indices("include_str!(\"") {
                let (before, rest) = source.split_at(at);
                let name = rest.split('"').nth(1).unwrap();
                let statement = fs::read_to_string(folder.join(name)).unwrap();
                let call = before.rsplit_once('(').unwrap().0;
                let is_sent_as_writing = WRITING.iter().any(|writing| call.ends_with(writing));
                assert_eq!(writes(&statement), is_sent_as_writing, "{name}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }
}
