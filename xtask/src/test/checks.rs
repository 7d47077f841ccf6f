//! What the sources must pass before any test: formatting, lints, types.

use anyhow::Result;

use super::Run;
use super::count::Counts;
use crate::builds;
use crate::paths::find_program;
use crate::run::{self, Cmd};
use crate::setup::{self, TARGET};
use crate::ui::{self, Progress};

/// Runs every check, also after one that failed. A tool that is not installed is said and left out.
pub fn run(run: &Run<'_>) -> Result<Counts> {
    let mut counts = Counts::default();
    for (title, command) in commands(run)? {
        let mut progress = Progress::start(title);
        let finished = run::finish(&command, &mut progress, None)?;
        if finished.succeeded {
            progress.done("");
            counts.passed = counts.passed.saturating_add(1);
        } else {
            progress.failed();
            super::show_failures(&finished.output);
            counts.failed = counts.failed.saturating_add(1);
        }
    }
    Ok(counts)
}

fn commands(run: &Run<'_>) -> Result<Vec<(&'static str, Cmd)>> {
    let paths = run.paths;
    let search = paths.search_path();
    let functions = builds::function_names(paths)?;
    let cargo = || Cmd::new(setup::cargo(), &paths.root).env("PATH", &search);
    let mut commands = Vec::new();

    if has(run, "cargo-fmt") {
        commands.push(("cargo fmt", cargo().args(["fmt", "--all", "--", "--check", "-l"])));
    }
    if has(run, "cargo-clippy") {
        let excluded = functions.iter().flat_map(|name| ["--exclude", name]);
        let clippy = cargo()
            .args(["clippy", "--workspace", "--all-targets"])
            .args(excluded)
            .args(["--", "-D", "warnings"]);
        commands.push(("clippy", clippy));
    }
    let toolchain = &run.tools.toolchain;
    let (title, verb) = if toolchain.has_clippy(paths) {
        ("clippy, functions", "clippy")
    } else {
        ("cargo check, functions", "check")
    };
    let wasm = Cmd::new(toolchain.cargo(), &paths.root).args([verb, "--target", TARGET, "--lib"]);
    let wasm = wasm.args(functions.iter().flat_map(|name| ["--package", name]));
    let wasm = if verb == "clippy" {
        wasm.args(["--", "-D", "warnings"])
    } else {
        wasm
    };
    commands.push((title, toolchain.apply(paths, wasm)));

    let types = Cmd::new("npm", &paths.root)
        .args(["run", "typecheck", "--workspace", "static"])
        .env("PATH", &search);
    commands.push(("tsc", types));
    if find_program(&search, "cargo-deny").is_some() {
        commands.push((
            "cargo deny",
            cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]),
        ));
    }
    Ok(commands)
}

fn has(run: &Run<'_>, program: &str) -> bool {
    let found = find_program(&run.paths.search_path(), program).is_some();
    if !found {
        ui::note(&format!(
            "{program} is not installed (rustup component add rustfmt clippy): left out"
        ));
    }
    found
}
