//! `cargo xtask dev`: runs the whole product until Ctrl-C.

use std::fs::{File, TryLockError};
use std::io::Write as _;

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

use crate::builds::{self, HostTools, Profile};
use crate::instance::{self, Instance};
use crate::paths::Paths;
use crate::probe;
use crate::run;
use crate::settings::{EMBEDDED_WEBHOOK_SECRET, PORTS, POSTGRES_USER, Ports, Settings, postgres_url};
use crate::setup::{self, LocalModel, Model, Needs, Tools};
use crate::supervisor::Supervisor;
use crate::ui;

/// Held while an instance runs.
const LOCK: &str = "running.lock";

#[derive(Debug)]
pub struct Options {
    pub ports: Ports,
    /// Delete all data first.
    pub reset: bool,
    /// Use the scripted model of the tests, which needs no weights.
    pub scripted_model: bool,
    /// Use the embedded model even if a model server is running.
    pub embedded_model: bool,
}

/// The model server to use.
enum ModelServer {
    /// `MODEL_BASE_URL` of `.dev.vars`.
    Configured(String),
    /// A model server that runs on this machine.
    Running(LocalModel),
    Embedded(Model),
    Scripted,
}

pub fn run(options: &Options) -> Result<()> {
    let paths = Paths::find()?;
    let settings = Settings::load(&paths.root)?;
    let instance = Instance {
        paths: &paths,
        ports: options.ports,
        folder: paths.instance(options.ports.site()),
    };
    setup::create(&instance.folder)?;
    let _running = lock_instance(&instance)?;
    check_ports(options.ports)?;
    if options.reset {
        delete_data(&instance)?;
    }

    ui::heading("Setting up");
    let wants_model = settings.embeds_model() && !options.scripted_model;
    let local_model = (wants_model && !options.embedded_model)
        .then(|| setup::local_model(settings.get("MODEL_NAME")))
        .flatten();
    let needs = Needs {
        postgres: settings.embeds_postgres(),
        pooler: settings.embeds_postgres().then_some(false),
        model: wants_model && local_model.is_none(),
        browser: false,
        schemathesis: false,
    };
    let tools = setup::prepare(&paths, needs)?;
    let model = ModelServer::choose(&settings, local_model, &tools);

    ui::heading("Building");
    builds::front_end(&paths)?;
    builds::functions_in_place(&paths, Profile::Dev)?;
    let host = builds::host_tools(&paths)?;

    ui::heading("Starting");
    let mut supervisor = Supervisor::new(&instance.folder)?;
    start(&mut supervisor, &instance, &settings, &tools, &model, &host)?;
    let direct = settings
        .get("DATABASE_URL")
        .map_or_else(|| postgres_url(options.ports.postgres()), str::to_owned);
    migrate(&instance, &host, &settings, &direct)?;
    if settings.embeds_clerk() {
        connect_webhooks(options.ports);
    }

    banner(&instance, &settings, &model);
    supervisor.show_lines();
    supervisor.watch()?;
    ui::say("\nStopping…");
    supervisor.stop();
    ui::say("All processes have stopped. The data is kept.");
    Ok(())
}

/// Starts all processes and waits until they are ready.
fn start(
    supervisor: &mut Supervisor,
    instance: &Instance<'_>,
    settings: &Settings,
    tools: &Tools,
    model: &ModelServer,
    host: &HostTools,
) -> Result<()> {
    let database = match settings.get("DATABASE_URL") {
        Some(url) => url.to_owned(),
        None => start_postgres(supervisor, instance, tools)?,
    };
    if settings.embeds_clerk() {
        supervisor.start(instance.clerk(host))?;
    }
    let mut variables = settings.functions_env(instance.ports, model.name());
    match model {
        ModelServer::Configured(_) => {}
        ModelServer::Running(local) => drop(variables.insert("MODEL_BASE_URL".into(), local.base_url())),
        ModelServer::Embedded(weights) => supervisor.start(instance.model(weights))?,
        ModelServer::Scripted => supervisor.start(instance.scripted_model())?,
    }
    variables.insert(builds::DEV_VARIABLE.into(), "true".into());
    supervisor.start(instance.functions(&instance.paths.root, variables, &database, true)?)?;
    supervisor.wait_ready()
}

fn start_postgres(supervisor: &mut Supervisor, instance: &Instance<'_>, tools: &Tools) -> Result<String> {
    let binaries = tools.postgres.as_deref().context("set-up found no Postgres")?;
    supervisor.start(instance.postgres(binaries, true)?)?;
    if let Some(pgbouncer) = &tools.pooler {
        supervisor.start(instance.pooler(pgbouncer)?)?;
        return Ok(postgres_url(instance.ports.pooler()));
    }
    Ok(postgres_url(instance.ports.postgres()))
}

impl ModelServer {
    fn choose(settings: &Settings, running: Option<LocalModel>, tools: &Tools) -> Self {
        match (settings.get("MODEL_BASE_URL"), running, &tools.model) {
            (Some(url), ..) => Self::Configured(url.to_owned()),
            (None, Some(local), _) => Self::Running(local),
            (None, None, Some(weights)) => Self::Embedded(weights.clone()),
            (None, None, None) => Self::Scripted,
        }
    }

    /// The value of `MODEL_NAME`; empty for a configured server, which has its own setting.
    fn name(&self) -> &str {
        match self {
            Self::Configured(_) => "",
            Self::Running(local) => &local.name,
            Self::Embedded(weights) => weights.name,
            Self::Scripted => "scripted",
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Configured(url) => url.clone(),
            Self::Running(local) => format!(
                "{} of {} on this machine (port {})\n             \
                 MODEL_NAME in .dev.vars selects another of its models, --embedded-model the embedded one",
                local.name, local.server, local.port
            ),
            Self::Embedded(weights) => format!("{}, on this machine", weights.name),
            Self::Scripted => "scripted: replies as instructed in the message".to_owned(),
        }
    }
}

fn migrate(instance: &Instance<'_>, host: &HostTools, settings: &Settings, database: &str) -> Result<()> {
    let mut command = if settings.embeds_postgres() {
        instance.migrate(host, database)
    } else {
        instance::migrate(instance.paths, &host.migrate, database)
    };
    let help = if settings.embeds_postgres() {
        "`cargo xtask dev --reset` starts with an empty database."
    } else {
        "The database in DATABASE_URL must be reachable and its user must own the schema."
    };
    run::step("migrations", help, &mut command).map(drop)
}

/// Adds a webhook target to the emulator, as in Clerk's dashboard.
fn connect_webhooks(ports: Ports) {
    let url = format!("http://127.0.0.1:{}/auth/webhooks/clerk", ports.site());
    let body = serde_json::json!({"url": url, "secret": EMBEDDED_WEBHOOK_SECRET});
    if probe::http_post_json(ports.clerk(), "/_emulator/webhooks", &body).is_none_or(|status| status >= 300) {
        ui::note("The Clerk emulator rejected the webhook target: no webhooks will be delivered.");
    }
}

fn banner(instance: &Instance<'_>, settings: &Settings, model: &ModelServer) {
    let mut lines = vec![
        String::new(),
        format!("  Persona is running:  {}", ui::bold(&instance.ports.origin())),
        String::new(),
    ];
    if settings.embeds_clerk() {
        lines.push(
            "  Sign in    you+clerk_test@example.com (any address with +clerk_test), code 424242".into(),
        );
        lines.push("             or +1 201 555 0100 (to 0199), code 424242".into());
    } else {
        lines.push("  Sign in    with Clerk, by the keys in .dev.vars".into());
    }
    lines.push(format!("  Model      {}", model.shown()));
    if settings.embeds_postgres() {
        lines.push(format!(
            "  Postgres   {}",
            postgres_url(instance.ports.postgres())
        ));
    } else {
        lines.push("  Postgres   DATABASE_URL of .dev.vars".into());
    }
    lines.push(format!(
        "  Data       {}  (--reset deletes it)",
        instance.folder.display()
    ));
    lines.push("  Stop       Ctrl-C".into());
    lines.push(String::new());
    println!("{}", lines.join("\n"));
    let _ = std::io::stdout().flush();
}

/// Locks the instance's folder: two instances on one port would share it.
fn lock_instance(instance: &Instance<'_>) -> Result<File> {
    let file = instance.folder.join(LOCK);
    let lock = File::create(&file).with_context(|| format!("{} cannot be written", file.display()))?;
    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        bail!(
            "Persona already runs on port {}. To run a second instance: cargo xtask dev --port {}",
            instance.ports.site(),
            instance.ports.site().saturating_add(10)
        );
    }
    Ok(lock)
}

fn check_ports(ports: Ports) -> Result<()> {
    let taken: Vec<_> = ports
        .all()
        .filter(|port| !probe::is_free(*port))
        .map(|port| port.to_string())
        .collect();
    if !taken.is_empty() {
        bail!(
            "Another program uses port {}. Persona uses {PORTS} ports beginning with --port; choose others: cargo xtask dev --port {}",
            taken.join(", "),
            ports.site().saturating_add(10)
        );
    }
    Ok(())
}

fn delete_data(instance: &Instance<'_>) -> Result<()> {
    for entry in fs::read_dir(&instance.folder)?.filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_name() == LOCK {
            continue;
        }
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed?;
    }
    ui::note(&format!(
        "Deleted the data of this instance: the database {POSTGRES_USER}, accounts, files."
    ));
    Ok(())
}
