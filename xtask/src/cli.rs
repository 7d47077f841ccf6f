//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use lexopt::prelude::*;

use crate::builds::{self, Profile};
use crate::paths::Paths;
use crate::run::Cmd;
use crate::settings::Ports;
use crate::test::{self, Layer};
use crate::{bench, deploy, dev, interrupt, parts, setup};

const HELP: &str = "\
cargo xtask <command>

  dev [--port 8787] [--reset] [--scripted-model]
        Installs what is missing, builds and starts everything, until Ctrl-C.
        --reset forgets this instance's data; --scripted-model needs no weights.
  test [--only unit|conformance|contract|browser] [FILTER]
        Everything that has to pass. FILTER chooses tests by a part of their name.
  build [NAME...] [--dev]
        The functions (all by default), and how much each weighs.
  bench [--rounds N]
        What guarding a route costs, as a ratio.
  migrate [--database-url URL]
        Brings a database up to date; by default the one of DATABASE_URL.
  conformance DIR
        Runs the case files below DIR.
  types
        Writes shared/api/openapi.json and the front end's types from shared/api again.
  deploy [--dry-run]
        Every function to Cloudflare.

Folders: PERSONA_CACHE (built tools, model weights), PERSONA_STATE (data). CONTRIBUTING.md says more.
";

const DEFAULT_PORT: u16 = 8787;

pub fn run() -> Result<ExitCode> {
    interrupt::listen()?;
    let mut parser = lexopt::Parser::from_env();
    let command = match parser.next()? {
        Some(Value(command)) => command.to_string_lossy().into_owned(),
        Some(Long("help") | Short('h')) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    let done = match command.as_str() {
        "dev" => dev(parser),
        "test" => return test(parser),
        "build" => build(parser),
        "bench" => bench(parser),
        "migrate" => migrate(parser),
        "conformance" => conformance(parser),
        "types" => types(parser),
        "deploy" => deploy(parser),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow!("there is no command {other:?}\n\n{HELP}")),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn dev(mut parser: lexopt::Parser) -> Result<()> {
    let (mut port, mut reset, mut scripted_model) = (DEFAULT_PORT, false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") | Short('p') => port = parser.value()?.parse()?,
            Long("reset") => reset = true,
            Long("scripted-model") => scripted_model = true,
            other => return Err(other.unexpected().into()),
        }
    }
    dev::run(&dev::Options {
        ports: Ports::new(port)?,
        reset,
        scripted_model,
    })
}

fn test(mut parser: lexopt::Parser) -> Result<ExitCode> {
    let (mut only, mut filter) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("only") => {
                let name = parser.value()?.string()?;
                only = Some(
                    Layer::named(&name).ok_or_else(|| anyhow!("--only wants one of {}", Layer::names()))?,
                );
            }
            Value(word) if filter.is_none() => filter = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    test::run(only, filter.as_deref())
}

fn build(mut parser: lexopt::Parser) -> Result<()> {
    // Set by xtask itself for wrangler.
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let mut profile = if variable("PERSONA_BUILD_PROFILE") == Profile::Dev.word() {
        Profile::Dev
    } else {
        Profile::Release
    };
    let mut names = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("dev") => profile = Profile::Dev,
            Long("release") => profile = Profile::Release,
            Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if variable("PERSONA_PREBUILT") == "1" {
        return Ok(());
    }
    let paths = Paths::find()?;
    let tools = setup::for_builds(&paths)?;
    if names.is_empty() {
        names = builds::function_names(&paths)?;
    }
    for name in &names {
        builds::function_in_place(&paths, &tools, name, profile)?;
    }
    if profile == Profile::Release {
        builds::report_sizes(&paths, &names)
    } else {
        Ok(())
    }
}

fn bench(mut parser: lexopt::Parser) -> Result<()> {
    let mut rounds = bench::ROUNDS;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("rounds") => rounds = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    bench::run(rounds)
}

fn migrate(mut parser: lexopt::Parser) -> Result<()> {
    let mut url = std::env::var("DATABASE_URL").ok();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("database-url") => url = Some(parser.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(url) = url else {
        bail!("which database? --database-url URL or DATABASE_URL")
    };
    let paths = Paths::find()?;
    let program = builds::migrate_tool(&paths)?;
    succeed(&parts::migrate(&paths, &program, &url))
}

fn conformance(mut parser: lexopt::Parser) -> Result<()> {
    let Some(Value(folder)) = parser.next()? else {
        bail!("usage: cargo xtask conformance DIR")
    };
    let words = ["run", "--quiet", "--package", "conformance", "--"].map(OsString::from);
    let paths = Paths::find()?;
    // DIR is meant from where the command was typed.
    let here = std::env::current_dir()?;
    let manifest = paths.root.join("Cargo.toml");
    let [run, rest @ ..] = words;
    succeed(
        &Cmd::new(setup::cargo(), &here)
            .arg(run)
            .arg("--manifest-path")
            .arg(manifest)
            .args(rest)
            .arg(folder),
    )
}

fn types(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(other) = parser.next()? {
        return Err(other.unexpected().into());
    }
    let paths = Paths::find()?;
    succeed(
        &Cmd::new(setup::cargo(), &paths.root)
            .args(["test", "--quiet", "--package", "persona-api"])
            .env("UPDATE_EXPECT", "1"),
    )?;
    succeed(&Cmd::new("npm", &paths.root).args(["run", "generate", "--workspace", "tools/client"]))
}

fn deploy(mut parser: lexopt::Parser) -> Result<()> {
    let mut dry_run = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("dry-run") => dry_run = true,
            other => return Err(other.unexpected().into()),
        }
    }
    deploy::run(dry_run)
}

fn succeed(command: &Cmd) -> Result<()> {
    if command.attached()? {
        Ok(())
    } else {
        Err(anyhow!("`{}` failed", command.shown()))
    }
}
