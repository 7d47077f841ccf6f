//! The project's one command: sets up, builds, starts, tests and deploys Persona.
//!
//! Nothing here is part of the product. Every program that xtask starts runs under a
//! [`guard`], so that none outlives it.
#![expect(
    clippy::disallowed_methods,
    reason = "a tool on the developer's machine asks the system for time and settings"
)]

mod bench;
mod builds;
mod cli;
mod deploy;
mod dev;
mod files;
mod fingerprint;
mod guard;
mod guarded;
mod interrupt;
mod part;
mod parts;
mod paths;
mod probe;
mod run;
mod settings;
mod setup;
mod supervisor;
mod test;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    if arguments.peek().is_some_and(|first| first == guard::COMMAND) {
        return guard::main(arguments.skip(1).collect());
    }
    match cli::run() {
        Ok(code) => code,
        Err(error) if interrupt::requested() => {
            ui::note(&format!("Interrupted ({error})."));
            ExitCode::from(130)
        }
        Err(error) => {
            ui::failure(&error);
            ExitCode::FAILURE
        }
    }
}
