//! A card's JSON, under its limits.

use serde_json::Value;

use super::{CardError, Content, JSON_BYTES_MAX, JSON_DEPTH_MAX, Parsed, Warning, fields::Card};

/// The newest version of the specification that this knows.
const KNOWN_VERSION: f64 = 3.0;

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, CardError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(CardError::TooLarge("more than 5 MiB of JSON"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CardError::NotJson)?;
    let text = text.trim_start_matches('\u{feff}');
    if !is_shallow(text) {
        return Err(CardError::NotJson);
    }
    let value: Value = serde_json::from_str(text).map_err(|_| CardError::NotJson)?;
    let spec = value.get("spec").and_then(Value::as_str).unwrap_or_default();
    let data = value.get("data").filter(|data| data.is_object());
    let content = match (spec, data) {
        ("lorebook_v3", Some(book)) => Content::Lorebook(book.clone()),
        ("lorebook_v3", None) => return Err(CardError::NotACard),
        _ => Content::Character(Box::new(Card::read(&value).ok_or(CardError::NotACard)?)),
    };
    let warnings = warnings(spec, value.get("spec_version"));
    Ok(Parsed {
        content,
        source: text.to_owned(),
        assets: Vec::new(),
        warnings,
    })
}

fn warnings(spec: &str, version: Option<&Value>) -> Vec<Warning> {
    if !matches!(spec, "" | "chara_card_v2" | "chara_card_v3" | "lorebook_v3") {
        return vec![Warning::UnknownSpec(spec.chars().take(100).collect())];
    }
    let version = match version {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(number) => number.as_f64(),
        None => None,
    };
    let newer = version.filter(|version: &f64| *version > KNOWN_VERSION);
    newer
        .map(|version| Warning::NewerVersion(version.to_string()))
        .into_iter()
        .collect()
}

/// Counts brackets outside of strings, before a parser recurses into them.
fn is_shallow(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth = depth.saturating_add(1),
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > JSON_DEPTH_MAX {
            return false;
        }
    }
    true
}
