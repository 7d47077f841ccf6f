//! A program that runs under its guard.

use std::io::PipeReader;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How often an ending program is looked at.
const POLL: Duration = Duration::from_millis(10);
/// A little more than a guard's own grace.
const STOPPED_WITHIN: Duration = Duration::from_secs(12);

/// A program running under its guard. Dropping it ends the program.
#[derive(Debug)]
pub struct Guarded {
    child: Child,
    lifeline: Option<ChildStdin>,
    output: Option<PipeReader>,
    pid_file: Option<PathBuf>,
}

impl Guarded {
    /// `child` is the guard, whose standard input is its lifeline.
    pub fn new(mut child: Child, output: PipeReader, pid_file: Option<&Path>) -> Self {
        let lifeline = child.stdin.take();
        Self {
            child,
            lifeline,
            output: Some(output),
            pid_file: pid_file.map(Path::to_path_buf),
        }
    }

    /// What the program prints; there is one reader.
    pub fn take_output(&mut self) -> Option<PipeReader> {
        self.output.take()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten()?;
        if status.signal().is_some() {
            // The guard itself was killed: its program is ours to end.
            self.kill_group();
        }
        Some(status)
    }

    /// Asks the guard to end the program; does not wait.
    pub fn ask_to_stop(&mut self) {
        self.lifeline = None;
    }

    /// Ends the program and waits until it is gone.
    pub fn stop(&mut self) {
        self.ask_to_stop();
        let deadline = Instant::now() + STOPPED_WITHIN;
        while self.ended().is_none() {
            if Instant::now() > deadline {
                self.kill_group();
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(POLL);
        }
    }

    fn kill_group(&self) {
        let number = self
            .pid_file
            .as_ref()
            .and_then(|file| std::fs::read_to_string(file).ok());
        if let Some(group) = number
            .and_then(|number| number.trim().parse().ok())
            .and_then(Pid::from_raw)
        {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop();
    }
}
