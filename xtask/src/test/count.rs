//! Reads how many tests passed and failed from what the runners print.

use std::fmt;
use std::ops::Add;

use crate::ui::plain;

/// Tests that passed and tests that did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Add for Counts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number before a word: `3 passed`.
fn before(line: &str, word: &str) -> Option<u64> {
    let words: Vec<_> = line
        .split(|letter: char| letter.is_whitespace() || ",;()|".contains(letter))
        .filter(|part| !part.is_empty())
        .collect();
    words.windows(2).find_map(|pair| match pair {
        [number, found] if *found == word => number.parse().ok(),
        _ => None,
    })
}

/// cargo-nextest: `Summary [ 0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`.
pub fn nextest(output: &str) -> Option<Counts> {
    let text = plain_lines(output);
    let line = text.iter().rev().find(|line| {
        line.contains("Summary [") && (line.contains("tests run:") || line.contains("test run:"))
    });
    let Some(line) = line else {
        return text
            .iter()
            .any(|line| line.contains("no tests to run"))
            .then(Counts::default);
    };
    let failed = ["failed", "timed"]
        .iter()
        .filter_map(|word| before(line, word))
        .sum::<u64>();
    let failed = failed.saturating_add(if line.contains("exec failed") { 1 } else { 0 });
    Some(Counts {
        passed: before(line, "passed").unwrap_or(0),
        failed,
    })
}

/// `cargo test`: one `test result: ok. 3 passed; 0 failed; …` for each program.
pub fn cargo_test(output: &str) -> Option<Counts> {
    let text = plain_lines(output);
    let results = text
        .iter()
        .filter(|line| line.trim_start().starts_with("test result:"));
    let counts = results.map(|line| {
        // "ok." sticks to no number, so the words around it can stay.
        Counts {
            passed: before(line, "passed").unwrap_or(0),
            failed: before(line, "failed").unwrap_or(0),
        }
    });
    counts.reduce(Add::add)
}

/// Vitest: `Tests  1 failed | 2 passed (3)`.
pub fn vitest(output: &str) -> Option<Counts> {
    let text = plain_lines(output);
    let line = text
        .iter()
        .rev()
        .find(|line| line.trim_start().starts_with("Tests "))?;
    let counts = Counts {
        passed: before(line, "passed").unwrap_or(0),
        failed: before(line, "failed").unwrap_or(0),
    };
    // A file that does not even load holds no test that could fail.
    let files = text
        .iter()
        .rev()
        .find(|line| line.trim_start().starts_with("Test Files "));
    let broken = files.and_then(|line| before(line, "failed")).unwrap_or(0);
    Some(if counts.failed == 0 {
        Counts {
            failed: broken,
            ..counts
        }
    } else {
        counts
    })
}

/// node:test with the spec reporter: `ℹ pass 3`, `ℹ fail 0`, `ℹ cancelled 0`.
pub fn node_test(output: &str) -> Option<Counts> {
    let text = plain_lines(output);
    let number = |word: &str| {
        let prefix = format!("ℹ {word} ");
        text.iter()
            .rev()
            .find_map(|line| line.trim().strip_prefix(&prefix)?.trim().parse::<u64>().ok())
    };
    Some(Counts {
        passed: number("pass")?,
        failed: number("fail")?.saturating_add(number("cancelled").unwrap_or(0)),
    })
}

/// Our conformance runner, which closes with `N passed, M failed`.
pub fn conformance(output: &str) -> Option<Counts> {
    let text = plain_lines(output);
    let line = text.iter().rev().find(|line| !line.trim().is_empty())?;
    Some(Counts {
        passed: before(line, "passed")?,
        failed: before(line, "failed")?,
    })
}

/// Whichever of the JavaScript runners it was.
pub fn javascript(output: &str) -> Option<Counts> {
    vitest(output).or_else(|| node_test(output))
}

fn plain_lines(output: &str) -> Vec<String> {
    output.lines().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Option<Counts> {
        Some(Counts { passed, failed })
    }

    #[test]
    fn every_runners_closing_lines_are_read() {
        assert_eq!(
            nextest("     Summary [   0.005s] 1 test run: 1 passed, 0 skipped\n"),
            counts(1, 0)
        );
        assert_eq!(
            nextest("  Summary [ 0.1s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 3 skipped"),
            counts(6, 3)
        );
        assert_eq!(
            cargo_test(
                "test result: ok. 3 passed; 0 failed; 1 ignored\ntest result: FAILED. 1 passed; 2 failed;"
            ),
            counts(4, 2)
        );
        assert_eq!(
            vitest(" Test Files  2 passed (2)\n      Tests  12 passed (12)\n"),
            counts(12, 0)
        );
        assert_eq!(
            vitest(" Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 11 passed (12)\n"),
            counts(11, 1)
        );
        assert_eq!(
            vitest(" Test Files  1 failed (1)\n      Tests  no tests\n"),
            counts(0, 1)
        );
        assert_eq!(
            node_test("ℹ tests 3\nℹ pass 2\nℹ fail 0\nℹ cancelled 1\n"),
            counts(2, 1)
        );
        assert_eq!(
            conformance("clerk: wrong\n\n15 passed, 2 failed\n"),
            counts(15, 2)
        );
    }

    #[test]
    fn a_runner_that_was_cut_off_is_not_taken_for_one_without_failures() {
        for read in [nextest, cargo_test, vitest, node_test, conformance] {
            assert_eq!(read("error: could not compile\n"), None);
        }
    }
}
