//! The fuzz targets of shared/clerk, each with a bounded number of inputs, the same in every run.
//!
//! libFuzzer in an ordinary build: what `cargo fuzz` asks the nightly compiler for is the sanitizers,
//! which have nothing to find in safe Rust.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::Run;
use super::count::Counts;
use crate::run::{self, Finished};
use crate::setup;
use crate::ui::{self, Progress};

/// The crate of the targets. Its `.cargo/config.toml` has the compiler's flags.
const FOLDER: &str = "shared/clerk/fuzz";

/// A target, and how many inputs take a quarter of a minute.
const TARGETS: [(&str, u32); 4] = [
    ("token", 300_000),
    ("cookies", 150_000),
    ("handshake", 150_000),
    ("webhook", 400_000),
];

/// A slow machine stops early and says after how many inputs.
const SECONDS_MAX: u32 = 60;
/// An input that takes longer than this is a failure. Seconds.
const INPUT_SECONDS_MAX: u32 = 10;
/// The longest input in bytes: a long address and a handful of tokens.
const INPUT_BYTES_MAX: u32 = 4096;
const MEGABYTES_MAX: u32 = 1024;
/// A target that does not keep its own limits is ended.
const WITHIN: Duration = Duration::from_secs(300);

/// Variables that would replace the flags in `.cargo/config.toml`.
const FLAGS: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
];

/// Builds the targets and runs each. Without a C++ compiler, which libFuzzer needs, they are left out.
pub fn run(run: &Run<'_>) -> Result<Counts> {
    let chosen: Vec<_> = TARGETS
        .into_iter()
        .filter(|(name, _)| run.filter.is_none_or(|filter| title(name).contains(filter)))
        .collect();
    if chosen.is_empty() {
        return Ok(Counts::default());
    }
    if std::env::var_os("CXX").is_none() && run.paths.find_program("c++").is_none() {
        ui::note(
            "There is no C++ compiler (apt-get install g++), which libFuzzer needs: fuzzing is left out",
        );
        return Ok(Counts::default());
    }
    let fuzzing = Fuzzing {
        run,
        made: run.paths.target().join("fuzz"),
    };
    let mut build = fuzzing.cargo("build");
    run::step(
        "fuzz targets",
        "Mend what the compiler says.",
        build.arg("--bins"),
    )?;
    let mut counts = Counts::default();
    for (name, inputs) in chosen {
        counts = counts + Counts::one(fuzzing.target(name, inputs)?);
    }
    Ok(counts)
}

fn title(name: &str) -> String {
    format!("fuzz {name}")
}

struct Fuzzing<'a> {
    run: &'a Run<'a>,
    /// For everything that is built or found.
    made: PathBuf,
}

impl Fuzzing<'_> {
    fn cargo(&self, verb: &str) -> Command {
        let mut command = self.run.paths.command(setup::cargo());
        command.current_dir(self.run.paths.root.join(FOLDER));
        command
            .args([verb, "--release", "--locked", "--target-dir"])
            .arg(&self.made);
        command.env("CARGO_TERM_COLOR", "never");
        for name in FLAGS {
            command.env_remove(name);
        }
        command
    }

    /// Runs a target; whether it passed.
    fn target(&self, name: &str, inputs: u32) -> Result<bool> {
        let (found, artifacts) = (self.made.join("corpus").join(name), self.made.join("artifacts"));
        // Inputs that earlier runs found would make runs differ.
        let _ = fs::remove_dir_all(&found);
        for folder in [&found, &artifacts] {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
        }
        let mut command = self.cargo("run");
        command
            .args(["--quiet", "--bin", name, "--", "-seed=1", "-print_final_stats=1"])
            .args([
                format!("-runs={inputs}"),
                format!("-max_total_time={SECONDS_MAX}"),
                format!("-timeout={INPUT_SECONDS_MAX}"),
                format!("-max_len={INPUT_BYTES_MAX}"),
                format!("-rss_limit_mb={MEGABYTES_MAX}"),
                format!("-artifact_prefix={}/{name}-", artifacts.display()),
                "-dict=clerk.dict".into(),
            ])
            .arg(&found)
            .arg(format!("seeds/{name}"));
        let mut progress = Progress::start(&title(name));
        let finished = run::finish(&mut command, &mut progress, Some(WITHIN))?;
        let log = self.run.logs.join(format!("fuzz-{name}.log"));
        let _ = fs::write(&log, &finished.output);
        if let (true, Some(tried)) = (finished.succeeded, inputs_tried(&finished)) {
            progress.done(&format!("{tried} inputs"));
            return Ok(true);
        }
        progress.failed();
        for line in complaint(&finished.output).lines() {
            ui::say(&format!("    {}", ui::plain(line)));
        }
        ui::say(&format!(
            "    Its output: {}. To repeat it, in {FOLDER}: cargo run --release --bin {name} -- ARTIFACT",
            log.display()
        ));
        Ok(false)
    }
}

/// How many inputs a run has tried. `None` without coverage: such a run finds nothing.
fn inputs_tried(finished: &Finished) -> Option<u64> {
    let sees = finished.output.contains("inline 8-bit counters)");
    let tried = finished.output.lines().find_map(|line| {
        let tried = line.strip_prefix("stat::number_of_executed_units:")?;
        tried.trim().parse().ok()
    });
    tried.filter(|_| sees)
}

/// The output from the first complaint of the target or of libFuzzer on; else its end.
fn complaint(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let complains = |line: &&str| line.contains("panicked at") || line.contains("ERROR: ");
    match lines.iter().position(complains) {
        Some(first) => run::tail(&lines.split_at(first).1.join("\n")),
        None => run::tail(output),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str =
        "INFO: Loaded 1 modules   (8034 inline 8-bit counters): 8034 [0x1, 0x2),\n#9\tINITED\n";

    fn tried(output: String) -> Option<u64> {
        inputs_tried(&Finished {
            succeeded: true,
            output,
        })
    }

    #[test]
    fn a_run_that_saw_nothing_or_tried_nothing_does_not_count() {
        let end = "stat::number_of_executed_units: 300000\n";
        assert_eq!(tried(format!("{START}{end}")), Some(300_000));
        assert_eq!(tried(end.to_owned()), None);
        assert_eq!(tried(START.to_owned()), None);
    }

    #[test]
    fn a_complaint_begins_where_the_target_panicked_and_names_the_input() {
        let output = format!(
            "{START}\nthread 'main' panicked at fuzz_targets/token.rs:40:5:\nnever signed\n\
             ==7== ERROR: libFuzzer: deadly signal\nTest unit written to /t/token-crash-1\n"
        );
        let shown = complaint(&output);
        assert!(shown.starts_with("thread 'main' panicked"), "{shown}");
        assert!(
            shown.ends_with("Test unit written to /t/token-crash-1"),
            "{shown}"
        );
    }
}
