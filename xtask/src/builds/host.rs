//! Builds the native programs of this workspace.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths::Paths;
use crate::run;
use crate::setup;

/// The native programs that other commands start.
#[derive(Debug)]
pub struct HostTools {
    pub clerk_emulator: PathBuf,
    pub migrate: PathBuf,
}

/// Builds the Clerk emulator and the migration program.
pub fn host_tools(paths: &Paths) -> Result<HostTools> {
    let folder = build(paths, &["clerk-emulator", "persona-migrate"])?;
    Ok(HostTools {
        clerk_emulator: folder.join("clerk-emulator"),
        migrate: folder.join("persona-migrate"),
    })
}

/// Builds the recorder that tests put between the functions and the pooler.
pub fn recorder(paths: &Paths) -> Result<PathBuf> {
    Ok(build(paths, &["pg-recorder"])?.join("pg-recorder"))
}

/// Builds the migration program.
pub fn migrate_tool(paths: &Paths) -> Result<PathBuf> {
    Ok(build(paths, &["persona-migrate"])?.join("persona-migrate"))
}

/// Builds native programs and returns their folder.
fn build(paths: &Paths, packages: &[&str]) -> Result<PathBuf> {
    let mut command = paths.command(setup::cargo());
    command.arg("build").env("CARGO_TERM_COLOR", "never");
    for package in packages {
        command.args(["--package", package]);
    }
    let title = packages.join(" and ");
    run::step(&title, "Fix the errors and start again.", &mut command)?;
    Ok(paths.target().join("debug"))
}
