//! Intended deviations from the expected results.

use serde::Deserialize;

/// The list, embedded at build time.
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
    /// A case id, in which `*` matches any text.
    case: String,
    /// The result, exactly as a failing case prints it after `got`.
    answer: String,
    /// The reason for the deviation.
    reason: String,
}

/// Whether a result is listed.
#[derive(Debug, PartialEq, Eq)]
pub enum Listing {
    /// This result is listed for this case.
    Listed,
    /// Another result is listed for the full id of this case.
    Other,
    /// The case is not listed.
    Unlisted,
}

impl Deviations {
    /// Parses the list.
    ///
    /// # Errors
    /// If it is invalid or a deviation has no reason.
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

    /// Whether this result of this case is listed.
    pub fn find(&self, file: &str, case: &str, answer: &str) -> Listing {
        let mut of_case = self.list.iter().filter(|deviation| deviation.file == file);
        let mut exact = false;
        let listed = of_case.any(|deviation| {
            exact |= deviation.case == case;
            matches(&deviation.case, case) && deviation.answer == answer
        });
        match (listed, exact) {
            (true, _) => Listing::Listed,
            (false, true) => Listing::Other,
            (false, false) => Listing::Unlisted,
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
    fn only_the_listed_result_of_a_listed_case_is_accepted() {
        let list: Deviations = toml::from_str(
            "[[deviation]]\nfile = 'f'\ncase = 'a'\nanswer = '1'\nreason = 'r'\n[[deviation]]\nfile = 'f'\ncase = 'x-*-z'\nanswer = '2'\nreason = 'r'\n",
        )
        .unwrap();
        assert_eq!(list.find("f", "a", "1"), Listing::Listed);
        assert_eq!(list.find("f", "a", "2"), Listing::Other);
        assert_eq!(list.find("g", "a", "1"), Listing::Unlisted);
        assert_eq!(list.find("f", "x-y-z", "2"), Listing::Listed);
        assert_eq!(list.find("f", "x-y-z", "1"), Listing::Unlisted);
        assert_eq!(list.find("f", "x-y", "2"), Listing::Unlisted);
    }

    #[test]
    fn the_list_can_be_parsed() {
        Deviations::listed().unwrap();
    }
}
