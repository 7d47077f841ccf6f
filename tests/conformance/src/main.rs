//! `conformance DIR`: runs every case file below DIR that it knows against our crates.
//!
//! Prints one line for each case that fails and closes with `N passed, M failed`. A file that is
//! not there is skipped, a file that nobody knows is a failure, and cases of a kind that is not
//! implemented are named as skipped. Never decides what is right: the files say.

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
