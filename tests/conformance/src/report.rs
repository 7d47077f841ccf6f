//! Counts cases and prints those that fail.

use crate::deviations::{Deviations, Listing};
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// The longest printed result, in characters.
const PRINTED_CHARS_MAX: usize = 2000;

/// The results of all cases.
#[derive(Debug, Default)]
pub struct Report {
    deviations: Deviations,
    passed: usize,
    failed: usize,
    skipped: Vec<(String, usize)>,
}

impl Report {
    /// An empty report.
    pub fn new(deviations: Deviations) -> Self {
        Self {
            deviations,
            ..Self::default()
        }
    }

    /// Adds a case. It passes if the result is the expected one or a listed deviation.
    pub fn case(&mut self, file: &str, id: &str, expected: &Value, got: &Value) {
        let listing = self.deviations.find(file, id, &got.to_string());
        if listing == Listing::Listed || listing == Listing::Unlisted && expected == got {
            self.passed += 1;
            return;
        }
        self.failed += 1;
        let listed = if listing == Listing::Other {
            " (another deviation is listed)"
        } else {
            ""
        };
        println!(
            "{file} {id}: expected {}, got {}{listed}",
            shown(expected),
            shown(got)
        );
    }

    /// Adds a failure to read or run cases.
    pub fn error(&mut self, file: &str, error: &dyn fmt::Display) {
        self.failed += 1;
        println!("{file}: {error}");
    }

    /// Adds skipped cases.
    pub fn skip(&mut self, kind: &str, cases: usize) {
        if cases > 0 {
            self.skipped.push((kind.to_owned(), cases));
        }
    }

    /// Adds the cases of a file as skipped.
    pub fn skip_file(&mut self, dir: &Path, file: &str) {
        if let Some(cases) = self.read(dir, file) {
            self.skip(file, count(&cases));
        }
    }

    /// Reads a file with cases. `None` if it does not exist or is not JSON; the latter is a failure.
    pub fn read(&mut self, dir: &Path, file: &str) -> Option<Value> {
        let path = dir.join(file);
        if !path.exists() {
            return None;
        }
        let json = std::fs::read(&path).map_err(|error| error.to_string());
        match json.and_then(|json| serde_json::from_slice(&json).map_err(|error| error.to_string())) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error(file, &error);
                None
            }
        }
    }

    /// Whether no case failed.
    pub fn is_success(&self) -> bool {
        self.failed == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, cases) in &self.skipped {
            writeln!(f, "skipped: {kind} ({cases})")?;
        }
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped.iter().map(|(_, cases)| cases).sum::<usize>() {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

/// The number of cases in a file: the total length of its lists.
fn count(cases: &Value) -> usize {
    match cases {
        Value::Array(cases) => cases.len(),
        Value::Object(kinds) => kinds
            .values()
            .map(|kind| kind.as_array().map_or(0, Vec::len))
            .sum::<usize>()
            .max(1),
        _ => 1,
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(PRINTED_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
