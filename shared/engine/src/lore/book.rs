//! Parses lorebooks leniently: a field of the wrong type counts as absent.

use serde_json::{Map, Value};

use super::ENTRIES_MAX;

/// A lorebook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// The number of newest messages to scan.
    pub scan_depth: Option<usize>,
    /// The token limit of all active entries together.
    pub token_budget: Option<usize>,
    /// Whether the text of an active entry is scanned too.
    pub recursive_scanning: bool,
    /// At most [`ENTRIES_MAX`].
    pub entries: Vec<Entry>,
}

/// The position of an entry in Character Card V2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Position {
    /// Before the character's definition.
    #[default]
    BeforeChar,
    /// After it.
    AfterChar,
}

/// An entry of a lorebook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// A number or a string. Not used.
    pub id: Value,
    /// Any of these activates the entry.
    pub keys: Vec<String>,
    /// With `selective`, one of these is required too.
    pub secondary_keys: Vec<String>,
    /// Decorators and text.
    pub content: String,
    /// A disabled entry is never active.
    pub enabled: bool,
    /// Lower is nearer the top of the prompt.
    pub insertion_order: i64,
    /// Lower is dropped first.
    pub priority: i64,
    /// Whether keys match case-sensitively.
    pub case_sensitive: bool,
    /// Whether `secondary_keys` are used.
    pub selective: bool,
    /// Active without a matching key.
    pub constant: bool,
    /// Whether keys are regular expressions.
    pub use_regex: bool,
    /// Its position.
    pub position: Position,
    /// Fields of other applications.
    pub extensions: Map<String, Value>,
}

impl Book {
    /// Parses `character_book` of a card, or `data` of a lorebook file.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        let entries = value
            .get("entries")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        Self {
            scan_depth: count(value, "scan_depth"),
            token_budget: count(value, "token_budget"),
            recursive_scanning: flag(value, "recursive_scanning").unwrap_or(false),
            entries: entries.iter().take(ENTRIES_MAX).map(Entry::read).collect(),
        }
    }
}

impl Entry {
    fn read(value: &Value) -> Self {
        let extensions = value
            .get("extensions")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let number = |name| value.get(name).and_then(Value::as_f64).map(saturate);
        Self {
            id: value.get("id").cloned().unwrap_or_default(),
            keys: texts(value, "keys"),
            secondary_keys: texts(value, "secondary_keys"),
            content: value
                .get("content")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            enabled: flag(value, "enabled").unwrap_or(true),
            insertion_order: number("insertion_order").unwrap_or(0),
            priority: number("priority").unwrap_or(0),
            case_sensitive: flag(value, "case_sensitive").unwrap_or(false),
            selective: flag(value, "selective").unwrap_or(false),
            constant: flag(value, "constant").unwrap_or(false),
            use_regex: flag(value, "use_regex").unwrap_or(false),
            position: match value.get("position").and_then(Value::as_str) {
                Some("after_char") => Position::AfterChar,
                _ => Position::BeforeChar,
            },
            extensions,
        }
    }

    /// Whether an extension is `true`.
    pub(super) fn extension(&self, name: &str) -> bool {
        self.extensions
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }
}

fn flag(value: &Value, name: &str) -> Option<bool> {
    value.get(name)?.as_bool()
}

fn count(value: &Value, name: &str) -> Option<usize> {
    usize::try_from(value.get(name)?.as_u64()?).ok()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let items = value
        .get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, which suits an order out of range"
)]
fn saturate(number: f64) -> i64 {
    number as i64
}
