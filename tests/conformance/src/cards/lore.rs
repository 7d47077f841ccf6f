//! `decorators.json` and `lorebook.json`.

use std::path::Path;

use engine::{
    decorators::Decorated,
    lore::{Book, Scan, activate},
    macros::{Names, Seeds},
};
use serde_json::{Map, Value, json};

use super::{Checked, text};

/// The text of an entry → its decorators and content.
pub fn decorators(file: &Value, _: &Path) -> Vec<Checked> {
    let cases = file.as_array().map(Vec::as_slice).unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let input = text(&case["i"]);
            let read = Decorated::parse(&input);
            let named: Map<String, Value> = read
                .all()
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            let got = json!({ "d": named, "c": read.content });
            Checked {
                id: input,
                expected: case["o"].clone(),
                got,
            }
        })
        .collect()
}

/// Messages and a book → the ids of the active entries, in order.
pub fn lorebook(file: &Value, _: &Path) -> Vec<Checked> {
    let cases = file.as_array().map(Vec::as_slice).unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let mut book = case["book"].as_object().cloned().unwrap_or_default();
            book.insert("entries".to_owned(), case["e"].clone());
            let book = Book::read(&Value::Object(book));
            let messages: Vec<&str> = case["msgs"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let count = |name: &str| case[name].as_u64().and_then(|count| usize::try_from(count).ok());
            let scan = Scan {
                messages: &messages,
                assistant_count: count("assistant_count").unwrap_or(0),
                greeting: count("greeting"),
                active_before: &[],
                names: Names {
                    char: "Mira",
                    user: "Tan",
                },
                seeds: Seeds::default(),
            };
            let got = activate(&book, &scan)
                .iter()
                .map(|active| {
                    book.entries
                        .get(active.index)
                        .map_or(Value::Null, |entry| entry.id.clone())
                })
                .collect();
            Checked {
                id: text(&case["n"]),
                expected: case["a"].clone(),
                got,
            }
        })
        .collect()
}
