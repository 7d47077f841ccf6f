//! Runs programs to completion with a progress line.

use std::io::{BufRead as _, BufReader, PipeReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::guard::Stop;
use crate::interrupt;
use crate::running::Running;
use crate::ui::{self, Progress};

/// The poll interval while waiting for a program.
pub const POLL: Duration = Duration::from_millis(50);
/// The number of first and last output lines in an error.
const HEAD_LINES: usize = 10;
const TAIL_LINES: usize = 30;

/// A command as typed in a shell.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    shlex::try_join(words.iter().map(AsRef::as_ref)).unwrap_or_else(|_| words.join(" "))
}

/// Runs a short program without showing it; `None` if it fails or does not exist.
pub fn capture(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs a program that inherits the terminal.
///
/// # Errors
/// It cannot be started or fails.
pub fn attached(command: &mut Command) -> Result<()> {
    let status = command.status();
    let status = status.with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed", shown(command));
    }
    Ok(())
}

/// The result of a finished program.
#[derive(Debug)]
pub struct Finished {
    pub succeeded: bool,
    pub output: String,
}

/// Runs a program with a progress line.
///
/// # Errors
/// It cannot be started, takes longer than `within`, or xtask received a signal.
pub fn finish(command: &mut Command, progress: &mut Progress, within: Option<Duration>) -> Result<Finished> {
    let mut running = Running::start(command, Stop::Terminate)?;
    let last_line = Arc::new(Mutex::new(String::new()));
    let output = running
        .take_output()
        .context("the output of the program is already taken")?;
    let output = collect(output, Arc::clone(&last_line));
    let deadline = within.map(|within| Instant::now() + within);
    let status = loop {
        if let Some(status) = running.ended() {
            break status;
        }
        if interrupt::requested() || deadline.is_some_and(|at| Instant::now() > at) {
            running.stop();
            interrupt::check()?;
            let within = ui::seconds(within.unwrap_or_default());
            bail!("`{}` did not finish within {within}", shown(command));
        }
        let detail = last_line.lock().map(|last| last.clone()).unwrap_or_default();
        progress.tick(&detail);
        thread::sleep(POLL);
    };
    // A process that left the group may keep the pipe open.
    let output = output.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
    Ok(Finished {
        succeeded: status.success(),
        output,
    })
}

/// Reads an output to its end and sets `last_line` to the last non-empty line.
fn collect(output: PipeReader, last_line: Arc<Mutex<String>>) -> Receiver<String> {
    let (sender, collected) = channel();
    thread::spawn(move || {
        let mut text = String::new();
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            // Programs that redraw a line separate its states with carriage returns.
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
    collected
}

/// Runs a program as one step and returns its output.
///
/// # Errors
/// It fails. The error contains the title, the end of the output, and `help`, a hint how to fix it.
pub fn step(title: &str, help: &str, command: &mut Command) -> Result<String> {
    let mut progress = Progress::start(title);
    match finish(command, &mut progress, None) {
        Ok(finished) if finished.succeeded => {
            progress.done("");
            Ok(finished.output)
        }
        Ok(finished) => {
            progress.failed();
            Err(failed(title, help, command, &finished.output))
        }
        Err(error) => {
            progress.failed();
            Err(error.context(format!("{title} failed. {help}")))
        }
    }
}

/// The error of a program that exited with a failure.
pub fn failed(title: &str, help: &str, command: &Command, output: &str) -> anyhow::Error {
    anyhow::anyhow!("{}\n`{}`\n\n{help}", tail(output), shown(command)).context(format!("{title} failed"))
}

/// The first and last lines of an output, since the cause may be at either end.
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

    #[test]
    fn a_command_is_shown_with_shell_quoting() {
        assert_eq!(
            shown(Command::new("ls").args(["-l", "a folder"])),
            "ls -l 'a folder'"
        );
    }
}
