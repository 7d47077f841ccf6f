//! Stops the programs of xtask when xtask is killed.
//!
//! xtask stops its programs itself, except after SIGKILL. It therefore starts itself again as a guard
//! process, which reads from a pipe which process groups are running. The pipe closes when xtask
//! exits for any reason; the guard then stops the remaining groups.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// The hidden subcommand of the guard process.
pub const COMMAND: &str = "__guard";
/// The time between the stop signal and SIGKILL.
pub const GRACE: Duration = Duration::from_secs(8);
const POLL: Duration = Duration::from_millis(20);

/// The signal that stops a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM, for most programs.
    Terminate,
    /// SIGINT, for wrangler, and for Postgres, which then ends its sessions instead of waiting for them.
    Interrupt,
}

impl Stop {
    const fn signal(self) -> Signal {
        match self {
            Self::Terminate => Signal::TERM,
            Self::Interrupt => Signal::INT,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Terminate => "term",
            Self::Interrupt => "int",
        }
    }
}

/// The process group of a program and its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    leader: Pid,
    stop: Stop,
}

impl Group {
    /// The group of a program that was started as its leader.
    pub fn new(leader: u32, stop: Stop) -> Option<Self> {
        let leader = Pid::from_raw(i32::try_from(leader).ok()?)?;
        Some(Self { leader, stop })
    }

    pub fn ask_to_stop(self) {
        let _ = kill_process_group(self.leader, self.stop.signal());
    }

    pub fn kill(self) {
        let _ = kill_process_group(self.leader, Signal::KILL);
    }

    /// Whether a process of the group is running.
    pub fn is_alive(self) -> bool {
        test_kill_process_group(self.leader).is_ok()
    }

    /// Waits until all processes have ended, and kills the remaining ones after `within`.
    pub fn wait_or_kill(self, within: Duration) {
        let deadline = Instant::now() + within;
        while self.is_alive() {
            if Instant::now() > deadline {
                return self.kill();
            }
            thread::sleep(POLL);
        }
    }
}

static GUARD: Mutex<Option<ChildStdin>> = Mutex::new(None);

/// Registers a group with the guard.
///
/// # Errors
/// The guard cannot be started.
pub fn protect(group: Group) -> Result<()> {
    send(&format!(
        "start {} {}\n",
        group.leader.as_raw_pid(),
        group.stop.word()
    ))
}

/// Unregisters a group that has ended, since its id may be reused.
pub fn forget(group: Group) {
    let _ = send(&format!("end {}\n", group.leader.as_raw_pid()));
}

fn send(line: &str) -> Result<()> {
    let Ok(mut guard) = GUARD.lock() else {
        return Ok(());
    };
    if let Some(pipe) = guard.as_mut()
        && pipe.write_all(line.as_bytes()).is_ok()
    {
        return Ok(());
    }
    let own = std::env::current_exe().context("the path of xtask is unknown")?;
    // In a separate group, so that Ctrl-C in the terminal does not reach it.
    let mut command = Command::new(own);
    command.arg(COMMAND).process_group(0).stdin(Stdio::piped());
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut pipe = child
        .context("the guard cannot be started")?
        .stdin
        .take()
        .context("the guard has no input")?;
    pipe.write_all(line.as_bytes())
        .context("the guard cannot be written to")?;
    *guard = Some(pipe);
    Ok(())
}

/// The main function of the guard process.
pub fn main() -> ExitCode {
    let mut groups = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        apply(&mut groups, &line);
    }
    for group in groups.values() {
        group.ask_to_stop();
    }
    let deadline = Instant::now() + GRACE;
    for group in groups.values() {
        group.wait_or_kill(deadline.saturating_duration_since(Instant::now()));
    }
    ExitCode::SUCCESS
}

/// Applies a line from xtask.
fn apply(groups: &mut BTreeMap<u32, Group>, line: &str) {
    let mut words = line.split(' ');
    let verb = words.next();
    let Some(leader) = words.next().and_then(|number| number.parse().ok()) else {
        return;
    };
    let stop = if words.next() == Some(Stop::Interrupt.word()) {
        Stop::Interrupt
    } else {
        Stop::Terminate
    };
    if verb != Some("start") {
        groups.remove(&leader);
    } else if let Some(group) = Group::new(leader, stop) {
        groups.insert(leader, group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_groups_are_unregistered() {
        let mut groups = BTreeMap::new();
        for line in ["start 10 term", "start 11 int", "end 10", "", "start x term"] {
            apply(&mut groups, line);
        }
        let left: Vec<_> = groups.into_values().collect();
        assert_eq!(left, [Group::new(11, Stop::Interrupt).unwrap()]);
    }
}
