//! The fuzz targets of shared/clerk, each with a bounded number of inputs, the same in every run.
//!
//! Uses libFuzzer without `cargo fuzz`, which needs the nightly compiler for sanitizers that find nothing in safe Rust.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use fs_err as fs;

use super::Run;
use super::count::Counts;
use crate::run;
use crate::setup;
use crate::ui::{self, Progress};

/// The crate of the targets. Its `.cargo/config.toml` has the compiler's flags.
const FOLDER: &str = "shared/clerk/fuzz";

/// A target, and the number of inputs that take about 15 s.
const TARGETS: [(&str, u32); 4] = [
    ("token", 300_000),
    ("cookies", 150_000),
    ("handshake", 150_000),
    ("webhook", 400_000),
];

const OPTIONS: [&str; 7] = [
    "-seed=1",
    "-print_final_stats=1",
    // A slow machine stops early and reports the number of inputs.
    "-max_total_time=60",
    // In seconds. An input that takes longer is a failure.
    "-timeout=10",
    // In bytes: a long URL and a few tokens.
    "-max_len=4096",
    "-rss_limit_mb=1024",
    "-dict=clerk.dict",
];
/// The time limit of a target that exceeds its own limits.
const WITHIN: Duration = Duration::from_secs(300);

/// Variables that would replace the flags in `.cargo/config.toml`.
const FLAGS: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
];

/// Builds and runs the targets. Skipped without a C++ compiler, which libFuzzer needs.
pub fn run(run: &Run<'_>) -> Result<Counts> {
    let mut chosen = TARGETS.to_vec();
    chosen.retain(|(name, _)| run.filter.is_none_or(|filter| title(name).contains(filter)));
    if chosen.is_empty() {
        return Ok(Counts::default());
    }
    if std::env::var_os("CXX").is_none() && run.paths.find_program("c++").is_none() {
        ui::note("Fuzzing is skipped: libFuzzer needs a C++ compiler (apt-get install g++)");
        return Ok(Counts::default());
    }
    let target = run.paths.target().join("fuzz");
    let mut build = cargo(run, &target, "build");
    run::step("fuzz targets", "Fix the compiler errors.", build.arg("--bins"))?;
    chosen
        .into_iter()
        .try_fold(Counts::default(), |sum, (name, inputs)| {
            Ok(sum + Counts::one(passes(run, &target, name, inputs)?))
        })
}

fn title(name: &str) -> String {
    format!("fuzz {name}")
}

fn cargo(run: &Run<'_>, target: &Path, verb: &str) -> Command {
    let mut command = run.paths.command(setup::cargo());
    command.current_dir(run.paths.root.join(FOLDER));
    command
        .args([verb, "--release", "--locked", "--target-dir"])
        .arg(target);
    command.env("CARGO_TERM_COLOR", "never");
    for name in FLAGS {
        command.env_remove(name);
    }
    command
}

/// Runs a target.
fn passes(run: &Run<'_>, target: &Path, name: &str, inputs: u32) -> Result<bool> {
    let (found, artifacts) = (target.join("corpus").join(name), target.join("artifacts"));
    // Inputs found by earlier runs would make runs differ.
    let _ = fs::remove_dir_all(&found);
    setup::create(&found)?;
    setup::create(&artifacts)?;
    let mut command = cargo(run, target, "run");
    command.args(["--quiet", "--bin", name, "--"]).args(OPTIONS);
    command.arg(format!("-runs={inputs}"));
    command.arg(format!("-artifact_prefix={}/{name}-", artifacts.display()));
    command.arg(&found).arg(format!("seeds/{name}"));
    let mut progress = Progress::start(&title(name));
    let finished = run::finish(&mut command, &mut progress, Some(WITHIN))?;
    let log = run.logs.join(format!("fuzz-{name}.log"));
    let _ = fs::write(&log, &finished.output);
    if let (true, Some(tried)) = (finished.succeeded, inputs_tried(&finished.output)) {
        progress.done(&format!("{tried} inputs"));
        return Ok(true);
    }
    progress.failed();
    super::show_failures(&run::tail(&finished.output));
    ui::say(&format!(
        "    Its output: {}. To repeat it, in {FOLDER}: cargo run --release --bin {name} -- ARTIFACT",
        log.display()
    ));
    Ok(false)
}

/// The number of tried inputs. `None` without coverage instrumentation, which the run needs.
fn inputs_tried(output: &str) -> Option<u64> {
    let tried = output.lines().find_map(|line| {
        line.strip_prefix("stat::number_of_executed_units:")?
            .trim()
            .parse()
            .ok()
    });
    tried.filter(|_| output.contains("inline 8-bit counters)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_coverage_or_without_inputs_does_not_count() {
        let start = "INFO: Loaded 1 modules   (8034 inline 8-bit counters): 8034 [0x1, 0x2),\n#9\tINITED\n";
        let end = "stat::number_of_executed_units: 300000\n";
        assert_eq!(inputs_tried(&format!("{start}{end}")), Some(300_000));
        assert_eq!(inputs_tried(end), None);
        assert_eq!(inputs_tried(start), None);
    }
}
