//! Supervises the processes of an instance: starts them, waits until they are ready, restarts them, and
//! stops them.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;
use crate::process::{self, Flags, Process};
use crate::run::{self, POLL};
use crate::running::Running;
use crate::ui::{self, Progress};

/// The largest number of restarts within [`DEATHS_WITHIN`].
const DEATHS_MAX: usize = 5;
const DEATHS_WITHIN: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(250);

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
    flags: Arc<Flags>,
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
            fs::create_dir_all(made).with_context(|| format!("{} cannot be created", made.display()))?;
        }
        let shows = Arc::default();
        Ok(Self {
            files: Files { logs, pids, shows },
            all: Vec::new(),
        })
    }

    /// Starts a process and does not wait until it is ready.
    pub fn start(&mut self, mut process: Process) -> Result<()> {
        let flags = Arc::new(Flags::default());
        let log = self.files.log(process.name);
        File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let running = self.files.launch(&mut process, &flags)?;
        if process.watched {
            process::watch(process.ready.clone(), Arc::clone(&flags));
        }
        self.all.push(Supervised {
            process,
            running,
            started: Instant::now(),
            deaths: Vec::new(),
            restart_at: None,
            flags,
        });
        Ok(())
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
            let waiting: Vec<_> = self.all.iter().filter(|one| !one.is_ready()).collect();
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

    /// Supervises all processes until xtask receives a signal. `meanwhile` runs a few times per second.
    pub fn watch(&mut self, mut meanwhile: impl FnMut()) -> Result<()> {
        while !interrupt::requested() {
            self.tend()?;
            meanwhile();
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
    fn is_ready(&self) -> bool {
        self.flags.ready.load(Ordering::SeqCst)
    }

    fn tend(&mut self, files: &Files) -> Result<()> {
        if let Some(at) = self.restart_at {
            if Instant::now() >= at {
                self.restart(files)?;
            }
        } else if let Some(status) = self.running.ended() {
            self.plan_restart(&ended_how(status), files)?;
        } else if self.flags.wants_restart.swap(false, Ordering::SeqCst) {
            self.running.stop();
            self.plan_restart("is hanging or its runtime has crashed", files)?;
        } else if !self.is_ready() && self.process.ready.answers() {
            self.flags.ready.store(true, Ordering::SeqCst);
            if !self.deaths.is_empty() {
                let took = ui::seconds(self.started.elapsed());
                let (mark, name) = (ui::green("✓"), self.process.name);
                ui::say(&format!("  {mark} {name} is ready again ({took})"));
            }
        }
        Ok(())
    }

    /// Schedules a restart, with exponential backoff.
    fn plan_restart(&mut self, how: &str, files: &Files) -> Result<()> {
        let name = self.process.name;
        self.flags.ready.store(false, Ordering::SeqCst);
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
        self.running = files.launch(&mut self.process, &self.flags)?;
        self.started = Instant::now();
        self.restart_at = None;
        self.flags.wants_restart.store(false, Ordering::SeqCst);
        Ok(())
    }
}

impl Files {
    fn launch(&self, process: &mut Process, flags: &Arc<Flags>) -> Result<Running> {
        let mut running = Running::start(&mut process.command, process.stop)?;
        // For developers and tests that stop or kill it.
        let _ = fs::write(self.pid(process.name), running.id().to_string());
        let log = self.log(process.name);
        let file = File::options().append(true).open(&log);
        let file = file.with_context(|| format!("{} cannot be written", log.display()))?;
        if let Some(output) = running.take_output() {
            let (lines, shows, flags) = (process.lines.clone(), Arc::clone(&self.shows), Arc::clone(flags));
            thread::spawn(move || process::keep_log(output, file, &lines, &shows, &flags));
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
