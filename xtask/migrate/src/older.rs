//! Databases whose migrations were recorded in `schema_migrations`, before sqlx applied them.

use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use sqlx::migrate::Migrator;

/// Records in sqlx's table what the older table says, and drops the older table.
///
/// # Errors
/// A recorded file is missing here or has changed since.
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
                "the database has migration {name}, and this checkout does not: it is older than the database"
            );
        };
        if format!("{:x}", Sha256::digest(migration.sql.as_str().as_bytes())) != *sha256 {
            bail!(
                "{name} has changed since it was applied: put it back as it was, and write what is new as another migration"
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
