//! Checks of the sources: formatting, lints, types.

use std::process::Command;

use anyhow::Result;

use super::Run;
use super::count::Counts;
use crate::builds;
use crate::run;
use crate::setup::{self, TARGET};
use crate::ui::Progress;

/// Runs every check, also after a failure. A check fails if its tool is not installed.
pub fn run(run: &Run<'_>) -> Result<Counts> {
    let mut counts = Counts::default();
    for (title, mut command) in commands(run)? {
        let mut progress = Progress::start(title);
        let finished = run::finish(&mut command, &mut progress, None)?;
        counts = counts + Counts::one(finished.succeeded);
        if finished.succeeded {
            progress.done("");
        } else {
            progress.failed();
            super::show_failures(&finished.output);
        }
    }
    Ok(counts)
}

fn commands(run: &Run<'_>) -> Result<Vec<(&'static str, Command)>> {
    let paths = run.paths;
    let functions = builds::function_names(paths)?;
    let cargo = |words: &[&str]| {
        let mut command = paths.command(setup::cargo());
        command.args(words);
        command
    };
    // The functions' entry points exist for WASM only.
    let mut clippy = cargo(&["clippy", "--workspace", "--all-targets"]);
    let mut clippy_wasm = cargo(&["clippy", "--target", TARGET, "--lib"]);
    for name in &functions {
        clippy.args(["--exclude", name]);
        clippy_wasm.args(["--package", name]);
    }
    for command in [&mut clippy, &mut clippy_wasm] {
        command.args(["--", "-D", "warnings"]);
    }
    let mut types = paths.command("npm");
    types.args(["run", "typecheck", "--workspace", "static"]);
    let mut commands = vec![
        ("cargo fmt", cargo(&["fmt", "--all", "--", "--check", "-l"])),
        ("clippy", clippy),
        ("clippy, functions", clippy_wasm),
        ("tsc", types),
    ];
    // Optional: it is not part of the toolchain.
    if paths.find_program("cargo-deny").is_some() {
        let words = ["deny", "--offline", "check", "bans", "licenses", "sources"];
        commands.push(("cargo deny", cargo(&words)));
    }
    Ok(commands)
}
