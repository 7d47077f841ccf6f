//! Programs of this workspace that run on this machine.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths::Paths;
use crate::run;
use crate::setup;

/// Programs of this workspace that the other commands start.
#[derive(Debug)]
pub struct HostTools {
    pub clerk_emulator: PathBuf,
    pub migrate: PathBuf,
}

/// Builds them for this machine.
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
        "Mend what the compiler says and start again.",
        &mut command,
    )?;
    let program = |name: &str| paths.target().join("debug").join(name);
    Ok(HostTools {
        clerk_emulator: program("clerk-emulator"),
        migrate: program("persona-migrate"),
    })
}

/// Builds the program that applies migrations.
pub fn migrate_tool(paths: &Paths) -> Result<PathBuf> {
    let mut command = paths.command(setup::cargo());
    command.args(["build", "--package", "persona-migrate"]);
    run::step("persona-migrate", "Mend what the compiler says.", &mut command)?;
    Ok(paths.target().join("debug/persona-migrate"))
}
