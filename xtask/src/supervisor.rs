//! Keeps the parts of an instance running: starts them, waits until they answer, starts those
//! that die again, and ends them all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::guarded::Guarded;
use crate::interrupt;
use crate::part::{self, Flags, Part};
use crate::run::{self, POLL};
use crate::ui::{self, Progress};

/// A part that dies more often than this within [`DEATHS_WITHIN`] is not started again.
const DEATHS_MAX: usize = 5;
const DEATHS_WITHIN: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(250);

struct Running {
    part: Part,
    guarded: Guarded,
    started: Instant,
    deaths: Vec<Instant>,
    restart_at: Option<Instant>,
    flags: Arc<Flags>,
}

/// The parts of one instance. Dropping it ends them.
pub struct Supervisor {
    logs: PathBuf,
    pids: PathBuf,
    parts: Vec<Running>,
    shows: Arc<AtomicBool>,
}

impl Supervisor {
    /// `folder` gets `logs/` and `run/`, one file a part in each.
    pub fn new(folder: &Path) -> Result<Self> {
        let (logs, pids) = (folder.join("logs"), folder.join("run"));
        for made in [&logs, &pids] {
            fs::create_dir_all(made).with_context(|| format!("{} cannot be created", made.display()))?;
        }
        Ok(Self {
            logs,
            pids,
            parts: Vec::new(),
            shows: Arc::default(),
        })
    }

    /// Starts a part; does not wait for it.
    pub fn start(&mut self, part: Part) -> Result<()> {
        let flags = Arc::new(Flags::default());
        let guarded = self.launch(&part, &flags, true)?;
        if part.watched {
            part::watch(part.ready.clone(), Arc::clone(&flags));
        }
        let (deaths, restart_at, started) = (Vec::new(), None, Instant::now());
        self.parts.push(Running {
            part,
            guarded,
            started,
            deaths,
            restart_at,
            flags,
        });
        Ok(())
    }

    fn launch(&self, part: &Part, flags: &Arc<Flags>, first: bool) -> Result<Guarded> {
        let pid_file = self.pids.join(format!("{}.pid", part.name));
        let mut guarded = part.command.guarded(part.stop, Some(&pid_file))?;
        let log = self.log(part.name);
        let file = File::options().create(true).append(true).open(&log);
        let file = file.with_context(|| format!("{} cannot be written", log.display()))?;
        if first {
            file.set_len(0).ok();
        }
        if let Some(output) = guarded.take_output() {
            let (lines, shows, flags) = (part.lines.clone(), Arc::clone(&self.shows), Arc::clone(flags));
            thread::spawn(move || part::keep_log(output, file, &lines, &shows, &flags));
        }
        Ok(guarded)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// The end of a part's log.
    pub fn log_tail(&self, name: &str) -> String {
        let bytes = fs::read(self.log(name)).unwrap_or_default();
        run::tail(&String::from_utf8_lossy(&bytes))
    }

    /// From now on the terminal shows what parts print.
    pub fn show_lines(&self) {
        self.shows.store(true, Ordering::SeqCst);
    }

    /// Waits until every part answers.
    pub fn wait_ready(&mut self) -> Result<()> {
        let mut progress = Progress::start("starting");
        loop {
            interrupt::check()?;
            self.tend()?;
            let waiting: Vec<_> = self
                .parts
                .iter()
                .filter(|running| !is_set(&running.flags.ready))
                .collect();
            if waiting.is_empty() {
                progress.done("");
                return Ok(());
            }
            if let Some(late) = waiting
                .iter()
                .find(|running| running.started.elapsed() > running.part.ready_within)
            {
                let name = late.part.name;
                let within = ui::seconds(late.part.ready_within);
                progress.failed();
                bail!(
                    "{name} does not answer within {within}. The end of {}:\n{}",
                    self.log(name).display(),
                    self.log_tail(name)
                );
            }
            let names: Vec<_> = waiting.iter().map(|running| running.part.name).collect();
            progress.tick(&format!("waiting for {}", names.join(", ")));
            thread::sleep(POLL);
        }
    }

    /// Looks after all parts until xtask is asked to end. `meanwhile` runs a few times a second.
    pub fn watch(&mut self, mut meanwhile: impl FnMut()) -> Result<()> {
        while !interrupt::requested() {
            self.tend()?;
            meanwhile();
            thread::sleep(POLL * 4);
        }
        Ok(())
    }

    /// Notices parts that died, that should start again, that answer for the first time.
    pub fn tend(&mut self) -> Result<()> {
        for index in 0..self.parts.len() {
            let Some(running) = self.parts.get_mut(index) else {
                continue;
            };
            if let Some(at) = running.restart_at {
                if Instant::now() >= at {
                    self.relaunch(index)?;
                }
            } else if let Some(status) = running.guarded.ended() {
                let how = status.code().map_or_else(|| "was killed".to_owned(), exit_words);
                self.bury(index, &how)?;
            } else if running.flags.wants_restart.swap(false, Ordering::SeqCst) {
                running.guarded.stop();
                self.bury(index, "hangs or lost its runtime")?;
            } else if !is_set(&running.flags.ready) && running.part.ready.answers() {
                running.flags.ready.store(true, Ordering::SeqCst);
                if !running.deaths.is_empty() {
                    let took = ui::seconds(running.started.elapsed());
                    ui::say(&format!(
                        "  {} {} answers again ({took})",
                        ui::green("✓"),
                        running.part.name
                    ));
                }
            }
        }
        Ok(())
    }

    fn bury(&mut self, index: usize, how: &str) -> Result<()> {
        let Some(running) = self.parts.get_mut(index) else {
            return Ok(());
        };
        let name = running.part.name;
        running.flags.ready.store(false, Ordering::SeqCst);
        running.deaths.retain(|at| at.elapsed() < DEATHS_WITHIN);
        running.deaths.push(Instant::now());
        let deaths = running.deaths.len();
        if deaths > DEATHS_MAX {
            let (log, tail) = (self.log(name), self.log_tail(name));
            bail!(
                "{name} ended {deaths} times within a minute ({how}). The end of {}:\n{tail}",
                log.display()
            );
        }
        let doublings = u32::try_from(deaths).unwrap_or(1).saturating_sub(1);
        running.restart_at = Some(Instant::now() + FIRST_PAUSE * 2_u32.saturating_pow(doublings));
        ui::note(&format!(
            "{name} {how}; starting it again. Its log: {}",
            self.log(name).display()
        ));
        Ok(())
    }

    fn relaunch(&mut self, index: usize) -> Result<()> {
        let Some(running) = self.parts.get(index) else {
            return Ok(());
        };
        let guarded = self.launch(&running.part, &running.flags, false)?;
        if let Some(running) = self.parts.get_mut(index) {
            running.guarded = guarded;
            running.started = Instant::now();
            running.restart_at = None;
            running.flags.wants_restart.store(false, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Ends all parts and waits until they are gone.
    pub fn stop(&mut self) {
        for running in &mut self.parts {
            running.guarded.ask_to_stop();
        }
        self.parts.clear();
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::SeqCst)
}

/// A guard tells a death by a signal as 128 and more.
fn exit_words(code: i32) -> String {
    match code.checked_sub(128) {
        Some(signal @ 1..) => format!("was ended by signal {signal}"),
        _ => format!("ended with status {code}"),
    }
}
