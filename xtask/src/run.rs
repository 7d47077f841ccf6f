//! Runs other programs, each under a guard so that none outlives xtask.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::guard::{self, Stop};
use crate::guarded::Guarded;
use crate::interrupt;
use crate::ui::{self, Progress};

/// How often whoever waits for a program looks at it.
pub const POLL: Duration = Duration::from_millis(50);
/// Lines of a failed program shown with the error.
const HEAD_LINES: usize = 10;
const TAIL_LINES: usize = 30;

/// A program with its arguments, environment and folder.
#[derive(Debug, Clone)]
pub struct Cmd {
    program: OsString,
    arguments: Vec<OsString>,
    environment: BTreeMap<OsString, Option<OsString>>,
    clear_environment: bool,
    folder: PathBuf,
}

impl Cmd {
    pub fn new(program: impl Into<OsString>, folder: &Path) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            clear_environment: false,
            folder: folder.to_path_buf(),
        }
    }

    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.into(), Some(value.into()));
        self
    }

    pub fn envs<N: Into<OsString>, V: Into<OsString>>(
        mut self,
        all: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.environment.extend(
            all.into_iter()
                .map(|(name, value)| (name.into(), Some(value.into()))),
        );
        self
    }

    pub fn without_env(mut self, names: &[&str]) -> Self {
        self.environment
            .extend(names.iter().map(|name| (name.into(), None)));
        self
    }

    /// Passes on nothing of xtask's own environment.
    pub fn clear_env(mut self) -> Self {
        self.clear_environment = true;
        self
    }

    /// As a person would type it.
    pub fn shown(&self) -> String {
        let mut words = vec![self.program.to_string_lossy().into_owned()];
        words.extend(
            self.arguments
                .iter()
                .map(|word| word.to_string_lossy().into_owned()),
        );
        words
            .iter()
            .map(|word| {
                if word.contains(' ') {
                    format!("'{word}'")
                } else {
                    word.clone()
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn prepare(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        if self.clear_environment {
            command.env_clear();
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs a quick program to its end without showing it; `None` if it fails or is not there.
    pub fn capture(&self) -> Option<String> {
        let output = self
            .prepare(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs with the terminal: for programs whose output is the answer.
    pub fn attached(&self) -> Result<bool> {
        let status = self.prepare(&self.program).args(&self.arguments).status();
        Ok(status
            .with_context(|| format!("{} cannot be started", self.shown()))?
            .success())
    }

    /// Starts the program under a guard. Both output streams come back as one.
    pub fn guarded(&self, stop: Stop, pid_file: Option<&Path>) -> Result<Guarded> {
        let (output, input) = std::io::pipe().context("no pipe")?;
        let mut command = self.prepare(own_program()?.as_os_str());
        let pid_argument = pid_file.map_or_else(|| "-".into(), |file| file.as_os_str().to_owned());
        command
            .arg(guard::COMMAND)
            .arg(stop.word())
            .arg(pid_argument)
            .arg(&self.program)
            .args(&self.arguments);
        command.process_group(0).stdin(Stdio::piped());
        command
            .stdout(input.try_clone().context("no pipe")?)
            .stderr(input);
        let child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", self.shown()))?;
        Ok(Guarded::new(child, output, pid_file))
    }
}

/// xtask's own file, found once: a rebuild while it runs replaces the file but not the path.
fn own_program() -> Result<&'static PathBuf> {
    static OWN: OnceLock<Option<PathBuf>> = OnceLock::new();
    OWN.get_or_init(|| std::env::current_exe().ok())
        .as_ref()
        .context("xtask does not find its own program")
}

/// What a program that ran to its end said.
#[derive(Debug)]
pub struct Finished {
    pub succeeded: bool,
    pub output: String,
}

/// Runs a program under a progress line. Fails only if it cannot start, takes longer than
/// `within`, or xtask is asked to end.
pub fn finish(command: &Cmd, progress: &mut Progress, within: Option<Duration>) -> Result<Finished> {
    let last_line = Arc::new(Mutex::new(String::new()));
    let shown_line = Arc::clone(&last_line);
    let mut guarded = command.guarded(Stop::Terminate, None)?;
    let output = guarded.take_output().context("the program has no output")?;
    let (sender, collected) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            // Programs that redraw one line end its states with carriage returns.
            let line = line
                .trim_end_matches('\r')
                .rsplit('\r')
                .next()
                .unwrap_or_default();
            if let (false, Ok(mut last)) = (line.trim().is_empty(), last_line.lock()) {
                line.clone_into(&mut last);
            }
            text.push_str(line);
            text.push('\n');
        }
        let _ = sender.send(text);
    });
    let deadline = within.map(|within| Instant::now() + within);
    let status = loop {
        if let Some(status) = guarded.ended() {
            break status;
        }
        if interrupt::requested() || deadline.is_some_and(|at| Instant::now() > at) {
            guarded.stop();
            interrupt::check()?;
            bail!(
                "`{}` did not end within {}",
                command.shown(),
                ui::seconds(within.unwrap_or_default())
            );
        }
        let detail = shown_line.lock().map(|last| last.clone()).unwrap_or_default();
        progress.tick(&detail);
        thread::sleep(POLL);
    };
    // Something that detached itself may hold the pipe open: do not wait for it for ever.
    let output = collected.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
    Ok(Finished {
        succeeded: status.success(),
        output,
    })
}

/// Runs a program as one step: its title, its duration, and if it fails the end of what it said
/// and `mend`.
pub fn step(title: &str, mend: &str, command: &Cmd) -> Result<String> {
    let mut progress = Progress::start(title);
    match finish(command, &mut progress, None) {
        Ok(finished) if finished.succeeded => {
            progress.done("");
            Ok(finished.output)
        }
        Ok(finished) => {
            progress.failed();
            Err(failed(title, mend, command, &finished.output))
        }
        Err(error) => {
            progress.failed();
            Err(error.context(format!("{title} failed. {mend}")))
        }
    }
}

/// The error of a program that ran and failed.
pub fn failed(title: &str, mend: &str, command: &Cmd, output: &str) -> anyhow::Error {
    anyhow::anyhow!("{}\n`{}`\n\n{mend}", tail(output), command.shown()).context(format!("{title} failed"))
}

/// The first and the last lines of an output: a cause may stand at either end.
pub fn tail(output: &str) -> String {
    let lines: Vec<_> = output
        .lines()
        .map(ui::plain)
        .filter(|line| !line.trim().is_empty())
        .collect();
    let Some(left_out) = lines
        .len()
        .checked_sub(HEAD_LINES.saturating_add(TAIL_LINES))
        .filter(|count| *count > 0)
    else {
        return lines.join("\n");
    };
    let (head, rest) = lines.split_at(HEAD_LINES);
    let last: Vec<_> = rest.iter().skip(left_out).map(String::as_str).collect();
    format!("{}\n… {left_out} lines …\n{}", head.join("\n"), last.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_long_output_are_kept() {
        let output: String = (1..=100).map(|number| format!("line {number}\n")).collect();
        let shown = tail(&output);
        assert!(shown.starts_with("line 1\n") && shown.ends_with("line 100"));
        assert_eq!(shown.lines().count(), HEAD_LINES + TAIL_LINES + 1);
        assert_eq!(tail("one\n\ntwo\n"), "one\ntwo");
    }
}
