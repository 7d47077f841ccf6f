//! Programs of this workspace that run on this machine.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths::Paths;
use crate::run::{self, Cmd};
use crate::setup;

/// Programs of this workspace that the other commands start.
#[derive(Debug)]
pub struct HostTools {
    pub clerk_emulator: PathBuf,
    pub migrate: PathBuf,
}

/// Builds them for this machine.
pub fn host_tools(paths: &Paths) -> Result<HostTools> {
    let command = Cmd::new(setup::cargo(), &paths.root)
        .args([
            "build",
            "--package",
            "clerk-emulator",
            "--package",
            "persona-migrate",
        ])
        .env("CARGO_TERM_COLOR", "never");
    run::step(
        "clerk-emulator and migrations",
        "Mend what the compiler says and start again.",
        &command,
    )?;
    let program = |name: &str| paths.target().join("debug").join(name);
    Ok(HostTools {
        clerk_emulator: program("clerk-emulator"),
        migrate: program("persona-migrate"),
    })
}

/// Builds the program that applies migrations.
pub fn migrate_tool(paths: &Paths) -> Result<PathBuf> {
    let command = Cmd::new(setup::cargo(), &paths.root).args(["build", "--package", "persona-migrate"]);
    run::step("persona-migrate", "Mend what the compiler says.", &command)?;
    Ok(paths.target().join("debug/persona-migrate"))
}
