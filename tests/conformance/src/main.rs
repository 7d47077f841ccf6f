//! `conformance DIR`: runs the case files in DIR against persona-clerk and persona-engine.
//!
//! Prints one line for each failed case and ends with `N passed, M failed`. Missing files are
//! skipped, unknown files are failures, and cases of an unsupported kind are reported as skipped.

mod cards;
mod clerk;
mod deviations;
mod layout;
mod report;

use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(dir), None) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        eprintln!("usage: conformance DIR");
        return ExitCode::from(2);
    };
    if !dir.is_dir() {
        eprintln!("{} is not a directory", dir.display());
        return ExitCode::from(2);
    }
    let deviations = match deviations::Deviations::listed() {
        Ok(deviations) => deviations,
        Err(error) => {
            eprintln!("tests/conformance/deviations.toml: {error}");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::new(deviations);
    run(&dir, &mut report);
    println!("{report}");
    if report.is_success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(dir: &Path, report: &mut Report) {
    layout::check(dir, report);
    clerk::run(dir, report);
    cards::run(dir, report);
    report.skip_file(dir, "uploadthing/vectors.json");
}
