//! `expected.json`: the files under png/, charx/ and json/.

use std::path::Path;

use engine::card::field::Kind;
use engine::card::{Card, Content, Parsed, Version, Warning, field, parse};
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
    let (bytes, parsed) = match std::fs::read(path) {
        Ok(bytes) => {
            let parsed = parse(&bytes);
            (bytes, parsed)
        }
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
        if let Content::Character(card) = &parsed.content {
            let lost = lost(&bytes, card);
            wanted.insert("lost".to_owned(), json!([]));
            got.insert("lost".to_owned(), json!(lost));
        }
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

/// Paths in the file's JSON whose values the export of its import does not contain.
fn lost(file: &[u8], card: &Card) -> Vec<String> {
    let stored = Card::stored(card.as_json()).unwrap_or_default();
    let exported = stored.to_file_json();
    let again = match parse(exported.as_bytes()) {
        Ok(Parsed {
            content: Content::Character(card),
            ..
        }) => card.to_file_json(),
        other => format!("{other:?}"),
    };
    let mut lost = Vec::new();
    if again != exported {
        lost.push("the export is not stable".to_owned());
    }
    let value = |json: &[u8]| serde_json::from_slice::<Value>(json).unwrap_or_default();
    let (before, after) = (value(file), value(exported.as_bytes()));
    let after = |name| after.get(name).unwrap_or(&Value::Null);
    match (before.get("data"), before.as_object()) {
        // Members beside `data` that are neither the envelope nor copies of card fields.
        (Some(data), Some(root)) => {
            compare(data, after("data"), "data", &mut lost);
            let is_known = |name: &str| {
                ["spec", "spec_version", "data"].contains(&name)
                    || field::ALL.iter().any(|field| field.name == name)
            };
            for (name, value) in root.iter().filter(|(name, _)| !is_known(name)) {
                compare(value, after(name), name, &mut lost);
            }
        }
        (None, Some(_)) => compare(&before, after("data"), "data", &mut lost),
        // Pictures and archives.
        _ => {}
    }
    lost
}

/// Adds the paths of values in `before` that differ in `after`. Ignores U+0000 and known fields of another type, which
/// the import converts.
fn compare(before: &Value, after: &Value, path: &str, lost: &mut Vec<String>) {
    let known = path
        .strip_prefix("data.")
        .and_then(|name| field::ALL.iter().find(|field| field.name == name));
    let is_converted = known.is_some_and(|field| match field.kind {
        Kind::Text | Kind::OptionalText => !before.is_string(),
        Kind::Texts => !before
            .as_array()
            .is_some_and(|items| items.iter().all(Value::is_string)),
        Kind::Object => !before.is_object(),
        Kind::Other => false,
    });
    match (before, after) {
        _ if is_converted => {}
        (Value::Object(before), Value::Object(_)) => {
            for (name, value) in before {
                let name = name.replace('\0', "");
                compare(value, &after[&name], &format!("{path}.{name}"), lost);
            }
        }
        (Value::Array(before), Value::Array(items)) if before.len() == items.len() => {
            for (at, (before, after)) in before.iter().zip(items).enumerate() {
                compare(before, after, &format!("{path}.{at}"), lost);
            }
        }
        (Value::String(before), Value::String(after)) if before.replace('\0', "") == *after => {}
        _ if before == after => {}
        _ => lost.push(path.to_owned()),
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
        "name" => json!(card.text(field::NAME)),
        "char_macro" => json!(card.char_name()),
        "detected" => json!(match parsed.version {
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
        field::DESCRIPTION.name: card.text(field::DESCRIPTION),
        field::TAGS.name: card.texts(field::TAGS),
        field::ALTERNATE_GREETINGS.name: card.texts(field::ALTERNATE_GREETINGS),
        field::EXTENSIONS.name: card.value::<Value>(field::EXTENSIONS),
    })
}
