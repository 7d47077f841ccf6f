//! Supervises the processes of an instance: starts them, waits until they are ready, restarts them, and
//! stops them.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fs_err as fs;

use crate::interrupt;
use crate::process::{self, Process};
use crate::run::{self, POLL};
use crate::running::Running;
use crate::ui::{self, Progress};

/// The largest number of restarts within [`DEATHS_WITHIN`].
const DEATHS_MAX: usize = 5;
const DEATHS_WITHIN: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The interval of health checks, and the number of consecutive failures that lead to a restart.
const CHECK_EVERY: Duration = Duration::from_secs(5);
const FAILED_CHECKS_MAX: u32 = 3;

/// The processes of an instance. Dropping it stops them.
pub struct Supervisor {
    files: Files,
    all: Vec<Supervised>,
}

struct Supervised {
    process: Process,
    running: Running,
    started: Instant,
    deaths: Vec<Instant>,
    restart_at: Option<Instant>,
    is_ready: bool,
    checked: Instant,
    failed_checks: u32,
    /// Set by a line that the process has printed.
    wants_restart: Arc<AtomicBool>,
}

/// The folders of logs and process ids, and whether output is shown.
struct Files {
    logs: PathBuf,
    pids: PathBuf,
    shows: Arc<AtomicBool>,
}

impl Supervisor {
    /// Creates `logs/` and `run/` in `folder`, with one file for each process.
    pub fn new(folder: &Path) -> Result<Self> {
        let (logs, pids) = (folder.join("logs"), folder.join("run"));
        for made in [&logs, &pids] {
            fs::create_dir_all(made)?;
        }
        let shows = Arc::default();
        Ok(Self {
            files: Files { logs, pids, shows },
            all: Vec::new(),
        })
    }

    /// Starts a process and does not wait until it is ready.
    pub fn start(&mut self, mut process: Process) -> Result<()> {
        let wants_restart = Arc::default();
        let log = self.files.log(process.name);
        File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let running = self.files.launch(&mut process, &wants_restart)?;
        self.all.push(Supervised {
            process,
            running,
            started: Instant::now(),
            deaths: Vec::new(),
            restart_at: None,
            is_ready: false,
            checked: Instant::now(),
            failed_checks: 0,
            wants_restart,
        });
        Ok(())
    }

    /// Stops the process of the same name and starts this one, without waiting until it is ready.
    pub fn replace(&mut self, process: Process) -> Result<()> {
        self.all.retain(|one| one.process.name != process.name);
        self.start(process)
    }

    /// Shows the output of processes on the terminal from now on.
    pub fn show_lines(&self) {
        self.files.shows.store(true, Ordering::SeqCst);
    }

    /// Waits until all processes are ready.
    pub fn wait_ready(&mut self) -> Result<()> {
        let mut progress = Progress::start("starting");
        loop {
            interrupt::check()?;
            self.tend()?;
            let waiting: Vec<_> = self.all.iter().filter(|one| !one.is_ready).collect();
            if waiting.is_empty() {
                progress.done("");
                return Ok(());
            }
            if let Some(late) = waiting
                .iter()
                .find(|one| one.started.elapsed() > one.process.ready_within)
            {
                let name = late.process.name;
                let within = ui::seconds(late.process.ready_within);
                progress.failed();
                bail!("{name} is not ready after {within}. {}", self.files.log_end(name));
            }
            let names: Vec<_> = waiting.iter().map(|one| one.process.name).collect();
            progress.tick(&format!("waiting for {}", names.join(", ")));
            thread::sleep(POLL);
        }
    }

    /// Supervises all processes until xtask receives a signal.
    pub fn watch(&mut self) -> Result<()> {
        while !interrupt::requested() {
            self.tend()?;
            thread::sleep(POLL * 4);
        }
        Ok(())
    }

    /// Checks for ended processes, due restarts and processes that became ready.
    pub fn tend(&mut self) -> Result<()> {
        self.all.iter_mut().try_for_each(|one| one.tend(&self.files))
    }

    /// Stops all processes and waits until they have ended.
    pub fn stop(&mut self) {
        for one in &mut self.all {
            one.running.ask_to_stop();
        }
        for one in self.all.drain(..) {
            let _ = fs::remove_file(self.files.pid(one.process.name));
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Supervised {
    fn tend(&mut self, files: &Files) -> Result<()> {
        if let Some(at) = self.restart_at {
            if Instant::now() >= at {
                self.restart(files)?;
            }
        } else if let Some(status) = self.running.ended() {
            self.plan_restart(&ended_how(status), files)?;
        } else if self.wants_restart.swap(false, Ordering::SeqCst) || self.hangs() {
            self.running.stop();
            self.plan_restart("is hanging or its runtime has crashed", files)?;
        } else if !self.is_ready && self.process.ready.answers() {
            self.is_ready = true;
            if !self.deaths.is_empty() {
                let took = ui::seconds(self.started.elapsed());
                let (mark, name) = (ui::green("✓"), self.process.name);
                ui::say(&format!("  {mark} {name} is ready again ({took})"));
            }
        }
        Ok(())
    }

    /// Whether a watched process has failed its health checks.
    fn hangs(&mut self) -> bool {
        if !self.process.watched || !self.is_ready || self.checked.elapsed() < CHECK_EVERY {
            return false;
        }
        let answers = self.process.ready.answers();
        self.checked = Instant::now();
        self.failed_checks = if answers {
            0
        } else {
            self.failed_checks.saturating_add(1)
        };
        self.failed_checks >= FAILED_CHECKS_MAX
    }

    /// Schedules a restart, with exponential backoff.
    fn plan_restart(&mut self, how: &str, files: &Files) -> Result<()> {
        let name = self.process.name;
        self.is_ready = false;
        self.failed_checks = 0;
        self.deaths.retain(|at| at.elapsed() < DEATHS_WITHIN);
        self.deaths.push(Instant::now());
        let deaths = self.deaths.len();
        if deaths > DEATHS_MAX {
            bail!(
                "{name} ended {deaths} times within a minute ({how}). {}",
                files.log_end(name)
            );
        }
        let doublings = u32::try_from(deaths).unwrap_or(1).saturating_sub(1);
        self.restart_at = Some(Instant::now() + FIRST_PAUSE * 2_u32.saturating_pow(doublings));
        let log = files.log(name);
        ui::note(&format!("{name} {how}; restarting it. Log: {}", log.display()));
        Ok(())
    }

    fn restart(&mut self, files: &Files) -> Result<()> {
        self.running = files.launch(&mut self.process, &self.wants_restart)?;
        self.started = Instant::now();
        self.restart_at = None;
        self.wants_restart.store(false, Ordering::SeqCst);
        Ok(())
    }
}

impl Files {
    fn launch(&self, process: &mut Process, wants_restart: &Arc<AtomicBool>) -> Result<Running> {
        let mut running = Running::start(&mut process.command, process.stop)?;
        // For developers and tests that stop or kill it.
        let _ = fs::write(self.pid(process.name), running.id().to_string());
        let log = self.log(process.name);
        let file = File::options().append(true).open(&log);
        let file = file.with_context(|| format!("{} cannot be written", log.display()))?;
        if let Some(output) = running.take_output() {
            let (lines, shows) = (process.lines.clone(), Arc::clone(&self.shows));
            let wants_restart = Arc::clone(wants_restart);
            thread::spawn(move || process::keep_log(output, file, &lines, &shows, &wants_restart));
        }
        Ok(running)
    }

    fn pid(&self, name: &str) -> PathBuf {
        self.pids.join(format!("{name}.pid"))
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// The end of a log, for messages.
    fn log_end(&self, name: &str) -> String {
        let log = self.log(name);
        let text = fs::read(&log).unwrap_or_default();
        let tail = run::tail(&String::from_utf8_lossy(&text));
        format!("The end of {}:\n{tail}", log.display())
    }
}

fn ended_how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}
