//! One connection, with TLS where the address asks for it.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connects. `create` makes the database first if the server does not have it.
///
/// # Errors
/// The address is none, the server cannot be reached or refuses, or its certificate is not signed
/// by a public authority.
pub fn open(url: &str, create: bool) -> Result<Client> {
    let config: Config = url.parse().context("DATABASE_URL is no Postgres address")?;
    match connect(&config) {
        Err(error) if create && error.code() == Some(&SqlState::UNDEFINED_DATABASE) => {
            make_database(&config)?;
            connect(&config).context("the new database cannot be reached")
        }
        other => other.context("the database cannot be reached"),
    }
}

fn connect(config: &Config) -> Result<Client, postgres::Error> {
    if config.get_ssl_mode() == SslMode::Disable {
        return config.connect(NoTls);
    }
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
    match tls {
        Ok(tls) => config.connect(MakeRustlsConnect::new(tls)),
        // Cannot happen with ring's provider; a server that insists on TLS then says so.
        Err(_) => config.connect(NoTls),
    }
}

fn make_database(config: &Config) -> Result<()> {
    let name = config.get_dbname().context("DATABASE_URL names no database")?;
    let mut first = config.clone();
    first.dbname("postgres");
    let mut client = connect(&first).context("the server cannot be reached")?;
    let quoted = name.replace('"', "\"\"");
    client
        .batch_execute(&format!("create database \"{quoted}\""))
        .with_context(|| format!("database {name} cannot be made"))
}
