//! Matches keys against text.

use regex_lite::RegexBuilder;

/// The longest regular expression, in characters. A longer one never matches.
const PATTERN_CHARS_MAX: usize = 1_000;
/// The compiled size of a regular expression, in bytes. Matching time grows with it.
const PATTERN_BYTES_MAX: usize = 65_536;

/// How the keys of an entry match.
#[derive(Debug, Clone, Copy)]
pub(super) struct MatchOptions {
    pub(super) regex: bool,
    pub(super) case_sensitive: bool,
    pub(super) whole_words: bool,
}

/// A text and its lower-case form.
#[derive(Debug, Default)]
pub(super) struct Haystack {
    text: String,
    lower: String,
}

static EMPTY: Haystack = Haystack {
    text: String::new(),
    lower: String::new(),
};

impl Haystack {
    pub(super) fn empty() -> &'static Self {
        &EMPTY
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lower.push_str(&text.to_lowercase());
        self.lower.push('\n');
    }

    /// Whether `key` matches. A blank key and an invalid pattern never match.
    pub(super) fn contains(&self, key: &str, options: MatchOptions) -> bool {
        let key = key.trim();
        if key.is_empty() {
            false
        } else if options.regex {
            matches(key, &self.text)
        } else if options.case_sensitive {
            contains(&self.text, key, options.whole_words)
        } else {
            contains(&self.lower, &key.to_lowercase(), options.whole_words)
        }
    }
}

fn contains(text: &str, key: &str, whole_words: bool) -> bool {
    if !whole_words {
        return text.contains(key);
    }
    text.match_indices(key).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text
            .get(at.saturating_add(found.len())..)
            .and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// `/pattern/flags`, or a bare pattern.
fn matches(key: &str, text: &str) -> bool {
    if key.chars().count() > PATTERN_CHARS_MAX {
        return false;
    }
    let (pattern, flags) = match key.strip_prefix('/').and_then(|key| key.rsplit_once('/')) {
        Some((pattern, flags)) if flags.chars().all(|flag| flag.is_ascii_lowercase()) => (pattern, flags),
        _ => (key, ""),
    };
    RegexBuilder::new(&pattern.replace("\\/", "/"))
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(PATTERN_BYTES_MAX)
        .build()
        .is_ok_and(|regex| regex.is_match(text))
}
