//! A running program in its own process group.

use std::io::PipeReader;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::guard::{self, GRACE, Group, Stop};
use crate::run::shown;

/// The poll interval while a program stops.
const POLL: Duration = Duration::from_millis(10);
/// The time that remaining child processes have to stop after the program has ended.
const LEFTOVER_GRACE: Duration = Duration::from_millis(500);

/// A running program. Dropping it stops the program and its children.
#[derive(Debug)]
pub struct Running {
    child: Child,
    group: Group,
    output: Option<PipeReader>,
    asked_to_stop: Option<Instant>,
    ended: Option<ExitStatus>,
}

impl Running {
    /// Starts a program. Standard output and standard error are combined.
    ///
    /// # Errors
    /// The program does not exist or cannot be executed.
    pub fn start(command: &mut Command, stop: Stop) -> Result<Self> {
        let (output, input) = std::io::pipe().context("no pipe")?;
        command.process_group(0).stdin(Stdio::null());
        command
            .stdout(input.try_clone().context("no pipe")?)
            .stderr(input);
        let child = command.spawn();
        // The command must not keep the write end of the pipe open, or the output never ends.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.with_context(|| format!("`{}` cannot be started", shown(command)))?;
        let group = Group::new(child.id(), stop).context("invalid process id")?;
        if let Err(error) = guard::protect(group) {
            group.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok(Self {
            child,
            group,
            output: Some(output),
            asked_to_stop: None,
            ended: None,
        })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The output of the program, once.
    pub fn take_output(&mut self) -> Option<PipeReader> {
        self.output.take()
    }

    /// The exit status, if the program has ended. Stops its remaining children.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = Some(self.child.try_wait().ok().flatten()?);
            if self.group.is_alive() {
                self.group.ask_to_stop();
                self.group.wait_or_kill(LEFTOVER_GRACE);
            }
            guard::forget(self.group);
        }
        self.ended
    }

    /// Sends the stop signal and does not wait.
    pub fn ask_to_stop(&mut self) {
        if self.ended().is_none() && self.asked_to_stop.is_none() {
            self.asked_to_stop = Some(Instant::now());
            self.group.ask_to_stop();
        }
    }

    /// Stops the program and waits until it has ended.
    pub fn stop(&mut self) {
        self.ask_to_stop();
        while self.ended().is_none() {
            if self.asked_to_stop.is_some_and(|at| at.elapsed() > GRACE) {
                self.group.kill();
                let _ = self.child.wait();
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
