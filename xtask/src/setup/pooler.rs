//! PgBouncer, which replaces Hyperdrive in development and tests.

use std::path::PathBuf;

use anyhow::Result;

use super::apt;
use crate::paths::Paths;
use crate::ui;

/// Finds or installs PgBouncer. If it cannot be installed, fails only if it is `required`.
pub fn find_or_install(paths: &Paths, required: bool) -> Result<Option<PathBuf>> {
    if let Some(found) = paths.find_program("pgbouncer") {
        return Ok(Some(found));
    }
    match apt::install(paths, "PgBouncer", &["pgbouncer"]) {
        Ok(()) => Ok(paths.find_program("pgbouncer")),
        Err(error) if required => Err(error.context("The tests need PgBouncer")),
        Err(_) => {
            ui::note("PgBouncer is not installed: the functions connect to Postgres directly.");
            Ok(None)
        }
    }
}
