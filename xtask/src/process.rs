//! What a process of an instance is, its log, and how it is seen to be alive.

use std::fs::File;
use std::io::{BufRead as _, BufReader, PipeReader, Seek as _, Write as _};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::guard::Stop;
use crate::probe;
use crate::ui;

/// A log that grows beyond this starts again from nothing.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// A watched process is asked this often whether it is alive, and started again after so many silences.
const WATCH_EVERY: Duration = Duration::from_secs(5);
const SILENCES_MAX: u32 = 3;

/// How to see that a process answers.
#[derive(Debug, Clone)]
pub enum Ready {
    Http {
        port: u16,
        path: &'static str,
    },
    Postgres {
        port: u16,
        user: &'static str,
        database: &'static str,
    },
}

impl Ready {
    /// Asks once. Takes seconds where nothing answers.
    pub fn answers(&self) -> bool {
        match self {
            Self::Http { port, path } => probe::http_get(*port, path).is_some_and(|status| status < 500),
            Self::Postgres { port, user, database } => probe::postgres(*port, user, database),
        }
    }
}

/// What to do with a line that a process prints.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Returns what the terminal shows of a line; all lines go to the log.
    pub show: Option<fn(&str) -> Option<String>>,
    /// The process is started again when it says this.
    pub restart_on: Option<&'static str>,
}

/// A long-running process of an instance: a database, a server.
#[derive(Debug)]
pub struct Process {
    pub name: &'static str,
    pub command: Command,
    pub stop: Stop,
    pub ready: Ready,
    pub ready_within: Duration,
    pub lines: Lines,
    /// Ask it every few seconds, and start it again when it hangs.
    pub watched: bool,
}

/// Flags that the threads of a process and its supervisor share.
#[derive(Debug, Default)]
pub struct Flags {
    pub ready: AtomicBool,
    pub wants_restart: AtomicBool,
}

/// Asks a process every few seconds whether it is alive, as long as its supervisor has it.
pub fn watch(question: Ready, flags: Arc<Flags>) {
    thread::spawn(move || {
        let mut silences = 0_u32;
        // The supervisor has the other reference.
        while Arc::strong_count(&flags) > 1 {
            thread::sleep(WATCH_EVERY);
            let fine = !flags.ready.load(Ordering::SeqCst) || question.answers();
            silences = if fine { 0 } else { silences.saturating_add(1) };
            if silences >= SILENCES_MAX {
                silences = 0;
                flags.wants_restart.store(true, Ordering::SeqCst);
            }
        }
    });
}

/// Copies what a process prints to its log, and shows lines on the terminal while `shows` is set.
pub fn keep_log(output: PipeReader, mut file: File, lines: &Lines, shows: &AtomicBool, flags: &Flags) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if file.stream_position().is_ok_and(|at| at > LOG_BYTES_MAX) {
            let _ = file.set_len(0);
        }
        let _ = writeln!(file, "{line}");
        if lines.restart_on.is_some_and(|words| line.contains(words)) {
            flags.wants_restart.store(true, Ordering::SeqCst);
        }
        if let (true, Some(shown)) = (
            shows.load(Ordering::SeqCst),
            lines.show.and_then(|show| show(&line)),
        ) {
            ui::say(&shown);
        }
    }
}
