//! Parses JSON card files within the limits.

use api::limits::CARD_DEPTH_MAX;

use super::{
    CardError, Content, JSON_BYTES_MAX, Parsed, Version, Warning, file,
    object::Object,
    text::{is_shallow, storable},
};

/// The newest supported version of the specification.
const KNOWN_VERSION: f64 = 3.0;

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, CardError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(CardError::TooLarge("more than 5 MiB of JSON"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CardError::NotJson)?;
    let text = text.trim_start_matches('\u{feff}');
    // The file's envelope adds one level.
    if !is_shallow(text, CARD_DEPTH_MAX.saturating_add(1)) {
        return Err(CardError::TooDeep);
    }
    let text = storable(text);
    let Some(root) = Object::read(&text) else {
        return Err(match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            Ok(_) => CardError::NotACard,
            Err(_) => CardError::NotJson,
        });
    };
    let spec = file::spec(&root);
    let mut warnings = warnings(&spec, file::spec_version(&root));
    let (content, version) = if spec == "lorebook_v3" {
        let book = file::data(&root).ok_or(CardError::NotACard)?;
        let book = serde_json::from_str(book).map_err(|_| CardError::NotJson)?;
        (Content::Lorebook(book), Version::V3)
    } else {
        let (card, version, unreadable) = file::read(&root)?;
        warnings.extend(
            unreadable
                .iter()
                .map(|field| Warning::UnreadableField(field.name)),
        );
        (Content::Character(Box::new(card)), version)
    };
    Ok(Parsed {
        content,
        version,
        assets: Vec::new(),
        warnings,
    })
}

fn warnings(spec: &str, version: Option<&str>) -> Vec<Warning> {
    if !matches!(spec, "" | "chara_card_v2" | "chara_card_v3" | "lorebook_v3") {
        return vec![Warning::UnknownSpec(spec.chars().take(100).collect())];
    }
    // A string in the specification, a number in some files.
    let version = version.and_then(|json| json.trim_matches(['"', ' ']).parse().ok());
    let newer = version.filter(|version: &f64| *version > KNOWN_VERSION);
    newer
        .map(|version| Warning::NewerVersion(version.to_string()))
        .into_iter()
        .collect()
}
