//! Runs the tests of each layer.

use std::path::Path;

use anyhow::Result;

use super::Run;
use super::count::{self, Counts};
use super::product::Product;
use crate::setup;
use crate::ui;

/// Test packages without unit tests.
const NOT_UNIT: [&str; 2] = ["contract", "database-tests"];
/// npm workspaces with Vitest tests.
const WORKSPACES: [&str; 1] = ["static"];

/// Native tests of all Rust crates, and the front end's unit tests.
pub fn unit(run: &Run<'_>) -> Result<Counts> {
    let excluded = NOT_UNIT.into_iter().flat_map(|name| ["--exclude", name]);
    let targets: Vec<_> = ["--workspace", "--lib", "--bins", "--tests"]
        .into_iter()
        .chain(excluded)
        .collect();
    let tests = RustTests {
        targets: &targets,
        names: &run.filter.into_iter().collect::<Vec<_>>(),
        ..RustTests::default()
    };
    let rust = cargo_tests(run, "unit tests", &tests)?;
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

/// The conformance cases of the repository and of a `shared` folder next to it.
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
            ui::note("There are no conformance cases (tests/conformance/cases, ../shared/conformance).");
            Ok(Counts::default())
        })
}

fn cases(run: &Run<'_>, title: &str, folder: &Path) -> Result<Counts> {
    let mut command = run.paths.command(setup::cargo());
    command.args(["run", "--quiet", "--package", "conformance", "--"]);
    run.tests(title, command.arg(folder), count::NUMBER)
}

/// Tests of replies, which run with both kinds of owners.
const OWNER_TESTS: [&str; 4] = ["talking::", "stopping::", "failures::", "lost_clients::"];

/// Tests over HTTP against the built functions: all tests, then those of replies with Postgres as the owner, then those
/// that kill or suspend processes.
pub fn contract(run: &Run<'_>, product: &Product<'_>) -> Result<Counts> {
    let mut environment = product.environment();
    if let Some(program) = &run.tools.schemathesis {
        environment.push(("PERSONA_SCHEMATHESIS", program.display().to_string()));
    }
    let environment = &*environment;
    let filter: Vec<_> = run.filter.into_iter().collect();
    let all_of = |title, name| {
        let tests = RustTests {
            targets: &["--package", name, "--lib", "--bins", "--tests"],
            names: &filter,
            environment,
            ..RustTests::default()
        };
        cargo_tests(run, title, &tests)
    };
    let counts = all_of("contract tests", "contract")?;

    product.restart_functions(&[("REPLY_OWNER", "postgres")])?;
    let talking = RustTests {
        targets: &["--package", "contract", "--test", "product"],
        names: if filter.is_empty() { &OWNER_TESTS } else { &filter },
        environment,
        ..RustTests::default()
    };
    let counts = counts + cargo_tests(run, "contract tests, replies owned by Postgres", &talking)?;
    // After those, because it checks the recorder's report on them.
    let counts = counts + all_of("database tests", "database-tests")?;

    product.restart_functions(&[])?;
    let faults = RustTests {
        targets: &["--package", "contract", "--test", "faults"],
        names: &filter,
        are_ignored: true,
        environment,
    };
    Ok(counts + product.tended(|| cargo_tests(run, "fault tests", &faults))?)
}

/// A selection of Rust tests.
#[derive(Default)]
struct RustTests<'a> {
    /// Cargo's arguments for packages and targets.
    targets: &'a [&'a str],
    /// Filters of test names. All tests without one.
    names: &'a [&'a str],
    /// Runs only ignored tests, one at a time.
    are_ignored: bool,
    environment: &'a [(&'static str, String)],
}

/// Runs Rust tests with cargo-nextest if it is installed, else with `cargo test`.
fn cargo_tests(run: &Run<'_>, title: &str, tests: &RustTests<'_>) -> Result<Counts> {
    let mut command = run.paths.command(setup::cargo());
    command.env("CARGO_TERM_COLOR", "never");
    command.envs(tests.environment.iter().map(|(name, value)| (*name, value)));
    if run.paths.find_program("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
        command.arg("--failure-output=final").args(tests.targets);
        if tests.are_ignored {
            command.args(["--run-ignored", "only", "--test-threads", "1"]);
        }
        run.tests(title, command.args(tests.names), count::NEXTEST)
    } else {
        command.args(["test", "--no-fail-fast"]).args(tests.targets);
        command.arg("--").args(tests.names);
        if tests.are_ignored {
            command.args(["--ignored", "--test-threads=1"]);
        }
        run.tests(title, &mut command, count::CARGO_TEST)
    }
}

/// Tests in Chromium against the built functions.
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
