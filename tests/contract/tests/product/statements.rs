//! Every SQL statement, prepared against the migrated schema.

use std::fs;
use std::path::Path;

use contract::product;
use postgres::{Client, NoTls};

#[test]
fn postgres_takes_every_statement() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/edge/src/db/sql");
    let mut database = Client::connect(&product().database, NoTls).unwrap();
    let mut refused = Vec::new();
    let mut prepared = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let statement = fs::read_to_string(&path).unwrap();
        match database.prepare(&statement) {
            Ok(_) => prepared += 1,
            Err(error) => refused.push(format!(
                "{name}: {:?}",
                error
                    .as_db_error()
                    .map_or_else(|| error.to_string(), ToString::to_string)
            )),
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(prepared > 0, "there are statements");
}
