//! `clerk-emulator --port N --state DIR --npm-root node_modules`: see README.md.

#![allow(
    clippy::disallowed_methods,
    reason = "a native tool may read the system clock"
)]

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clerk_emulator::app::App;
use clerk_emulator::config::{BadKey, Config, PUBLISHABLE_KEY, SECRET_KEY};
use clerk_emulator::keys::{KeyError, KeyRing};
use clerk_emulator::seed::{SeedError, seed};
use clerk_emulator::state::{Store, StoreError};
use lexopt::prelude::*;

const USAGE: &str = "clerk-emulator --port N --state DIR [--npm-root node_modules] [--seed FILE]
               [--publishable-key pk_…] [--secret-key sk_…] [--application-name NAME] [--multi-session]";

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}\n{USAGE}")]
    Arguments(#[from] lexopt::Error),
    #[error(transparent)]
    Key(#[from] BadKey),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error("port {0}: {1}")]
    Listen(u16, std::io::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

struct Arguments {
    port: u16,
    state: PathBuf,
    seed: Option<PathBuf>,
    config: Config,
}

fn main() -> ExitCode {
    let outcome = arguments().and_then(|arguments| match arguments {
        Some(arguments) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(2)
            .build()?
            .block_on(run(arguments)),
        None => {
            println!("{USAGE}");
            Ok(())
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clerk-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `None` for `--help`.
fn arguments() -> Result<Option<Arguments>, Error> {
    let (mut port, mut state, mut seed, mut npm_root) = (None, None, None, None);
    let (mut publishable, mut secret) = (PUBLISHABLE_KEY.to_owned(), SECRET_KEY.to_owned());
    let (mut name, mut multi_session) = (None, false);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => port = Some(parser.value()?.parse()?),
            Long("state") => state = Some(PathBuf::from(parser.value()?)),
            Long("seed") => seed = Some(PathBuf::from(parser.value()?)),
            Long("npm-root") => npm_root = Some(PathBuf::from(parser.value()?)),
            Long("publishable-key") => publishable = parser.value()?.string()?,
            Long("secret-key") => secret = parser.value()?.string()?,
            Long("application-name") => name = Some(parser.value()?.string()?),
            Long("multi-session") => multi_session = true,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut config = Config::new(&publishable, &secret)?;
    config.npm_root = npm_root;
    config.multi_session = multi_session;
    if let Some(name) = name {
        config.application_name = name;
    }
    let port = port.ok_or_else(|| lexopt::Error::from("--port is missing"))?;
    let state = state.ok_or_else(|| lexopt::Error::from("--state is missing"))?;
    Ok(Some(Arguments {
        port,
        state,
        seed,
        config,
    }))
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let Arguments {
        port,
        state,
        seed: seed_file,
        config,
    } = arguments;
    let store = Store::open(&state)?;
    let keys = KeyRing::open(&state)?;
    write_public_key(&state, &keys)?;
    let issuer = config.issuer.clone();
    let app = App::start(config, store, keys, state);
    if let Some(file) = seed_file {
        seed(&app, &file)?;
    }
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| Error::Listen(port, error))?;
    println!("clerk-emulator: listening on http://127.0.0.1:{port} as {issuer}");
    axum::serve(listener, clerk_emulator::router(app.clone()))
        .with_graceful_shutdown(shutdown_signal())
        .await?;
    Ok(app.store.save()?)
}

/// Writes the public key to the state folder, for `CLERK_JWT_KEY`.
fn write_public_key(state: &Path, keys: &KeyRing) -> Result<(), Error> {
    Ok(clerk_emulator::state::replace(
        &state.join("jwt_key.pem"),
        keys.public_pem()?.as_bytes(),
    )?)
}

/// Completes on Ctrl-C or SIGTERM.
async fn shutdown_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
