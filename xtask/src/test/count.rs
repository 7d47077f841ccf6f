//! Parses the numbers of passed and failed tests from the summaries of test runners.

use std::fmt;
use std::ops::Add;

use crate::ui::plain;

/// Tests that passed and tests that did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    /// One test.
    pub const fn one(passed: bool) -> Self {
        Self {
            passed: passed as u64,
            failed: !passed as u64,
        }
    }
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

/// The start of a runner's summary lines.
pub const NEXTEST: &str = "Summary [";
pub const CARGO_TEST: &str = "test result:";
pub const VITEST: &str = "Tests ";
/// The summaries of Playwright and of `tests/conformance` start with a number.
pub const NUMBER: &str = "";

/// Words after a number of tests, and whether they mean passed.
const OUTCOMES: [(&str, bool); 6] = [
    ("passed", true),
    ("failed", false),
    ("timed", false),
    ("exec", false),
    ("interrupted", false),
    ("did", false),
];

/// The sum of all summary lines. `None` without a summary: the runner did not finish.
pub fn read(output: &str, closing: &str) -> Option<Counts> {
    let lines = output.lines().map(|line| plain(line).trim().to_owned());
    let counted = lines.filter(|line| line.starts_with(closing)).filter_map(|line| {
        let between = |letter: char| letter.is_whitespace() || ",;()|".contains(letter);
        let words: Vec<_> = line.split(between).filter(|word| !word.is_empty()).collect();
        let counts = words.iter().zip(words.iter().skip(1)).filter_map(outcome);
        // Other lines can start with a number too.
        let is_closing = closing != NUMBER
            || words
                .first()
                .zip(words.get(1))
                .is_some_and(|pair| outcome(pair).is_some());
        is_closing.then(|| counts.fold(Counts::default(), Add::add))
    });
    // If no test was chosen, nextest prints this and Playwright nothing at all.
    let no_tests = || (output.contains("no tests to run") || output.trim().is_empty()).then(Counts::default);
    counted.reduce(Add::add).or_else(no_tests)
}

/// The counts of a number and the word after it.
fn outcome((number, word): (&&str, &&str)) -> Option<Counts> {
    let number = number.parse().ok()?;
    let (_, passed) = OUTCOMES.iter().find(|(outcome, _)| outcome == word)?;
    let (passed, failed) = if *passed { (number, 0) } else { (0, number) };
    Some(Counts { passed, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_all_runners_are_parsed() {
        for (closing, output, passed, failed) in [
            (
                NEXTEST,
                "  Summary [ 0.1s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out",
                6,
                3,
            ),
            (
                CARGO_TEST,
                "test result: ok. 3 passed; 0 failed;\ntest result: FAILED. 1 passed; 2 failed;",
                4,
                2,
            ),
            (
                VITEST,
                " Test Files  1 failed (2)\n      Tests  1 failed | 11 passed (12)\n",
                11,
                1,
            ),
            (
                NUMBER,
                "  ✓  1 a.test.mjs:3:1 › b (2s)\n\n  14 passed (1.2m)\n",
                14,
                0,
            ),
            (
                NUMBER,
                "  1 failed\n    a › b\n  2 did not run\n  3 passed (4.0s)\n",
                3,
                3,
            ),
            (NUMBER, "", 0, 0),
            (NUMBER, "clerk: wrong\n\n15 passed, 2 failed\n", 15, 2),
        ] {
            assert_eq!(read(output, closing), Some(Counts { passed, failed }), "{output}");
        }
    }

    #[test]
    fn without_a_summary_there_are_no_counts() {
        for closing in [NEXTEST, CARGO_TEST, VITEST, NUMBER] {
            assert_eq!(read("error: could not compile\n", closing), None);
        }
    }
}
