//! tokio-postgres on a socket of the runtime.

use futures_util::future::{Either, select};
use tokio_postgres::Config;
use worker::{Env, postgres_tls::PassthroughTls};

use super::host::WorkersHost;
use crate::{Connection, DatabaseError, Host};

/// How long the pooler may take to give us a session.
const CONNECT_TIMEOUT_MS: u32 = 5_000;

pub(super) async fn connect(host: &WorkersHost, env: &Env) -> Result<Connection, DatabaseError> {
    let connect = |error: worker::Error| DatabaseError::Connect(error.to_string());
    let hyperdrive = env.hyperdrive("DB").map_err(connect)?;
    let mut config = Config::new();
    config
        .user(hyperdrive.user())
        .password(hyperdrive.password())
        .dbname(hyperdrive.database())
        .application_name("persona");
    // Hyperdrive has already encrypted its way to the database; the socket to it never leaves the machine.
    config.ssl_mode(tokio_postgres::config::SslMode::Disable);
    let socket = hyperdrive.connect().map_err(connect)?;
    let session = Box::pin(config.connect_raw(socket, PassthroughTls));
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
