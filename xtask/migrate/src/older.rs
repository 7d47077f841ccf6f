//! Conversion of `schema_migrations`, the record of an earlier migration tool.

use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use sqlx::migrate::Migrator;

/// Moves the record to sqlx's table and drops the old table.
///
/// # Errors
/// A recorded file is missing or has changed.
pub async fn adopt(connection: &mut PgConnection, migrator: &Migrator) -> Result<()> {
    let exists = sqlx::query_scalar("select to_regclass('schema_migrations') is not null");
    if !exists.fetch_one(&mut *connection).await? {
        return Ok(());
    }
    let rows: Vec<(i32, String, String)> =
        sqlx::query_as("select version, name, sha256 from schema_migrations order by version")
            .fetch_all(&mut *connection)
            .await?;
    for (version, name, sha256) in &rows {
        let Some(migration) = migrator.iter().find(|one| one.version == i64::from(*version)) else {
            bail!(
                "the database has migration {name}, which is missing in this checkout: it is older than the database"
            );
        };
        if format!("{:x}", Sha256::digest(migration.sql.as_str().as_bytes())) != *sha256 {
            bail!(
                "{name} has changed since it was applied: restore it, and put changes into a new migration"
            );
        }
    }
    if let Some((newest, ..)) = rows.last() {
        migrator.skip(&mut *connection, Some(i64::from(*newest))).await?;
    }
    sqlx::query("drop table schema_migrations")
        .execute(connection)
        .await?;
    Ok(())
}
