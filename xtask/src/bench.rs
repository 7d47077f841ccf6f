//! `cargo xtask bench`: builds and starts the processes that `tests/bench` needs.
//!
//! `tests/bench` starts the functions on plain workerd, because the overhead of `wrangler dev` is many times their cost.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::builds::{self, HostTools, Profile};
use crate::files::copy_folder;
use crate::instance::Instance;
use crate::paths::Paths;
use crate::probe;
use crate::run;
use crate::settings::{PORTS, Ports, Settings, postgres_url};
use crate::setup::{self, Needs, Tools};
use crate::supervisor::Supervisor;
use crate::ui;

/// Runs these phases, or all.
pub fn run(phases: &[String], rounds: u32) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("cargo xtask bench reads /proc, which only Linux has");
    }
    let paths = Paths::find()?;
    ui::heading("Setting up");
    let needs = Needs {
        postgres: true,
        pooler: Some(true),
        ..Needs::default()
    };
    let tools = setup::prepare(&paths, needs)?;

    ui::heading("Building");
    let host = builds::host_tools(&paths)?;
    builds::front_end(&paths)?;
    let base = probe::free_ports(PORTS).context("there are no six free ports in a row")?;
    let instance = Instance {
        paths: &paths,
        ports: Ports::new(base)?,
        folder: std::env::temp_dir().join(format!("persona-bench-{}", std::process::id())),
    };
    for name in builds::function_names(&paths)? {
        let build = builds::function(&paths, &name, Profile::Release)?;
        copy_folder(&build, &instance.folder.join(name))?;
    }

    ui::heading("Measuring");
    let mut supervisor = start(&instance, &tools, &host)?;
    let measured = run::attached(program(&instance, phases).args(["--rounds", &rounds.to_string()]));
    supervisor.stop();
    measured.with_context(|| format!("the logs are in {}", instance.folder.display()))?;
    fs::remove_dir_all(&instance.folder).context("the bench's folder cannot be removed")
}

/// Postgres, PgBouncer in transaction mode, the Clerk emulator, and an empty database with the schema.
fn start(instance: &Instance<'_>, tools: &Tools, host: &HostTools) -> Result<Supervisor> {
    let postgres = tools.postgres.as_deref().context("set-up found no Postgres")?;
    let pgbouncer = tools.pooler.as_deref().context("set-up found no PgBouncer")?;
    let mut supervisor = Supervisor::new(&instance.folder)?;
    supervisor.start(instance.postgres(postgres, false)?)?;
    supervisor.start(instance.pooler(pgbouncer)?)?;
    supervisor.start(instance.clerk(host))?;
    supervisor.wait_ready()?;
    let mut migrate = instance.migrate(host, &postgres_url(instance.ports.postgres()));
    run::step("migrations", "Fix the migration and start again.", &mut migrate)?;
    Ok(supervisor)
}

fn program(instance: &Instance<'_>, phases: &[String]) -> Command {
    let (paths, ports) = (instance.paths, instance.ports);
    let variables = serde_json::json!(Settings::embedded().functions_env(ports, "scripted"));
    let mut command = paths.command("node");
    command.arg("tests/bench/bench.mjs").args(phases);
    command.env("PERSONA_ROOT", &paths.root);
    command.env("PERSONA_BENCH_FOLDER", &instance.folder);
    command.env("PERSONA_BENCH_VARIABLES", variables.to_string());
    command.env("PERSONA_ORIGIN", ports.origin());
    command.env("PERSONA_EMULATOR", format!("http://127.0.0.1:{}", ports.clerk()));
    command.env("PERSONA_MODEL", format!("http://127.0.0.1:{}", ports.model()));
    command.env("PERSONA_DATABASE_URL", postgres_url(ports.postgres()));
    command.env("PERSONA_PGBOUNCER_URL", postgres_url(ports.pooler()));
    command
}
