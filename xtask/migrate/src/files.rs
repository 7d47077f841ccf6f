//! The numbered files: `0001_what_it_does.sql`, without gaps, and what may not happen to them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

/// One file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// From 1, without gaps.
    pub version: i32,
    /// The file's name.
    pub name: String,
    /// Lower-case hexadecimal, of the whole file.
    pub sha256: String,
    /// The statements.
    pub sql: String,
}

/// Reads the folder's migrations in order.
pub fn read(folder: &Path) -> Result<Vec<Migration>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "sql") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push((
                name,
                fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?,
            ));
        }
    }
    number(files)
}

fn number(mut files: Vec<(String, String)>) -> Result<Vec<Migration>> {
    files.sort();
    let mut migrations = Vec::with_capacity(files.len());
    for ((name, sql), expected) in files.into_iter().zip(1_i32..) {
        let version = name
            .split_once('_')
            .filter(|(digits, _)| digits.len() == 4)
            .and_then(|(digits, _)| digits.parse().ok());
        if version != Some(expected) {
            bail!("{name} should begin with {expected:04}_: migrations are numbered from 0001 without gaps");
        }
        let sha256 = Sha256::digest(&sql)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        migrations.push(Migration {
            version: expected,
            name,
            sha256,
            sql,
        });
    }
    Ok(migrations)
}

/// Fails if what the database has seen is not what the files say.
pub fn check_landed(migrations: &[Migration], landed: &[(i32, String, String)]) -> Result<()> {
    for (version, name, sha256) in landed {
        match migrations.iter().find(|migration| migration.version == *version) {
            None => bail!(
                "the database has migration {name}, which this checkout does not: it is older than the database"
            ),
            Some(migration) if migration.sha256 != *sha256 => bail!(
                "{name} was changed after it had been applied: put it back as it was, and write what is new as another migration"
            ),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<(String, String)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), format!("-- {name}")))
            .collect()
    }

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let ordered = number(files(&["0002_b.sql", "0001_a.sql"])).unwrap();
        assert_eq!(
            ordered
                .iter()
                .map(|migration| migration.version)
                .collect::<Vec<_>>(),
            [1, 2]
        );
        for wrong in [
            &["0001_a.sql", "0003_c.sql"][..],
            &["0001_a.sql", "0001_b.sql"],
            &["1_a.sql"],
            &["a.sql"],
        ] {
            assert!(number(files(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_landed_migration_may_not_change_or_go() {
        let migrations = number(files(&["0001_a.sql"])).unwrap();
        let first = migrations.first().unwrap();
        let row = |version, hash: &str| [(version, "0001_a.sql".to_owned(), hash.to_owned())];
        assert!(check_landed(&migrations, &row(1, &first.sha256)).is_ok());
        assert!(check_landed(&migrations, &row(1, "another")).is_err());
        assert!(check_landed(&migrations, &row(2, &first.sha256)).is_err());
    }
}
