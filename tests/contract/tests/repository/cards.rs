//! The names of card fields appear in one file of each language.

use std::fs;

use crate::{files, root, shown};

/// Names that are only used for card fields. The others are common words, or fields of the editor's view.
const NAMES: [&str; 7] = [
    "first_mes",
    "mes_example",
    "creator_notes",
    "alternate_greetings",
    "group_only_greetings",
    "character_book",
    "character_version",
];

/// Whether a line contains a quoted name, as JSON, SQL and code write keys.
fn quotes_a_name(line: &str) -> bool {
    let quoted = |name| line.contains(&format!("\"{name}\"")) || line.contains(&format!("'{name}'"));
    NAMES.into_iter().any(quoted)
}

/// A file's code without its unit tests.
fn code(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(code, _)| code)
}

#[test]
fn names_of_card_fields_are_in_one_file_of_each_language() {
    let mut wrong = Vec::new();
    for (folders, endings, only) in [
        (
            ["shared", "functions"].as_slice(),
            [".rs", ".sql"].as_slice(),
            "shared/api/src/card.rs",
        ),
        (&["static/src"], &[".ts", ".tsx"], "static/src/lib/card.ts"),
    ] {
        for path in folders
            .iter()
            .flat_map(|folder| files(&root().join(folder), endings))
        {
            let name = shown(&path);
            let is_test = name.ends_with("tests.rs") || name.contains("/tests/") || name.contains(".test.");
            let text = fs::read_to_string(&path).unwrap();
            if name == only || is_test || text.starts_with("// Generated ") {
                continue;
            }
            let lines = code(&text).lines().enumerate();
            let found = lines.filter(|(_, line)| quotes_a_name(line));
            wrong.extend(found.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn quoted_names_are_found() {
    assert!(quotes_a_name("coalesce(v.card->>'first_mes', '')"));
    assert!(quotes_a_name("\"mes_example\": fields.example_dialogue,"));
    assert!(!quotes_a_name("card.text(field::FIRST_MES)"));
}
