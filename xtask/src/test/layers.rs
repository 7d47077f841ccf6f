//! How each layer's tests are called.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Run;
use super::count::{self, Counts};
use super::product::Product;
use crate::builds;
use crate::setup;
use crate::ui;

/// Packages of tests that are no unit tests.
const NOT_UNIT: [&str; 2] = ["contract", "database-tests"];
/// npm workspaces with tests of their own, run by Vitest.
const WORKSPACES: [&str; 1] = ["static"];

/// Everything that runs natively: the Rust crates except the functions, and the front end's modules.
pub fn unit(run: &Run<'_>) -> Result<Counts> {
    let functions = builds::function_names(run.paths)?;
    let excluded = functions
        .iter()
        .map(String::as_str)
        .chain(NOT_UNIT)
        .flat_map(|name| ["--exclude", name]);
    let rust = cargo_tests(
        run,
        "unit tests",
        |command| command.arg("--workspace").args(excluded),
        &[],
    )?;
    WORKSPACES
        .iter()
        .map(|workspace| npm_tests(run, workspace))
        .try_fold(rust, |sum, counts| Ok(sum + counts?))
}

fn npm_tests(run: &Run<'_>, workspace: &str) -> Result<Counts> {
    let mut command = run.paths.command("npm");
    command
        .args(["run", "test", "--workspace", workspace])
        .env("NO_COLOR", "1");
    if let Some(filter) = run.filter {
        command.args(["--", "--passWithNoTests", "--testNamePattern", filter]);
    }
    run.tests(&format!("{workspace} tests"), &mut command, count::VITEST)
}

/// The case files: the repository's own, and those of a `shared` folder beside it.
pub fn conformance(run: &Run<'_>) -> Result<Counts> {
    let own = run.paths.root.join("tests/conformance/cases");
    let beside = run.paths.root.join("../shared/conformance");
    let folders = [("conformance", own), ("conformance, shared", beside)];
    let counts = folders
        .iter()
        .filter(|(_, folder)| folder.is_dir())
        .map(|(title, folder)| cases(run, title, folder));
    counts
        .reduce(|sum, counts| Ok(sum? + counts?))
        .unwrap_or_else(|| {
            ui::note("There are no case files here (tests/conformance/cases, ../shared/conformance).");
            Ok(Counts::default())
        })
}

fn cases(run: &Run<'_>, title: &str, folder: &Path) -> Result<Counts> {
    let mut command = run.paths.command(setup::cargo());
    command.args(["run", "--quiet", "--package", "conformance", "--"]);
    run.tests(title, command.arg(folder), count::NUMBER)
}

/// Over HTTP against the built functions.
pub fn contract(run: &Run<'_>, product: &Product<'_>) -> Result<Counts> {
    let environment = product.environment();
    let package = |title, name| {
        cargo_tests(
            run,
            title,
            |command| command.args(["--package", name]),
            &environment,
        )
    };
    // Second: it looks at what the recorder has seen of the first.
    Ok(package("contract tests", "contract")? + package("database tests", "database-tests")?)
}

/// A Rust test run, by cargo-nextest if it is there.
fn cargo_tests(
    run: &Run<'_>,
    title: &str,
    packages: impl FnOnce(&mut Command) -> &mut Command,
    environment: &[(&'static str, String)],
) -> Result<Counts> {
    let mut command = run.paths.command(setup::cargo());
    command.env("CARGO_TERM_COLOR", "never");
    command.envs(environment.iter().map(|(name, value)| (*name, value)));
    if run.paths.find_program("cargo-nextest").is_some() {
        let options = ["--no-fail-fast", "--no-tests=pass", "--failure-output=final"];
        packages(command.args(["nextest", "run"]))
            .args(options)
            .args(run.filter);
        run.tests(title, &mut command, count::NEXTEST)
    } else {
        let options = ["--no-fail-fast", "--lib", "--bins", "--tests"];
        packages(command.arg("test")).args(options).args(run.filter);
        run.tests(title, &mut command, count::CARGO_TEST)
    }
}

/// In Chromium against the built functions.
pub fn browser(run: &Run<'_>, product: &Product<'_>) -> Result<Counts> {
    let mut command = run.paths.node_command("@playwright/test/cli.js");
    command.current_dir(run.paths.root.join("tests/browser"));
    command
        .args(["test", "--pass-with-no-tests"])
        .envs(product.environment());
    if let Some(chromium) = &run.tools.browser {
        command.env("CHROMIUM", chromium);
    }
    if let Some(filter) = run.filter {
        command.args(["--grep", filter]);
    }
    run.tests("browser tests", &mut command, count::NUMBER)
}
