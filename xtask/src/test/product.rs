//! The product under test: release builds on workerd, Postgres behind a recorder and PgBouncer in
//! transaction mode, the Clerk emulator and the scripted model, on free ports with empty data.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use fs_err as fs;

use super::Run;
use crate::builds;
use crate::instance::Instance;
use crate::paths::Paths;
use crate::probe;
use crate::process::Process;
use crate::run;
use crate::settings::{EMBEDDED_WEBHOOK_SECRET, Ports, Settings, TEST_PORTS, postgres_url};
use crate::supervisor::Supervisor;
use crate::ui;

/// The interval of supervision while tests run.
const TEND_EVERY: Duration = Duration::from_millis(200);

/// A running product. Dropping it stops its processes.
pub struct Product<'a> {
    supervisor: Mutex<Supervisor>,
    instance: Instance<'a>,
}

impl<'a> Product<'a> {
    /// Starts the product and waits until all processes are ready. The functions must be built.
    pub fn start(run: &Run<'a>) -> Result<Self> {
        let paths: &'a Paths = run.paths;
        let host = builds::host_tools(paths)?;
        let recorder = builds::recorder(paths)?;
        let base = probe::free_ports(TEST_PORTS).context("there are not enough consecutive free ports")?;
        let instance = Instance {
            paths,
            ports: Ports::new(base)?,
            folder: state_folder(),
        };
        let mut supervisor = Supervisor::new(&instance.folder)?;
        let binaries = run
            .tools
            .postgres
            .as_deref()
            .context("set-up found no Postgres")?;
        let pgbouncer = run.tools.pooler.as_deref().context("set-up found no PgBouncer")?;
        supervisor.start(instance.postgres(binaries, false)?)?;
        supervisor.start(instance.pooler(pgbouncer)?)?;
        supervisor.start(instance.recorder(&recorder))?;
        supervisor.start(instance.clerk(&host))?;
        supervisor.start(instance.scripted_model())?;
        builds::lay_out(paths, &instance.folder.join(CHECKOUT))?;
        supervisor.start(functions(&instance, &[])?)?;
        supervisor.wait_ready()?;
        let mut migrate = instance.migrate(&host, &postgres_url(instance.ports.postgres()));
        run::step(
            "migrations",
            "Fix the migration. Tests start with an empty database.",
            &mut migrate,
        )?;
        Ok(Self {
            supervisor: Mutex::new(supervisor),
            instance,
        })
    }

    /// The addresses of the processes, for contract and browser tests.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let ports = self.instance.ports;
        vec![
            ("PERSONA_ORIGIN", ports.origin()),
            ("PERSONA_EMULATOR", format!("http://127.0.0.1:{}", ports.clerk())),
            ("PERSONA_MODEL", format!("http://127.0.0.1:{}", ports.model())),
            ("PERSONA_DATABASE_URL", postgres_url(ports.postgres())),
            ("PERSONA_PGBOUNCER_URL", postgres_url(ports.pooler())),
            (
                "PERSONA_RECORDER",
                format!("http://127.0.0.1:{}", ports.recorder()),
            ),
            (
                "PERSONA_CHECKOUT",
                self.instance.folder.join("checkout").display().to_string(),
            ),
            (
                "PERSONA_LOGS",
                self.instance.folder.join("logs").display().to_string(),
            ),
            ("CLERK_WEBHOOK_SECRET", EMBEDDED_WEBHOOK_SECRET.into()),
        ]
    }

    fn with_supervisor<T>(&self, work: impl FnOnce(&mut Supervisor) -> T) -> T {
        work(&mut self.supervisor.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reports and restarts ended processes.
    pub fn tend(&self) {
        let tended = self.with_supervisor(|supervisor| {
            supervisor.tend()?;
            supervisor.wait_ready()
        });
        if let Err(error) = tended {
            ui::failure(&error);
        }
    }

    /// Runs tests that kill processes, and restarts these processes.
    pub fn tended<T>(&self, tests: impl FnOnce() -> T) -> T {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    if let Err(error) = self.with_supervisor(Supervisor::tend) {
                        ui::failure(&error);
                        return;
                    }
                    thread::sleep(TEND_EVERY);
                }
            });
            let done = tests();
            is_over.store(true, Ordering::SeqCst);
            done
        })
    }

    /// Restarts the functions with additional variables and waits until they are ready.
    pub fn restart_functions(&self, variables: &[(&str, &str)]) -> Result<()> {
        let process = functions(&self.instance, variables)?;
        self.with_supervisor(|supervisor| {
            supervisor.replace(process)?;
            supervisor.wait_ready()
        })
    }

    /// Stops all processes. Keeps logs and data unless all tests passed.
    pub fn end(self, passed: bool) {
        self.with_supervisor(Supervisor::stop);
        if passed {
            let _ = fs::remove_dir_all(&self.instance.folder);
        } else {
            ui::note(&format!(
                "Logs of the processes: {}",
                self.instance.folder.join("logs").display()
            ));
        }
    }
}

/// The folder of the functions' configurations and builds in an instance's folder.
const CHECKOUT: &str = "checkout";

fn functions(instance: &Instance<'_>, more: &[(&str, &str)]) -> Result<Process> {
    let mut variables = Settings::embedded().functions_env(instance.ports, "scripted");
    variables.extend(
        more.iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned())),
    );
    let database = postgres_url(instance.ports.recorded_pooler());
    instance.functions(&instance.folder.join(CHECKOUT), variables, &database, false)
}

/// In the temporary folder, which other users can reach: if xtask is root, Postgres runs as another user.
fn state_folder() -> PathBuf {
    std::env::temp_dir().join(format!("persona-test-{}", std::process::id()))
}
