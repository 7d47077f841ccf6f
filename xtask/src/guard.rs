//! Ends what xtask started when xtask itself is killed.
//!
//! xtask ends its programs itself, but SIGKILL leaves it no time to. So it runs itself once more as
//! the guard: a process that reads from a pipe which groups of processes are running. The pipe
//! closes when xtask is gone, whatever the reason; the guard then ends the groups that are left.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// The hidden command that makes xtask a guard.
pub const COMMAND: &str = "__guard";
/// How long a program has to end after it was asked, before it is killed.
pub const GRACE: Duration = Duration::from_secs(8);
const POLL: Duration = Duration::from_millis(20);

/// How a program is asked to end before it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM: most programs.
    Terminate,
    /// SIGINT: Postgres ends its sessions instead of waiting for them; wrangler cleans up.
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

/// A program and everything it has started: a process group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    leader: Pid,
    stop: Stop,
}

impl Group {
    /// The group of a program that was started as the leader of one.
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

    /// Whether any process of it is left.
    pub fn is_alive(self) -> bool {
        test_kill_process_group(self.leader).is_ok()
    }

    /// Waits until all of it has ended, and kills what has not `within` this time.
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

/// Has the guard end this group if xtask is killed.
///
/// # Errors
/// The guard cannot be started.
pub fn protect(group: Group) -> Result<()> {
    tell(&format!(
        "start {} {}\n",
        group.leader.as_raw_pid(),
        group.stop.word()
    ))
}

/// The group has ended. Its number may now become another's.
pub fn forget(group: Group) {
    let _ = tell(&format!("end {}\n", group.leader.as_raw_pid()));
}

fn tell(line: &str) -> Result<()> {
    let Ok(mut guard) = GUARD.lock() else {
        return Ok(());
    };
    if let Some(pipe) = guard.as_mut()
        && pipe.write_all(line.as_bytes()).is_ok()
    {
        return Ok(());
    }
    let own = std::env::current_exe().context("xtask does not find its own program")?;
    // In a group of its own, so that Ctrl-C in the terminal does not reach it.
    let mut command = Command::new(own);
    command.arg(COMMAND).process_group(0).stdin(Stdio::piped());
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut pipe = child
        .context("the guard cannot be started")?
        .stdin
        .take()
        .context("the guard has no input")?;
    pipe.write_all(line.as_bytes())
        .context("the guard does not listen")?;
    *guard = Some(pipe);
    Ok(())
}

/// What the guard process does.
pub fn main() -> ExitCode {
    let mut groups = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        note(&mut groups, &line);
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

fn note(groups: &mut BTreeMap<u32, Group>, line: &str) {
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
    fn the_guard_knows_which_groups_are_left() {
        let mut groups = BTreeMap::new();
        for line in ["start 10 term", "start 11 int", "end 10", "", "start x term"] {
            note(&mut groups, line);
        }
        let left: Vec<_> = groups.into_values().collect();
        assert_eq!(left, [Group::new(11, Stop::Interrupt).unwrap()]);
    }
}
