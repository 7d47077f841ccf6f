//! Card files: reads every version, writes V3.

use api::card::field::{self, CardField};

use super::{
    Card, CardError, Version,
    object::{Object, quoted},
};

const SPEC: &str = "spec";
const SPEC_VERSION: &str = "spec_version";
const DATA: &str = "data";
/// The members of the file's envelope.
const ENVELOPE: [&str; 3] = [SPEC, SPEC_VERSION, DATA];
/// The key in `extensions` that holds unknown members of the envelope.
const BESIDE_DATA: &str = "persona/file";
/// The field names of Pygmalion's first interface.
const PYGMALION: [(&str, CardField); 5] = [
    ("char_name", field::NAME),
    ("char_persona", field::DESCRIPTION),
    ("world_scenario", field::SCENARIO),
    ("char_greeting", field::FIRST_MES),
    ("example_dialogue", field::MES_EXAMPLE),
];

/// The file's `spec`, if it is a text.
pub(super) fn spec(root: &Object) -> String {
    let spec = root.get(SPEC).unwrap_or_default();
    serde_json::from_str(spec).unwrap_or_default()
}

/// The file's `spec_version`, as JSON.
pub(super) fn spec_version(root: &Object) -> Option<&str> {
    root.get(SPEC_VERSION)
}

/// The file's `data`, if it is an object.
pub(super) fn data(root: &Object) -> Option<&str> {
    root.get(DATA).filter(|data| data.starts_with('{'))
}

/// Reads a card of any version. Also returns the unreadable fields.
pub(super) fn read(root: &Object) -> Result<(Card, Version, Vec<CardField>), CardError> {
    let spec = spec(root);
    let (version, (mut card, unreadable)) = match data(root) {
        // Some files also have V1 fields beside `data`. `data` is the current one.
        Some(data) => {
            let version = if spec == "chara_card_v3" {
                Version::V3
            } else {
                Version::V2
            };
            (version, Card::read(data)?)
        }
        None if root.get("char_name").is_some() => {
            (Version::Pygmalion, Card::read(from_pygmalion(root).text())?)
        }
        None => (Version::V1, Card::read(root.text())?),
    };
    // JSON without a name and a `spec` can be anything.
    if card.text(field::NAME).trim().is_empty() && !spec.starts_with("chara_card_") {
        return Err(CardError::NotACard);
    }
    if data(root).is_some() {
        keep_envelope_members(&mut card, root);
    }
    Ok((card, version, unreadable))
}

/// Copies the old fields to the current names.
fn from_pygmalion(root: &Object) -> Object {
    let mut card = root.clone();
    for (old, field) in PYGMALION {
        let is_free = root.get(field.name).is_none_or(|json| json == quoted(""));
        if let (Some(json), true) = (root.get(old), is_free) {
            card.set(field.name, json);
        }
    }
    card
}

/// Stores members beside `data` that are not copies of card fields in `extensions`.
fn keep_envelope_members(card: &mut Card, root: &Object) {
    let is_copy = |name: &str| ENVELOPE.contains(&name) || field::ALL.iter().any(|field| field.name == name);
    let mut beside = root.members().filter(|(name, _)| !is_copy(name)).peekable();
    if beside.peek().is_none() {
        return;
    }
    let extensions = card.json(field::EXTENSIONS).unwrap_or("{}");
    if let (Some(mut extensions), Some(beside)) = (Object::read(extensions), Object::of(beside)) {
        extensions.set(BESIDE_DATA, beside.text());
        card.0.set(field::EXTENSIONS.name, extensions.text());
    }
}

impl Card {
    /// The card as a V3 file: `spec`, `spec_version` and `data` with all required fields.
    #[must_use]
    pub fn to_file_json(&self) -> String {
        let mut data = self.0.clone();
        let extensions = self.json(field::EXTENSIONS).and_then(Object::read);
        let beside = extensions
            .as_ref()
            .and_then(|extensions| Object::read(extensions.get(BESIDE_DATA)?));
        if let (Some(extensions), Some(_)) = (&extensions, &beside) {
            let others = extensions.members().filter(|(name, _)| *name != BESIDE_DATA);
            if let Some(others) = Object::of(others) {
                data.set(field::EXTENSIONS.name, others.text());
            }
        }
        for field in field::ALL {
            if let (None, Some(empty)) = (data.get(field.name), field.kind.empty()) {
                data.set(field.name, empty);
            }
        }
        let mut file = format!(
            r#"{{"{SPEC}":"chara_card_v3","{SPEC_VERSION}":"3.0","{DATA}":{}"#,
            data.text()
        );
        for (name, json) in beside.iter().flat_map(Object::members) {
            file.push_str(&format!(",{}:{json}", quoted(name)));
        }
        file.push('}');
        file
    }
}
