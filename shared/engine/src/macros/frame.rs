//! A text buffer that records which byte ranges are values.

use std::ops::Range;

#[derive(Debug, Default)]
pub(super) struct Frame {
    text: String,
    /// Ascending, not overlapping.
    values: Vec<Range<usize>>,
    /// After `{{trim}}`: line breaks are dropped until other text follows.
    trimming: bool,
}

impl Frame {
    pub(super) fn push_char(&mut self, char: char) {
        if self.trimming && matches!(char, '\n' | '\r') {
            return;
        }
        self.trimming = false;
        self.text.push(char);
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.trimming &= text.is_empty();
        self.text.push_str(text);
    }

    pub(super) fn push_value(&mut self, value: &str) {
        if !value.is_empty() {
            self.trimming = false;
            let start = self.text.len();
            self.text.push_str(value);
            self.values.push(start..self.text.len());
        }
    }

    pub(super) fn push_frame(&mut self, other: Self) {
        let shift = self.text.len();
        self.push_text(&other.text);
        let shifted =
            |range: Range<usize>| range.start.saturating_add(shift)..range.end.saturating_add(shift);
        self.values.extend(other.values.into_iter().map(shifted));
    }

    pub(super) fn trim_newlines(&mut self) {
        let kept = self.text.trim_end_matches(['\n', '\r']).len();
        self.text.truncate(kept);
        self.values.retain(|value| value.end <= kept);
        self.trimming = true;
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The text before the first value. A macro's name must lie in it.
    pub(super) fn literal_start(&self) -> &str {
        let end = self.values.first().map_or(self.text.len(), |value| value.start);
        self.text.get(..end).unwrap_or_default()
    }

    /// Whether the byte at `at` belongs to a value.
    pub(super) fn is_value(&self, at: usize) -> bool {
        let next = self.values.partition_point(|value| value.end <= at);
        self.values.get(next).is_some_and(|value| value.contains(&at))
    }
}
