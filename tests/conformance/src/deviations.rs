//! Cases where we differ on purpose, with the one answer that we give instead.

use serde::Deserialize;

/// The list, as it was when this was built.
const LIST: &str = include_str!("../deviations.toml");

/// All deviations.
#[derive(Debug, Default, Deserialize)]
pub struct Deviations {
    #[serde(default, rename = "deviation")]
    list: Vec<Deviation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    file: String,
    /// A case's id; `*` stands for any text, where one rule of ours concerns cases by their content.
    case: String,
    /// What we answer, exactly as a failing case prints it after `got`.
    answer: String,
    /// Why.
    reason: String,
}

/// What the list says about an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is listed for this case.
    Listed,
    /// Another answer is listed for this very case.
    Other,
    /// Nothing.
    Unlisted,
}

impl Deviations {
    /// Reads the list.
    ///
    /// # Errors
    /// Where it is not what it should be, or a deviation has no reason.
    pub fn listed() -> Result<Self, String> {
        let list: Self = toml::from_str(LIST).map_err(|error| error.to_string())?;
        match list
            .list
            .iter()
            .find(|deviation| deviation.reason.trim().is_empty())
        {
            Some(deviation) => Err(format!("{} has no reason", deviation.case)),
            None => Ok(list),
        }
    }

    /// What is listed about this answer to this case.
    pub fn verdict(&self, file: &str, case: &str, answer: &str) -> Verdict {
        let mut of_case = self.list.iter().filter(|deviation| deviation.file == file);
        let mut exact = false;
        let listed = of_case.any(|deviation| {
            exact |= deviation.case == case;
            matches(&deviation.case, case) && deviation.answer == answer
        });
        match (listed, exact) {
            (true, _) => Verdict::Listed,
            (false, true) => Verdict::Other,
            (false, false) => Verdict::Unlisted,
        }
    }
}

/// `*` matches any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_answer_to_a_listed_case_counts() {
        let list: Deviations = toml::from_str(
            "[[deviation]]\nfile = 'f'\ncase = 'a'\nanswer = '1'\nreason = 'r'\n[[deviation]]\nfile = 'f'\ncase = 'x-*-z'\nanswer = '2'\nreason = 'r'\n",
        )
        .unwrap();
        assert_eq!(list.verdict("f", "a", "1"), Verdict::Listed);
        assert_eq!(list.verdict("f", "a", "2"), Verdict::Other);
        assert_eq!(list.verdict("g", "a", "1"), Verdict::Unlisted);
        assert_eq!(list.verdict("f", "x-y-z", "2"), Verdict::Listed);
        assert_eq!(list.verdict("f", "x-y-z", "1"), Verdict::Unlisted);
        assert_eq!(list.verdict("f", "x-y", "2"), Verdict::Unlisted);
    }

    #[test]
    fn the_list_can_be_read() {
        Deviations::listed().unwrap();
    }
}
