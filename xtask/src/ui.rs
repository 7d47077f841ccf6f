//! Terminal output: steps with their duration, notes, errors with hints.

use std::time::{Duration, Instant};

use console::style;
use indicatif::{ProgressBar, ProgressStyle};

/// The interval of progress lines without a terminal.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// A progress line. Dropping it before it is finished clears the line.
pub struct Progress {
    title: String,
    started: Instant,
    last_heartbeat: Instant,
    /// Hidden if standard error is not a terminal.
    bar: ProgressBar,
}

impl Progress {
    pub fn start(title: &str) -> Self {
        let bar = ProgressBar::new_spinner().with_prefix(title.to_owned());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {prefix} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        if bar.is_hidden() {
            say(&format!("  … {title}"));
        }
        let started = Instant::now();
        Self {
            title: title.to_owned(),
            started,
            last_heartbeat: started,
            bar,
        }
    }

    /// Updates the line. `detail` is the last output line of the program.
    pub fn tick(&mut self, detail: &str) {
        let detail = plain(detail);
        if !self.bar.is_hidden() {
            self.bar.set_message(detail.trim().to_owned());
            self.bar.tick();
        } else if self.last_heartbeat.elapsed() >= HEARTBEAT {
            self.last_heartbeat = Instant::now();
            let elapsed = seconds(self.started.elapsed());
            say(&format!("    {} {elapsed}: {}", self.title, detail.trim()));
        }
    }

    pub fn done(self, result: &str) {
        let result = if result.is_empty() {
            String::new()
        } else {
            format!(": {result}")
        };
        self.close(&green("✓"), &result);
    }

    pub fn failed(self) {
        self.close(&red("✗"), "");
    }

    fn close(self, mark: &str, result: &str) {
        self.bar.finish_and_clear();
        let elapsed = seconds(self.started.elapsed());
        say(&format!("  {mark} {}{result} ({elapsed})", self.title));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `4.2 s`, or `3 min 05 s` from one minute on.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole >= 60 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

/// Prints a line to standard error, like all progress; results go to standard output.
pub fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints a heading.
pub fn heading(text: &str) {
    eprintln!("{}", bold(text));
}

/// Prints a warning.
pub fn note(text: &str) {
    eprintln!("  {} {text}", style("!").for_stderr().yellow());
}

/// Prints an error with its chain of causes.
pub fn failure(error: &anyhow::Error) {
    eprintln!("\n{} {error}", red("error:"));
    for cause in error.chain().skip(1) {
        eprintln!("  {}", cause.to_string().replace('\n', "\n  "));
    }
}

pub fn bold(text: &str) -> String {
    style(text).for_stderr().bold().to_string()
}
pub fn dim(text: &str) -> String {
    style(text).for_stderr().dim().to_string()
}
pub fn green(text: &str) -> String {
    style(text).for_stderr().green().to_string()
}
pub fn red(text: &str) -> String {
    style(text).for_stderr().red().to_string()
}

/// Text without terminal escapes and control characters.
pub fn plain(text: &str) -> String {
    let text = console::strip_ansi_codes(text);
    text.chars()
        .filter(|letter| !letter.is_control() || *letter == '\t')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_removed_from_text() {
        assert_eq!(plain("\x1b[32m1 passed\x1b[0m\r"), "1 passed");
    }

    #[test]
    fn long_durations_are_shown_in_minutes() {
        assert_eq!(seconds(Duration::from_millis(4_240)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
