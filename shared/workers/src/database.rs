//! tokio-postgres on a socket of the runtime.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Config;
use worker::{Env, Socket};

use edge::{Connection, DatabaseError, Host};

use crate::host::WorkersHost;

/// The longest wait, in milliseconds, for the pooler to close the connection after Terminate was sent.
const CLOSE_MS_MAX: u32 = 1_000;

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
        is_closed: false,
        close_timeout: None,
        host: host.clone(),
    };
    Connection::open(host, &config, socket).await
}

/// A socket whose shutdown waits until its last read has settled.
///
/// A connection always has a read pending. js-sys frees the state of an awaited promise only when the promise settles:
/// a request that ends before leaks it (150 bytes for every session). So shutdown flushes Terminate and then reads
/// until the pooler closes the connection.
struct DrainedSocket {
    socket: Socket,
    is_closed: bool,
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
                Poll::Ready(_) => {
                    this.is_closed = true;
                    return Poll::Ready(Ok(()));
                }
                Poll::Pending => break,
            }
        }
        let close_timeout = this
            .close_timeout
            .get_or_insert_with(|| Box::pin(this.host.sleep(CLOSE_MS_MAX)));
        ready!(close_timeout.as_mut().poll(context));
        Pin::new(&mut this.socket).poll_shutdown(context)
    }
}

impl Drop for DrainedSocket {
    fn drop(&mut self) {
        if !self.is_closed {
            // The first poll asks the runtime to close; nobody waits until it has.
            let _ = self.socket.close().now_or_never();
        }
    }
}
