//! `cargo xtask dev`: everything, with one command, until Ctrl-C.

use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::builds::{self, Profile};
use crate::parts::Instance;
use crate::paths::Paths;
use crate::probe;
use crate::run;
use crate::settings::{EMBEDDED_WEBHOOK_SECRET, PORTS, POSTGRES_USER, Ports, Settings, postgres_url};
use crate::setup::{self, Needs, Tools};
use crate::supervisor::Supervisor;
use crate::ui;

/// How often the front end's sources are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Held while an instance runs.
const LOCK: &str = "running.lock";

#[derive(Debug)]
pub struct Options {
    pub ports: Ports,
    /// Forget all data first.
    pub reset: bool,
    /// The tests' model instead of a real one.
    pub scripted_model: bool,
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
        forget(&instance)?;
    }

    ui::heading("Setting up");
    let needs = Needs {
        postgres: settings.embeds_postgres(),
        pooler: settings.embeds_postgres().then_some(false),
        model: settings.embeds_model() && !options.scripted_model,
        browser: false,
    };
    let tools = setup::prepare(&paths, needs)?;

    ui::heading("Building");
    builds::front_end(&paths)?;
    builds::functions_in_place(&paths, &tools.toolchain, Profile::Dev)?;
    let host = builds::host_tools(&paths)?;

    ui::heading("Starting");
    let mut supervisor = Supervisor::new(&instance.folder)?;
    let database = match settings.get("DATABASE_URL") {
        Some(url) => url.to_owned(),
        None => start_postgres(&mut supervisor, &instance, &tools)?,
    };
    if settings.embeds_clerk() {
        supervisor.start(instance.clerk(&host))?;
    }
    let model = start_model(&mut supervisor, &instance, &settings, &tools)?;
    let mut variables = settings.functions_env(options.ports, model);
    variables.insert("PERSONA_BUILD_PROFILE".into(), Profile::Dev.word().into());
    supervisor.start(instance.functions(&paths.root, variables, &database, true)?)?;
    supervisor.wait_ready()?;
    let direct = settings
        .get("DATABASE_URL")
        .map_or_else(|| postgres_url(options.ports.postgres()), str::to_owned);
    migrate(&instance, &host, &settings, &direct)?;
    if settings.embeds_clerk() {
        connect_webhooks(options.ports);
    }

    banner(&instance, &settings, model);
    supervisor.show_lines();
    let mut front_end = FrontEnd::default();
    supervisor.watch(|| front_end.look(&paths))?;
    ui::say("\nStopping…");
    supervisor.stop();
    ui::say("Everything has ended. Its data stays for the next start.");
    Ok(())
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

/// Returns the model's name, for people and for the functions.
fn start_model(
    supervisor: &mut Supervisor,
    instance: &Instance<'_>,
    settings: &Settings,
    tools: &Tools,
) -> Result<&'static str> {
    if !settings.embeds_model() {
        return Ok("");
    }
    match &tools.model {
        Some(model) => {
            supervisor.start(instance.model(model))?;
            Ok(model.name)
        }
        None => {
            supervisor.start(instance.scripted_model())?;
            Ok("scripted")
        }
    }
}

fn migrate(
    instance: &Instance<'_>,
    host: &builds::HostTools,
    settings: &Settings,
    database: &str,
) -> Result<()> {
    let command = if settings.embeds_postgres() {
        instance.migrate(host, database)
    } else {
        crate::parts::migrate(instance.paths, &host.migrate, database)
    };
    let mend = if settings.embeds_postgres() {
        "`cargo xtask dev --reset` starts with an empty database."
    } else {
        "DATABASE_URL in .dev.vars must be reachable and its user must own the schema."
    };
    run::step("migrations", mend, &command).map(drop)
}

/// Has the embedded Clerk tell this instance about its users, as a dashboard setting does for the
/// real one.
fn connect_webhooks(ports: Ports) {
    let url = format!("http://127.0.0.1:{}/auth/webhooks/clerk", ports.site());
    let body = format!("{{\"url\":\"{url}\",\"secret\":\"{EMBEDDED_WEBHOOK_SECRET}\"}}");
    if probe::http_post_json(ports.clerk(), "/_emulator/webhooks", &body).is_none_or(|status| status >= 300) {
        ui::note("The Clerk emulator sends no webhooks: it did not take their address.");
    }
}

fn banner(instance: &Instance<'_>, settings: &Settings, model: &str) {
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
    lines.push(match (settings.embeds_model(), model) {
        (true, "scripted") => "  Model      scripted: repeats what it is told".into(),
        (true, name) => format!("  Model      {name}, on this machine"),
        (false, _) => format!(
            "  Model      {}",
            settings.get("MODEL_BASE_URL").unwrap_or_default()
        ),
    });
    if settings.embeds_postgres() {
        lines.push(format!(
            "  Postgres   {}",
            postgres_url(instance.ports.postgres())
        ));
    } else {
        lines.push("  Postgres   DATABASE_URL of .dev.vars".into());
    }
    lines.push(format!(
        "  Data       {}  (--reset forgets it)",
        instance.folder.display()
    ));
    lines.push("  Stop       Ctrl-C".into());
    lines.push(String::new());
    println!("{}", lines.join("\n"));
    let _ = std::io::stdout().flush();
}

/// Two instances on one port would share their data.
fn lock_instance(instance: &Instance<'_>) -> Result<fs::File> {
    let file = instance.folder.join(LOCK);
    let lock = fs::File::create(&file).with_context(|| format!("{} cannot be written", file.display()))?;
    if matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)) {
        bail!(
            "Persona already runs on port {}. For a second one: cargo xtask dev --port {}",
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
            "Another program listens on {}. Persona takes {PORTS} ports from --port on; choose others: cargo xtask dev --port {}",
            taken.join(", "),
            ports.site().saturating_add(10)
        );
    }
    Ok(())
}

fn forget(instance: &Instance<'_>) -> Result<()> {
    for entry in fs::read_dir(&instance.folder)?.filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_name() == LOCK {
            continue;
        }
        let gone = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        gone.with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    ui::note(&format!(
        "All data of this instance is gone (user {POSTGRES_USER}, accounts, files)."
    ));
    Ok(())
}

/// Builds the front end again when its sources changed, beside everything else.
struct FrontEnd {
    looked: Instant,
    building: Arc<AtomicBool>,
}

impl Default for FrontEnd {
    fn default() -> Self {
        Self {
            looked: Instant::now(),
            building: Arc::default(),
        }
    }
}

impl FrontEnd {
    fn look(&mut self, paths: &Paths) {
        if self.looked.elapsed() < LOOK_EVERY || self.building.load(Ordering::SeqCst) {
            return;
        }
        self.looked = Instant::now();
        if builds::front_end_is_fresh(paths) {
            return;
        }
        self.building.store(true, Ordering::SeqCst);
        let (paths, building) = (paths.clone(), Arc::clone(&self.building));
        thread::spawn(move || {
            if let Err(error) = builds::front_end(&paths) {
                ui::failure(&error);
                // The same sources would fail the same way: wait for another change.
                let fingerprint = builds::front_end_fingerprint(&paths);
                while builds::front_end_fingerprint(&paths) == fingerprint && !crate::interrupt::requested() {
                    thread::sleep(LOOK_EVERY);
                }
            }
            building.store(false, Ordering::SeqCst);
        });
    }
}
