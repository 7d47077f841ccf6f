//! Applies the numbered SQL files of a folder to a Postgres database: forward only, each in a
//! transaction of its own, each once.
//!
//! A file that has been applied and was changed since is an error, never a second run. It needs a
//! direct connection: the lock that keeps two runs apart lasts a session, which a pooler breaks.
#![expect(
    clippy::disallowed_methods,
    reason = "a command-line program is configured by its environment"
)]

mod connect;
mod files;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use postgres::Client;

use files::Migration;

/// Keeps two runs apart; any number that nobody else uses.
const LOCK: i64 = 7_215_530_117;

const RECORD: &str = "create table if not exists schema_migrations (
    version    integer primary key,
    name       text not null,
    sha256     text not null,
    applied_at timestamptz not null default now()
)";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `persona-migrate [--dir FOLDER] [--create]`, the database in `DATABASE_URL`.
fn run() -> Result<()> {
    let mut folder = PathBuf::from("migrations");
    let mut create = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dir" => folder = arguments.next().context("--dir wants a folder")?.into(),
            "--create" => create = true,
            other => bail!("unknown argument {other:?}; usage: persona-migrate [--dir FOLDER] [--create]"),
        }
    }
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL is not set")?;
    let migrations = files::read(&folder)?;
    let mut client = connect::open(&url, create)?;
    client
        .execute("select pg_advisory_lock($1)", &[&LOCK])
        .context("the migration lock")?;
    client
        .batch_execute(RECORD)
        .context("schema_migrations cannot be made")?;
    let applied = apply_missing(&mut client, &migrations)?;
    let newest = migrations.last().map_or(0, |migration| migration.version);
    println!("{applied} applied, the schema is at version {newest}");
    Ok(())
}

fn apply_missing(client: &mut Client, migrations: &[Migration]) -> Result<usize> {
    let rows = client.query(
        "select version, name, sha256 from schema_migrations order by version",
        &[],
    )?;
    let landed = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
    let landed = landed.collect::<Result<Vec<(i32, String, String)>, postgres::Error>>()?;
    files::check_landed(migrations, &landed)?;
    let mut applied = 0_usize;
    for migration in migrations {
        if landed.iter().any(|(version, ..)| *version == migration.version) {
            continue;
        }
        let mut transaction = client.transaction()?;
        transaction
            .batch_execute(&migration.sql)
            .with_context(|| format!("{} failed; nothing of it was kept", migration.name))?;
        transaction.execute(
            "insert into schema_migrations (version, name, sha256) values ($1, $2, $3)",
            &[&migration.version, &migration.name, &migration.sha256],
        )?;
        transaction
            .commit()
            .with_context(|| format!("{} could not be committed", migration.name))?;
        println!("applied {}", migration.name);
        applied = applied.saturating_add(1);
    }
    Ok(applied)
}
