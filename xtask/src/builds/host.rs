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

/// Builds the native programs.
pub fn host_tools(paths: &Paths) -> Result<HostTools> {
    let mut command = paths.command(setup::cargo());
    command.args([
        "build",
        "--package",
        "clerk-emulator",
        "--package",
        "persona-migrate",
    ]);
    command.env("CARGO_TERM_COLOR", "never");
    run::step(
        "clerk-emulator and migrations",
        "Fix the errors and start again.",
        &mut command,
    )?;
    let program = |name: &str| paths.target().join("debug").join(name);
    Ok(HostTools {
        clerk_emulator: program("clerk-emulator"),
        migrate: program("persona-migrate"),
    })
}

/// Builds the recorder that tests put between the functions and the pooler.
pub fn recorder(paths: &Paths) -> Result<PathBuf> {
    let mut command = paths.command(setup::cargo());
    command.args(["build", "--package", "pg-recorder"]);
    run::step("pg-recorder", "Fix the errors and start again.", &mut command)?;
    Ok(paths.target().join("debug/pg-recorder"))
}

/// Builds the migration program.
pub fn migrate_tool(paths: &Paths) -> Result<PathBuf> {
    let mut command = paths.command(setup::cargo());
    command.args(["build", "--package", "persona-migrate"]);
    run::step("persona-migrate", "Fix the errors and start again.", &mut command)?;
    Ok(paths.target().join("debug/persona-migrate"))
}
