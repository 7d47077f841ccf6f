//! tokio-postgres on a socket of the runtime.

use tokio_postgres::Config;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Env, worker_sys::types::Hyperdrive};

use edge::{Connection, DatabaseError};

use crate::{host::WorkersHost, socket::TcpSocket};

pub(super) async fn connect(host: &WorkersHost, env: &Env) -> Result<Connection, DatabaseError> {
    let connect = |error: JsValue| DatabaseError::Connect(format!("{error:?}"));
    let hyperdrive = env
        .hyperdrive("DB")
        .map_err(|error| DatabaseError::Connect(error.to_string()))?;
    // The SDK's type hides the runtime's socket.
    let hyperdrive: Hyperdrive = JsValue::from(hyperdrive).unchecked_into();
    let mut config = Config::new();
    config
        .user(hyperdrive.user())
        .password(hyperdrive.password())
        .dbname(hyperdrive.database())
        .application_name("persona");
    // Hyperdrive encrypts the connection to the database. The socket to Hyperdrive is local.
    config.ssl_mode(tokio_postgres::config::SslMode::Disable);
    let raw = hyperdrive.connect().map_err(connect)?;
    let socket = TcpSocket::new(raw).map_err(connect)?;
    Connection::open(host, &config, socket).await
}
