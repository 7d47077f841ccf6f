//! The migrated schema, empty, for one test.

use std::fs;
use std::path::Path;

use contract::product;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, NoTls, Transaction};

/// A direct connection to the product's Postgres.
///
/// # Panics
/// If Postgres refuses it.
#[must_use]
pub fn connect() -> Client {
    Client::connect(&product().database, NoTls).expect("Postgres answers")
}

/// A transaction with the migrated schema and empty tables, invisible to other sessions.
///
/// # Panics
/// If a migration fails.
#[must_use]
pub fn empty(client: &mut Client) -> Transaction<'_> {
    let mut transaction = client.transaction().expect("a transaction");
    transaction
        .batch_execute("create schema empty; set local search_path to empty")
        .expect("a schema");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("there are migrations")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    for file in files {
        let sql = fs::read_to_string(&file).expect("a migration can be read");
        transaction
            .batch_execute(&sql)
            .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
    }
    transaction
}

/// Null of any type.
#[derive(Debug)]
pub struct Null;

impl ToSql for Null {
    fn to_sql(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(IsNull::Yes)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
