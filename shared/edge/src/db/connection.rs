//! A connection that always ends: it takes no longer than its limits, and sends nothing behind an unanswered Sync.

use std::{future::Future, pin::Pin, pin::pin};

use futures_util::future::{AbortHandle, Either, abortable, select};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::{
    Client, Config, NoTls, Row,
    types::{ToSql, Type},
};

use super::DatabaseError;
use crate::Host;

/// The longest wait for a session of the database or its pooler, in milliseconds.
pub const CONNECT_MS_MAX: u32 = 5_000;
/// The longest wait for the answer to a statement, in milliseconds.
pub const STATEMENT_MS_MAX: u32 = 10_000;

/// A parameter and its type. Both go out in the same flight, so Postgres is not asked for the types.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

type Sleep = Box<dyn Fn(u32) -> Pin<Box<dyn Future<Output = ()>>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// A statement was sent and its answer has not been read to the end.
    Waiting,
    /// A statement failed. Its Sync may not be answered yet.
    Failed,
}

/// A connection to the database; the host drives it. Whose it is decides what may be asked: see
/// [`crate::Caller::database`] and [`super::Unattended`].
pub struct Connection {
    client: Client,
    state: State,
    sleep: Sleep,
    /// Ends the connection without waiting for the other side.
    driver: AbortHandle,
}

impl Connection {
    /// Opens a session over a socket of the runtime.
    ///
    /// # Errors
    /// [`DatabaseError::Connect`] after [`CONNECT_MS_MAX`], and what Postgres or the pooler says.
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

    /// Runs one statement: one Parse, Bind, Describe, Execute and Sync, and all rows of its answer.
    ///
    /// # Errors
    /// [`DatabaseError::Unanswered`] after [`STATEMENT_MS_MAX`], and for every statement after one that failed or was
    /// dropped before its answer.
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
        // Without this the driver would wait for an answer that may never come.
        if self.state == State::Waiting {
            self.driver.abort();
        }
    }
}
