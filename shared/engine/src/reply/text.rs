//! The text of a reply, with its limit.

use api::limits::REPLY_BYTES_MAX;

/// The existing text and the reply appended to it.
#[derive(Debug)]
pub(super) struct Text {
    all: String,
    before_bytes: usize,
}

impl Text {
    pub(super) fn new(before: &str) -> Self {
        Self {
            all: before.to_owned(),
            before_bytes: before.len(),
        }
    }

    /// Appends what fits. Returns the appended text and whether all of it fitted. Whitespace at the start of a new message
    /// is dropped, because models often start with an empty line. A space is inserted before a continuation that starts
    /// with a word, because models do not send it.
    pub(super) fn push(&mut self, text: &str) -> (String, bool) {
        let text = if self.all.is_empty() {
            text.trim_start()
        } else {
            text
        };
        let space = if self.all.len() == self.before_bytes && joins_words(&self.all, text) {
            " "
        } else {
            ""
        };
        let room = REPLY_BYTES_MAX
            .saturating_sub(self.all.len())
            .saturating_sub(space.len());
        let fitting = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        let added = if fitting.is_empty() {
            String::new()
        } else {
            format!("{space}{fitting}")
        };
        self.all.push_str(&added);
        (added, fitting.len() == text.len())
    }

    /// Keeps the first `chars` code points, but at least the existing text.
    pub(super) fn keep_chars(&mut self, chars: usize) {
        let end = self
            .all
            .char_indices()
            .nth(chars)
            .map_or(self.all.len(), |(at, _)| at);
        self.all.truncate(end.max(self.before_bytes));
    }

    pub(super) fn is_blank(&self) -> bool {
        self.all.trim().is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.all
    }
}

/// Whether two words would be joined. Messages rarely end within a word, because streams end between tokens.
fn joins_words(before: &str, after: &str) -> bool {
    let ends_word = |char: char| is_spaced(char) || matches!(char, '.' | ',' | '!' | '?' | ';' | ':' | '…');
    before.chars().next_back().is_some_and(ends_word) && after.chars().next().is_some_and(is_spaced)
}

/// Letters and digits of scripts that put spaces between words.
fn is_spaced(char: char) -> bool {
    char.is_alphanumeric()
        && !matches!(char, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}
