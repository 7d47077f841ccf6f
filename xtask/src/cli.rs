//! The command line.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::builds::{self, Profile};
use crate::paths::Paths;
use crate::run;
use crate::settings::Ports;
use crate::test::{self, Layer};
use crate::{bench, deploy, dev, instance, interrupt, setup};

/// Sets up, builds, starts, tests and deploys Persona.
///
/// Folders: PERSONA_CACHE (built tools, model weights), PERSONA_STATE (data). See CONTRIBUTING.md.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Installs what is missing, builds and starts everything, until Ctrl-C
    Dev {
        /// The site's port; the other processes use the next five
        #[arg(short, long, default_value = "8787", value_parser = ports)]
        port: Ports,
        /// Deletes this instance's data first
        #[arg(long)]
        reset: bool,
        /// Uses the scripted model of the tests, which needs no weights
        #[arg(long, conflicts_with = "embedded_model")]
        scripted_model: bool,
        /// Uses the embedded model even if Ollama, LM Studio or llama.cpp is running
        #[arg(long)]
        embedded_model: bool,
    },
    /// Runs all tests
    Test {
        /// Runs one kind of tests
        #[arg(long)]
        only: Option<Layer>,
        /// Runs only tests whose name contains this
        filter: Option<String>,
    },
    /// Builds functions and prints their sizes
    Build {
        /// The functions; all by default
        names: Vec<String>,
        /// Builds without optimization
        #[arg(long, env = builds::DEV_VARIABLE)]
        dev: bool,
    },
    /// Compares the functions with equivalent ones in Hono: docs/performance.md
    Bench {
        /// guard, dashboard, create, talk, first, cold, size, memory; all by default
        phases: Vec<String>,
        /// Rounds of each phase
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
    },
    /// Applies the migrations to a database
    Migrate {
        #[arg(long, env, hide_env_values = true)]
        database_url: String,
    },
    /// Runs the conformance cases in a folder
    Conformance { folder: PathBuf },
    /// Generates shared/api/openapi.json and the front end's types
    Types,
    /// Deploys every function to Cloudflare
    Deploy {
        /// Builds and checks without deploying
        #[arg(long)]
        dry_run: bool,
    },
}

pub fn run() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    interrupt::listen()?;
    match arguments.command {
        Verb::Dev {
            port,
            reset,
            scripted_model,
            embedded_model,
        } => dev::run(&dev::Options {
            ports: port,
            reset,
            scripted_model,
            embedded_model,
        }),
        Verb::Test { only, filter } => return test::run(only, filter.as_deref()),
        Verb::Build { names, dev } => build(names, dev),
        Verb::Bench { phases, rounds } => bench::run(&phases, rounds),
        Verb::Migrate { database_url } => migrate(&database_url),
        Verb::Conformance { folder } => conformance(&folder),
        Verb::Types => types(),
        Verb::Deploy { dry_run } => deploy::run(dry_run),
    }
    .map(|()| ExitCode::SUCCESS)
}

fn ports(text: &str) -> Result<Ports> {
    Ports::new(text.parse()?)
}

/// Also called by `wrangler dev`, which selects the development profile through the environment.
fn build(mut names: Vec<String>, dev: bool) -> Result<()> {
    let profile = if dev { Profile::Dev } else { Profile::Release };
    let paths = Paths::find()?;
    setup::for_builds(&paths)?;
    if names.is_empty() {
        names = builds::function_names(&paths)?;
    }
    for name in &names {
        builds::function_in_place(&paths, name, profile)?;
    }
    match profile {
        Profile::Release => builds::report_sizes(&paths, &names),
        // wrangler reads the list of assets only together with a new build of site.
        Profile::Dev if names.iter().any(|name| name == "site") => builds::front_end(&paths),
        Profile::Dev => Ok(()),
    }
}

fn migrate(url: &str) -> Result<()> {
    let paths = Paths::find()?;
    let program = builds::migrate_tool(&paths)?;
    run::attached(&mut instance::migrate(&paths, &program, url))
}

fn conformance(folder: &Path) -> Result<()> {
    let paths = Paths::find()?;
    // The folder is relative to the current directory.
    let mut command = Command::new(setup::cargo());
    command.args(["run", "--quiet", "--package", "conformance", "--manifest-path"]);
    command.arg(paths.root.join("Cargo.toml"));
    run::attached(command.arg("--").arg(folder))
}

fn types() -> Result<()> {
    let paths = Paths::find()?;
    let mut command = paths.command(setup::cargo());
    command.args(["test", "--quiet", "--package", "persona-api"]);
    run::attached(command.env("UPDATE_EXPECT", "1"))?;
    run::attached(
        paths
            .command("npm")
            .args(["run", "generate", "--workspace", "tools/client"]),
    )
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
