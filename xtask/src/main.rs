//! `cargo xtask`: sets up, builds, starts, tests and deploys Persona.
//!
//! Not part of the product. No program that xtask starts outlives it: see [`guard`].
#![expect(
    clippy::disallowed_methods,
    reason = "a native tool may read the system clock and the environment"
)]

mod bench;
mod builds;
mod cli;
mod deploy;
mod dev;
mod files;
mod fingerprint;
mod guard;
mod instance;
mod interrupt;
mod paths;
mod probe;
mod process;
mod run;
mod running;
mod settings;
mod setup;
mod supervisor;
mod test;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == guard::COMMAND)
    {
        return guard::main();
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
