//! A database connection with time limits. It sends nothing while a Sync is unanswered.

use std::{future::Future, pin::Pin, pin::pin};

use futures_util::future::{AbortHandle, Either, abortable, select};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::{
    Client, Config, NoTls, Row,
    types::{ToSql, Type},
};

use super::DatabaseError;
use crate::Host;

/// The time limit of a connect to the database or its pooler, in milliseconds.
pub const CONNECT_MS_MAX: u32 = 5_000;
/// The time limit of a statement, in milliseconds.
pub const STATEMENT_MS_MAX: u32 = 10_000;

/// A parameter and its type. Known types save the round trip that asks Postgres for them.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

type Sleep = Box<dyn Fn(u32) -> Pin<Box<dyn Future<Output = ()>>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// A statement was sent, and its result is not read completely.
    Waiting,
    /// A statement failed. Its Sync may be unanswered.
    Failed,
}

/// A connection to the database, driven by the host. [`crate::Caller::database`] and [`super::Unattended`] wrap it and
/// decide which statements it can run.
pub struct Connection {
    client: Client,
    state: State,
    sleep: Sleep,
    /// Ends the connection without waiting for the server.
    driver: AbortHandle,
}

impl Connection {
    /// Connects over a socket of the runtime.
    ///
    /// # Errors
    /// [`DatabaseError::Connect`] after [`CONNECT_MS_MAX`], and errors of Postgres or the pooler.
    pub async fn open<S>(host: &impl Host, config: &Config, socket: S) -> Result<Self, DatabaseError>
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let session = Box::pin(config.connect_raw(socket, NoTls));
        let (client, connection) = match select(session, Box::pin(host.sleep(CONNECT_MS_MAX))).await {
            Either::Left((session, _)) => session?,
            Either::Right(_) => {
                return Err(DatabaseError::Connect(format!(
                    "no answer within {CONNECT_MS_MAX} ms"
                )));
            }
        };
        let (connection, driver) = abortable(connection);
        // Not spawn_local: on Workers that leaks WASM memory with every request.
        host.wait_until(async move {
            let _ = connection.await;
        });
        let host = host.clone();
        Ok(Self {
            client,
            state: State::Ready,
            sleep: Box::new(move |ms| Box::pin(host.sleep(ms))),
            driver,
        })
    }

    /// Runs one statement (Parse, Bind, Describe, Execute, Sync) and reads all its rows.
    ///
    /// # Errors
    /// [`DatabaseError::Unanswered`] after [`STATEMENT_MS_MAX`], and for every statement after one that failed or whose
    /// future was dropped before its result.
    pub(super) async fn flight(
        &mut self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DatabaseError> {
        if self.state != State::Ready {
            return Err(DatabaseError::Unanswered);
        }
        self.state = State::Waiting;
        let answer = pin!(self.client.query_typed(statement, params));
        match select(answer, (self.sleep)(STATEMENT_MS_MAX)).await {
            Either::Left((Ok(rows), _)) => {
                self.state = State::Ready;
                Ok(rows)
            }
            Either::Left((Err(error), _)) => {
                self.state = State::Failed;
                Err(error.into())
            }
            Either::Right(_) => Err(DatabaseError::Unanswered),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Otherwise the driver would wait for a result that may never arrive.
        if self.state == State::Waiting {
            self.driver.abort();
        }
    }
}
