//! Applies the numbered SQL files of a folder to a Postgres database, forward only.
//!
//! sqlx takes a lock, runs each file in a transaction (except one that begins with
//! `-- no-transaction`), records it in `_sqlx_migrations`, and rejects a changed file. It needs a
//! direct connection: the lock belongs to the session, which a pooler does not preserve.

mod address;
mod older;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use clap::Parser;
use sqlx::migrate::{Migrate as _, MigrateDatabase as _, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection, Postgres};

/// The table in which sqlx records applied migrations.
const RECORD: &str = "_sqlx_migrations";

/// Applies the numbered SQL files of a folder to a Postgres database.
#[derive(Debug, Parser)]
struct Arguments {
    #[arg(long, default_value = "migrations")]
    dir: PathBuf,
    /// Creates the database if it does not exist
    #[arg(long)]
    create: bool,
    /// A direct address, not that of a pooler
    #[arg(long, env, hide_env_values = true)]
    database_url: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let applied = runtime
        .context("the async runtime cannot be created")
        .and_then(|runtime| runtime.block_on(apply(&arguments)));
    match applied {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {}", shown(&error));
            ExitCode::FAILURE
        }
    }
}

async fn apply(arguments: &Arguments) -> Result<String> {
    let migrator = read(&arguments.dir).await?;
    let address = address::parse(&arguments.database_url)?;
    for note in &address.notes {
        eprintln!("note: {note}");
    }
    let connection = connect(&address.options, arguments.create).await;
    let mut connection = connection.map_err(|error| match address.help {
        Some(help) if is_of_tls(&error) => anyhow!("{error}. {help}"),
        _ => error.into(),
    })?;
    older::adopt(&mut connection, &migrator).await?;
    connection.ensure_migrations_table(RECORD).await?;
    let before = connection.list_applied_migrations(RECORD).await?.len();
    migrator.run(&mut connection).await?;
    let applied = migrator.iter().count().saturating_sub(before);
    let version = migrator.iter().last().map_or(0, |newest| newest.version);
    Ok(format!("{applied} applied; the schema is at version {version}"))
}

async fn connect(options: &PgConnectOptions, create: bool) -> sqlx::Result<PgConnection> {
    if create {
        let url = options.to_url_lossy();
        if !Postgres::database_exists(url.as_str()).await? {
            Postgres::create_database(url.as_str()).await?;
        }
    }
    options.connect().await
}

fn is_of_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        // rustls reports rejected certificates with this kind.
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    }
}

/// An error with its causes, without repetitions.
fn shown(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

async fn read(folder: &Path) -> Result<Migrator> {
    let migrator = Migrator::new(folder).await;
    migrator.with_context(|| format!("the migrations of {} cannot be read", folder.display()))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// Files on main, which must not change.
    const LANDED: [(i64, &str); 5] = [
        (
            1,
            "6d219e62229466cbc8ce4654319c2a392e50789152cf5999df07b26a2aa7a457",
        ),
        (
            2,
            "0b0c33572561bed18c5b2b1dd187529421b44aaaf19687ca1bddbb4391a10ac4",
        ),
        (
            3,
            "93f1958cd83e68ca820f9de408ced9e4cad8bd9bb40c215ec287839a41be2219",
        ),
        (
            4,
            "5dabb29a63e5b840acf48e1ca24bffda0c4d5fc7b4309a94be47505ba827c86b",
        ),
        (
            5,
            "2525916b83b02e40a82e106e3324a9cf9fc9be4193a49bba8951a226c2e6cc55",
        ),
    ];

    #[test]
    fn migrations_are_numbered_without_gaps_and_do_not_change() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let migrator = runtime.block_on(read(&folder)).unwrap();
        let versions: Vec<_> = migrator.iter().map(|one| one.version).collect();
        assert_eq!(
            versions,
            (1..=i64::try_from(versions.len()).unwrap()).collect::<Vec<_>>()
        );
        for (migration, (version, sha256)) in migrator.iter().zip(LANDED) {
            let found = Sha256::digest(migration.sql.as_str().as_bytes());
            assert_eq!(
                (migration.version, format!("{found:x}")),
                (version, sha256.to_owned())
            );
        }
    }
}
