//! `expected.json`: the files under png/, charx/ and json/.

use std::path::Path;

use engine::card::{Card, Content, Parsed, Version, Warning, parse};
use serde_json::{Map, Value, json};

use super::Checked;

/// A file → the parsed card, or an error.
pub fn expected(file: &Value, folder: &Path) -> Vec<Checked> {
    let cases = file.as_object().into_iter().flatten();
    cases
        .map(|(name, expected)| check(name, expected, &folder.join(name)))
        .collect()
}

/// Compares the facts in the case. `"ok": "either"` accepts success and error, but not a panic.
fn check(name: &str, expected: &Value, path: &Path) -> Checked {
    let parsed = match std::fs::read(path) {
        Ok(bytes) => parse(&bytes),
        Err(error) => {
            return Checked {
                id: name.to_owned(),
                expected: json!("a file"),
                got: json!(error.to_string()),
            };
        }
    };
    let mut wanted = Map::new();
    let mut got = Map::new();
    let either = expected["ok"] == json!("either");
    wanted.insert(
        "ok".to_owned(),
        if either {
            json!(parsed.is_ok())
        } else {
            expected["ok"].clone()
        },
    );
    got.insert("ok".to_owned(), json!(parsed.is_ok()));
    if let Ok(parsed) = &parsed {
        for key in [
            "name",
            "detected",
            "kind",
            "char_macro",
            "assets",
            "coerce",
            "warn",
        ] {
            let stated = &expected[key];
            if !stated.is_null() {
                wanted.insert(
                    key.to_owned(),
                    if key == "warn" {
                        json!(true)
                    } else {
                        stated.clone()
                    },
                );
                got.insert(key.to_owned(), fact(parsed, key, stated));
            }
        }
    } else if let Err(error) = &parsed
        && expected["ok"] == json!(true)
    {
        got.insert("error".to_owned(), json!(error.to_string()));
    }
    Checked {
        id: name.to_owned(),
        expected: Value::Object(wanted),
        got: Value::Object(got),
    }
}

fn fact(parsed: &Parsed, key: &str, stated: &Value) -> Value {
    let Content::Character(card) = &parsed.content else {
        return json!(if key == "kind" {
            "lorebook"
        } else {
            "not a character"
        });
    };
    match key {
        "name" => json!(card.name),
        "char_macro" => json!(card.char_name()),
        "detected" => json!(match card.version {
            Version::V1 => "v1",
            Version::V2 => "v2",
            Version::V3 => "v3",
            Version::Pygmalion => "pygmalion",
        }),
        "assets" => json!(parsed.assets.len()),
        "coerce" => coerced(card),
        // The case describes the warning in words.
        "warn" => json!(parsed.warnings.iter().any(|warning| match warning {
            Warning::MissingAsset(_) => stated == "missing asset",
            Warning::NewerVersion(version) => stated.as_str().is_some_and(|words| words.contains(version)),
            _ => false,
        })),
        _ => json!("character"),
    }
}

fn coerced(card: &Card) -> Value {
    json!({
        "description": card.description,
        "tags": card.tags,
        "alternate_greetings": card.alternate_greetings,
        "extensions": card.extensions,
    })
}
