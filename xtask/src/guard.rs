//! A small process between xtask and each program it starts.
//!
//! xtask holds the other end of the guard's standard input. When that closes, be it that xtask
//! wants the program to end or that xtask itself was killed, the guard ends the program's whole
//! process group. It never prints, and never outlives the group.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// The hidden command that makes xtask a guard.
pub const COMMAND: &str = "__guard";

/// Exit code of a guard that could not start its program.
pub const CANNOT_START: u8 = 127;

/// How a program is asked to end before it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM: most programs.
    Terminate,
    /// SIGINT: Postgres ends its sessions instead of waiting for them; wrangler cleans up.
    Interrupt,
}

impl Stop {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Terminate => "term",
            Self::Interrupt => "int",
        }
    }

    fn signal(word: &str) -> Signal {
        if word == "int" { Signal::INT } else { Signal::TERM }
    }
}

/// How long a program has to end after it was asked, before it is killed.
const GRACE: Duration = Duration::from_secs(8);
/// How long what a program left behind has to end after the program did.
const LEFTOVER_GRACE: Duration = Duration::from_millis(500);

enum Event {
    Lifeline,
    Exited(std::io::Result<ExitStatus>),
}

/// `__guard <stop word> <pid file or -> <program> <arguments…>`.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let (Some(stop), Some(pid_file), Some(program)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return ExitCode::from(CANNOT_START);
    };
    let stop = Stop::signal(&stop.to_string_lossy());
    let child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::null())
        .process_group(0)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            eprintln!("{} cannot be started: {error}", program.to_string_lossy());
            return ExitCode::from(CANNOT_START);
        }
    };
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if pid_file != "-" {
        // Only a convenience: whoever wants to kill this part finds its number there.
        let _ = std::fs::write(&pid_file, child.id().to_string());
    }
    let (sender, events) = channel();
    watch_lifeline(sender.clone());
    thread::spawn(move || {
        let _ = sender.send(Event::Exited(child.wait()));
    });

    let mut deadline: Option<Instant> = None;
    let status = loop {
        let event = match deadline {
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => events.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match event {
            Ok(Event::Exited(status)) => break status.ok(),
            Ok(Event::Lifeline) => {
                signal(group, stop);
                deadline = Some(Instant::now() + GRACE);
            }
            Err(RecvTimeoutError::Timeout) => {
                signal(group, Signal::KILL);
                deadline = Some(Instant::now() + GRACE);
            }
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    end_leftovers(group);
    if pid_file != "-" {
        let _ = std::fs::remove_file(&pid_file);
    }
    exit_code(status)
}

fn watch_lifeline(sender: Sender<Event>) {
    thread::spawn(move || {
        let mut byte = [0_u8; 1];
        let mut input = std::io::stdin();
        while matches!(input.read(&mut byte), Ok(1..)) {}
        let _ = sender.send(Event::Lifeline);
    });
}

fn signal(group: Option<Pid>, signal: Signal) {
    if let Some(group) = group {
        let _ = kill_process_group(group, signal);
    }
}

fn end_leftovers(group: Option<Pid>) {
    let Some(group) = group else { return };
    if test_kill_process_group(group).is_err() {
        return;
    }
    let _ = kill_process_group(group, Signal::TERM);
    let deadline = Instant::now() + LEFTOVER_GRACE;
    while Instant::now() < deadline && test_kill_process_group(group).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = kill_process_group(group, Signal::KILL);
}

fn exit_code(status: Option<ExitStatus>) -> ExitCode {
    let code = status.and_then(|status| {
        status
            .code()
            .or_else(|| status.signal().map(|signal| signal.saturating_add(128)))
    });
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
