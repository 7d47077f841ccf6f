//! A process of an instance: its command, log and health check.

use std::fs::File;
use std::io::{BufRead as _, BufReader, PipeReader, Seek as _, Write as _};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::guard::Stop;
use crate::probe;
use crate::ui;

/// A log that exceeds this size is truncated to zero.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The readiness probe of a process.
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
    /// Probes once. Takes up to four seconds without a response.
    pub fn answers(&self) -> bool {
        match self {
            Self::Http { port, path } => probe::http_get(*port, path).is_some_and(|status| status < 500),
            Self::Postgres { port, user, database } => probe::postgres(*port, user, database),
        }
    }
}

/// How the output lines of a process are handled.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Returns the text to show on the terminal. All lines are logged.
    pub show: Option<fn(&str) -> Option<String>>,
    /// The process is restarted when a line contains this text.
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
    /// Whether it is checked regularly and restarted if it hangs.
    pub watched: bool,
}

/// Copies the output of a process to its log, and shows lines on the terminal while `shows` is set.
pub fn keep_log(
    output: PipeReader,
    mut file: File,
    lines: &Lines,
    shows: &AtomicBool,
    wants_restart: &AtomicBool,
) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if file.stream_position().is_ok_and(|at| at > LOG_BYTES_MAX) {
            let _ = file.set_len(0);
        }
        let _ = writeln!(file, "{line}");
        if lines.restart_on.is_some_and(|words| line.contains(words)) {
            wants_restart.store(true, Ordering::SeqCst);
        }
        if let (true, Some(shown)) = (
            shows.load(Ordering::SeqCst),
            lines.show.and_then(|show| show(&line)),
        ) {
            ui::say(&shown);
        }
    }
}
