//! `cargo xtask test`: sets up, builds and runs all tests, also from a clean clone.

mod checks;
mod count;
mod fuzz;
mod layers;
mod product;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::ValueEnum;
use fs_err as fs;

use crate::builds::{self, Profile};
use crate::interrupt;
use crate::paths::Paths;
use crate::run;
use crate::setup::{self, Needs, Tools};
use crate::ui::{self, Progress};

use count::Counts;

/// The layers of tests, in the order they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layer {
    Checks,
    Unit,
    Conformance,
    Contract,
    Browser,
}

impl Layer {
    const fn name(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Unit => "unit",
            Self::Conformance => "conformance",
            Self::Contract => "contract",
            Self::Browser => "browser",
        }
    }

    const fn needs_product(self) -> bool {
        matches!(self, Self::Contract | Self::Browser)
    }
}

/// The context of a test run.
struct Run<'a> {
    paths: &'a Paths,
    tools: Tools,
    filter: Option<&'a str>,
    logs: PathBuf,
}

/// The result of a layer. Without counts it did not finish.
struct Outcome {
    layer: Layer,
    counts: Option<Counts>,
}

/// Runs one layer or all. Succeeds only if all layers finished and passed.
pub fn run(only: Option<Layer>, filter: Option<&str>) -> Result<ExitCode> {
    let paths = Paths::find()?;
    let chosen: Vec<_> = Layer::value_variants()
        .iter()
        .copied()
        .filter(|layer| only.is_none_or(|only| only == *layer))
        .collect();
    let product = chosen.iter().any(|layer| layer.needs_product());

    ui::heading("Setting up");
    let needs = Needs {
        postgres: product,
        pooler: product.then_some(true),
        model: false,
        browser: chosen.contains(&Layer::Browser),
        schemathesis: chosen.contains(&Layer::Contract),
    };
    let tools = setup::prepare(&paths, needs)?;
    let logs = paths.stamps().join("test-logs");
    setup::create(&logs)?;
    let run = Run {
        paths: &paths,
        tools,
        filter,
        logs,
    };

    let mut outcomes = Vec::new();
    for layer in chosen.iter().copied().filter(|layer| !layer.needs_product()) {
        ui::heading(&format!("Testing: {}", layer.name()));
        let counts = match layer {
            Layer::Checks => checks::run(&run),
            Layer::Unit => layers::unit(&run).and_then(|counts| Ok(counts + fuzz::run(&run)?)),
            _ => layers::conformance(&run),
        };
        outcomes.push(outcome(layer, counts)?);
    }
    if product {
        outcomes.extend(on_product(&run, &chosen)?);
    }
    Ok(close(&outcomes))
}

/// The layers that need the built product.
fn on_product(run: &Run<'_>, chosen: &[Layer]) -> Result<Vec<Outcome>> {
    let layers: Vec<_> = chosen
        .iter()
        .copied()
        .filter(|layer| layer.needs_product())
        .collect();
    ui::heading("Building");
    let started = build(run).and_then(|()| product::Product::start(run));
    let product = match started {
        Ok(product) => product,
        Err(error) => {
            interrupt::check()?;
            ui::failure(&error);
            return Ok(layers
                .into_iter()
                .map(|layer| Outcome { layer, counts: None })
                .collect());
        }
    };
    let mut outcomes = Vec::new();
    for layer in layers {
        ui::heading(&format!("Testing: {}", layer.name()));
        let counts = if layer == Layer::Contract {
            layers::contract(run, &product)
        } else {
            layers::browser(run, &product)
        };
        outcomes.push(outcome(layer, counts)?);
        product.tend();
    }
    let passed = outcomes
        .iter()
        .all(|outcome| outcome.counts.is_some_and(|counts| counts.failed == 0));
    product.end(passed);
    Ok(outcomes)
}

fn build(run: &Run<'_>) -> Result<()> {
    builds::front_end(run.paths)?;
    let names = builds::function_names(run.paths)?;
    for name in &names {
        builds::function(run.paths, name, Profile::Release)?;
    }
    builds::report_sizes(run.paths, &names)
}

/// A layer that failed to run is reported at the end. Only an interruption ends the whole run.
fn outcome(layer: Layer, counts: Result<Counts>) -> Result<Outcome> {
    interrupt::check()?;
    let counts = counts.map_err(|error| ui::failure(&error)).ok();
    Ok(Outcome { layer, counts })
}

fn close(outcomes: &[Outcome]) -> ExitCode {
    println!();
    let mut all = Counts::default();
    for outcome in outcomes {
        match outcome.counts {
            Some(counts) => println!("{}: {counts}", outcome.layer.name()),
            None => println!("{}: did not finish", outcome.layer.name()),
        }
        // A layer that did not finish counts as one failure.
        all = all + outcome.counts.unwrap_or(Counts { passed: 0, failed: 1 });
    }
    println!("\n{all}");
    if all.passed == 0 && all.failed == 0 {
        println!("No test matches the filter.");
    }
    if all.failed == 0 && all.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

impl Run<'_> {
    /// Runs a test runner. Shows its output only if it failed.
    fn tests(&self, title: &str, command: &mut Command, closing: &str) -> Result<Counts> {
        let mut progress = Progress::start(title);
        let finished = run::finish(command, &mut progress, None)?;
        let log = self
            .logs
            .join(format!("{}.log", title.replace([' ', '/', ':'], "-")));
        let _ = fs::write(&log, &finished.output);
        let counts = count::read(&finished.output, closing);
        match counts {
            Some(counts) if finished.succeeded && counts.failed == 0 => {
                progress.done(&counts.to_string());
                Ok(counts)
            }
            Some(counts) if !finished.succeeded && counts.failed > 0 => {
                progress.failed();
                show_failures(&finished.output);
                Ok(counts)
            }
            _ => {
                progress.failed();
                show_failures(&finished.output);
                anyhow::bail!(
                    "{title} did not finish (`{}`; its output: {})",
                    run::shown(command),
                    log.display()
                )
            }
        }
    }
}

/// Shows the output of a runner without the lines of passed tests.
fn show_failures(output: &str) {
    let passed = [
        "PASS ",
        "Compiling ",
        "Downloaded ",
        "Downloading ",
        "Checking ",
        "✓ ",
        "✔ ",
    ];
    for line in output.lines() {
        let plain = ui::plain(line);
        if !passed.iter().any(|word| plain.trim_start().starts_with(word)) {
            ui::say(&format!("    {plain}"));
        }
    }
}
