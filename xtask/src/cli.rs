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
/// Folders: PERSONA_CACHE (built tools, model weights), PERSONA_STATE (data). CONTRIBUTING.md says more.
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
        /// The site's port; the other parts take the five after it
        #[arg(short, long, default_value = "8787", value_parser = ports)]
        port: Ports,
        /// Deletes this instance's data first
        #[arg(long)]
        reset: bool,
        /// Uses the tests' model, which needs no weights
        #[arg(long, conflicts_with = "embedded_model")]
        scripted_model: bool,
        /// Uses the small model of Persona, also where Ollama, LM Studio or llama.cpp runs
        #[arg(long)]
        embedded_model: bool,
    },
    /// Runs everything that has to pass
    Test {
        /// Runs one layer alone
        #[arg(long)]
        only: Option<Layer>,
        /// Runs only tests whose name contains this
        filter: Option<String>,
    },
    /// Builds functions and says how much each weighs
    Build {
        /// All, if none is named
        names: Vec<String>,
        /// Builds quickly, without optimisation
        #[arg(long, env = builds::DEV_VARIABLE)]
        dev: bool,
    },
    /// Measures the functions
    Bench {
        #[arg(long, default_value_t = bench::ROUNDS)]
        rounds: u32,
    },
    /// Brings a database up to date
    Migrate {
        #[arg(long, env, hide_env_values = true)]
        database_url: String,
    },
    /// Runs the case files below a folder
    Conformance { folder: PathBuf },
    /// Writes shared/api/openapi.json and the front end's types from shared/api again
    Types,
    /// Deploys every function to Cloudflare
    Deploy {
        /// Builds and checks, and sends nothing
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
        Verb::Bench { rounds } => bench::run(rounds),
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

/// `wrangler dev` calls this too, and says by the environment that the build is for development.
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
    if profile == Profile::Release {
        builds::report_sizes(&paths, &names)?;
    }
    Ok(())
}

fn migrate(url: &str) -> Result<()> {
    let paths = Paths::find()?;
    let program = builds::migrate_tool(&paths)?;
    run::attached(&mut instance::migrate(&paths, &program, url))
}

fn conformance(folder: &Path) -> Result<()> {
    let paths = Paths::find()?;
    // The folder is meant from where the command was typed.
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
