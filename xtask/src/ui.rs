//! What a person sees: steps with their duration, notes, failures with how to mend them.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use rustix::termios::tcgetwinsize;

/// How often a long step says that it is alive where there is no terminal.
const HEARTBEAT: Duration = Duration::from_secs(20);
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// One line of progress. Dropping it unfinished clears the line.
pub struct Progress {
    title: String,
    started: Instant,
    terminal: bool,
    frame: usize,
    last_heartbeat: Instant,
    finished: bool,
}

impl Progress {
    pub fn start(title: &str) -> Self {
        let terminal = is_terminal();
        if !terminal {
            say(&format!("  … {title}"));
        }
        let started = Instant::now();
        Self {
            title: title.to_owned(),
            started,
            terminal,
            frame: 0,
            last_heartbeat: started,
            finished: false,
        }
    }

    /// Shows that the step is alive; `detail` is the last thing its program said.
    pub fn tick(&mut self, detail: &str) {
        let detail = plain(detail);
        if self.terminal {
            self.frame = self.frame.wrapping_add(1);
            let frame = FRAMES.get(self.frame % FRAMES.len()).unwrap_or(&"…");
            let line = format!(
                "  {frame} {} {} {}",
                self.title,
                seconds(self.started.elapsed()),
                detail.trim()
            );
            let width = tcgetwinsize(std::io::stderr()).map_or(80, |size| usize::from(size.ws_col).max(20));
            let line: String = line.chars().take(width.saturating_sub(1)).collect();
            eprint!("\r\x1b[2K{line}");
            let _ = std::io::stderr().flush();
        } else if self.last_heartbeat.elapsed() >= HEARTBEAT {
            self.last_heartbeat = Instant::now();
            say(&format!(
                "    {} {}: {}",
                self.title,
                seconds(self.started.elapsed()),
                detail.trim()
            ));
        }
    }

    pub fn done(mut self, result: &str) {
        self.clear();
        let result = if result.is_empty() {
            String::new()
        } else {
            format!(": {result}")
        };
        say(&format!(
            "  {} {}{result} ({})",
            green("✓"),
            self.title,
            seconds(self.started.elapsed())
        ));
    }

    pub fn failed(mut self) {
        self.clear();
        say(&format!(
            "  {} {} ({})",
            red("✗"),
            self.title,
            seconds(self.started.elapsed())
        ));
    }

    fn clear(&mut self) {
        self.finished = true;
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if !self.finished {
            self.clear();
        }
    }
}

/// `4.2 s`, or `3 min 05 s` for what takes long.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole >= 60 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

/// A line of its own. Progress goes to standard error; results go to standard output.
pub fn say(line: &str) {
    eprintln!("{line}");
}

/// A heading above several steps.
pub fn heading(text: &str) {
    eprintln!("{}", bold(text));
}

/// Something worth knowing that is no failure.
pub fn note(text: &str) {
    eprintln!("  {} {text}", yellow("!"));
}

/// What happened and, in the chain of causes, why and how to mend it.
pub fn failure(error: &anyhow::Error) {
    eprintln!("\n{} {error}", red("error:"));
    for cause in error.chain().skip(1) {
        eprintln!("  {}", cause.to_string().replace('\n', "\n  "));
    }
}

pub fn bold(text: &str) -> String {
    paint("1", text)
}
pub fn dim(text: &str) -> String {
    paint("2", text)
}
pub fn green(text: &str) -> String {
    paint("32", text)
}
pub fn red(text: &str) -> String {
    paint("31", text)
}
pub fn yellow(text: &str) -> String {
    paint("33", text)
}

fn paint(code: &str, text: &str) -> String {
    if is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Text without terminal escapes.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\x1b' {
            // `ESC [ … letter`, the only form our programs print.
            for inner in letters.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        } else if !letter.is_control() || letter == '\t' {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_out_of_text() {
        assert_eq!(plain("\x1b[32m1 passed\x1b[0m\r"), "1 passed");
    }

    #[test]
    fn long_durations_are_told_in_minutes() {
        assert_eq!(seconds(Duration::from_millis(4_240)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
