//! `clerk-emulator --port N --state DIR --npm-root node_modules`: see README.md.

#![allow(
    clippy::disallowed_methods,
    reason = "a native tool may read the system clock"
)]

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use clerk_emulator::app::App;
use clerk_emulator::config::{BadKey, Config, PUBLISHABLE_KEY, SECRET_KEY};
use clerk_emulator::keys::{KeyError, KeyRing};
use clerk_emulator::seed::{SeedError, seed};
use clerk_emulator::state::{Store, StoreError};
#[derive(Debug, thiserror::Error)]
enum Error {
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

/// Emulates Clerk's Frontend API and a part of its Backend API on 127.0.0.1. See README.md.
#[derive(Debug, Parser)]
#[command(name = "clerk-emulator")]
struct Arguments {
    #[arg(long)]
    port: u16,
    /// The folder for users, keys and pictures; created if missing
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// A node_modules with @clerk/clerk-js and @clerk/ui
    #[arg(long, value_name = "DIR")]
    npm_root: Option<PathBuf>,
    /// Initial users, as JSON
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    #[arg(long, default_value = PUBLISHABLE_KEY)]
    publishable_key: String,
    #[arg(long, default_value = SECRET_KEY)]
    secret_key: String,
    #[arg(long, value_name = "NAME")]
    application_name: Option<String>,
    /// Allows several accounts in one browser
    #[arg(long)]
    multi_session: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build();
    let outcome = runtime
        .map_err(Error::Io)
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clerk-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let Arguments { port, state, .. } = arguments;
    let mut config = Config::new(&arguments.publishable_key, &arguments.secret_key)?;
    config.npm_root = arguments.npm_root;
    config.multi_session = arguments.multi_session;
    if let Some(name) = arguments.application_name {
        config.application_name = name;
    }
    let store = Store::open(&state)?;
    let keys = KeyRing::open(&state)?;
    write_public_key(&state, &keys)?;
    let issuer = config.issuer.clone();
    let app = App::start(config, store, keys, state);
    if let Some(file) = arguments.seed {
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
