//! tokio-postgres on a socket of the runtime.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{Config, NoTls};
use worker::{Env, Socket};

use edge::{Connection, DatabaseError, Host};

use crate::host::WorkersHost;

/// The longest wait for a session of the pooler, in milliseconds.
const CONNECT_TIMEOUT_MS: u32 = 5_000;
/// The longest wait, in milliseconds, for the pooler to close the connection after Terminate was sent.
const CLOSE_TIMEOUT_MS: u32 = 1_000;

pub(super) async fn connect(host: &WorkersHost, env: &Env) -> Result<Connection, DatabaseError> {
    let connect = |error: worker::Error| DatabaseError::Connect(error.to_string());
    let hyperdrive = env.hyperdrive("DB").map_err(connect)?;
    let mut config = Config::new();
    config
        .user(hyperdrive.user())
        .password(hyperdrive.password())
        .dbname(hyperdrive.database())
        .application_name("persona");
    // Hyperdrive encrypts its own connection to the database; the socket to Hyperdrive stays on the machine.
    config.ssl_mode(tokio_postgres::config::SslMode::Disable);
    let socket = DrainedSocket {
        socket: hyperdrive.connect().map_err(connect)?,
        close_timeout: None,
        host: host.clone(),
    };
    let session = Box::pin(config.connect_raw(socket, NoTls));
    match select(session, Box::pin(host.sleep(CONNECT_TIMEOUT_MS))).await {
        Either::Right(_) => Err(DatabaseError::Connect(format!(
            "no answer within {CONNECT_TIMEOUT_MS} ms"
        ))),
        Either::Left((session, _)) => {
            let (client, connection) = session?;
            // Not spawn_local: that leaks WASM memory with every request.
            host.wait_until(async move {
                let _ = connection.await;
            });
            Ok(Connection::new(client))
        }
    }
}

/// A socket whose shutdown waits until its last read has settled.
///
/// A connection always has a read pending. js-sys frees the state of an awaited promise only when the promise settles:
/// a request that ends before leaks it (150 bytes for every session). So shutdown flushes Terminate and then reads
/// until the pooler closes the connection.
struct DrainedSocket {
    socket: Socket,
    close_timeout: Option<Pin<Box<dyn Future<Output = ()>>>>,
    host: WorkersHost,
}

impl AsyncRead for DrainedSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for DrainedSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.socket).poll_flush(context))?;
        let mut room = [0; 256];
        loop {
            let mut buffer = ReadBuf::new(&mut room);
            match Pin::new(&mut this.socket).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => break,
            }
        }
        let close_timeout = this
            .close_timeout
            .get_or_insert_with(|| Box::pin(this.host.sleep(CLOSE_TIMEOUT_MS)));
        ready!(close_timeout.as_mut().poll(context));
        Pin::new(&mut this.socket).poll_shutdown(context)
    }
}
