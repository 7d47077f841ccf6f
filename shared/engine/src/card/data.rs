//! A card: the `data` object of a character card V3.

use std::borrow::Cow;

use api::{
    card::field::{self, CardField, Kind},
    limits::{CARD_DEPTH_MAX, LORE_ENTRIES_MAX, NAME_CHARS_MAX},
};
use serde::de::IgnoredAny;
use serde_json::{Value, value::RawValue};

use super::{
    CardError,
    object::{Object, quoted},
    text::{is_shallow, storable},
};

/// A persona's card: the `data` of a character card V3, whatever version it was read from.
///
/// It preserves the JSON text: unknown fields, key order and number formats at every level. Strings are not
/// processed and can contain macros and HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card(pub(super) Object);

/// A card without fields.
impl Default for Card {
    fn default() -> Self {
        Self(Object::default())
    }
}

impl Card {
    /// Reads a card's `data`. A known field of another type than the specification's is converted if its meaning is
    /// clear; otherwise it is emptied and returned in the list of unreadable fields.
    ///
    /// U+0000 and lone surrogates are removed first.
    ///
    /// # Errors
    /// [`CardError::NotJson`], [`CardError::NotACard`] for JSON that is not an object, [`CardError::TooDeep`], and
    /// [`CardError::TooLarge`] for a lorebook with too many entries.
    pub fn read(json: &str) -> Result<(Self, Vec<CardField>), CardError> {
        if !is_shallow(json, CARD_DEPTH_MAX) {
            return Err(CardError::TooDeep);
        }
        let json = storable(json);
        let Some(object) = Object::read(&json) else {
            return Err(match serde_json::from_str::<IgnoredAny>(&json) {
                Ok(_) => CardError::NotACard,
                Err(_) => CardError::NotJson,
            });
        };
        let mut card = Self(object);
        if entries(card.json(field::CHARACTER_BOOK)) > LORE_ENTRIES_MAX {
            return Err(CardError::TooLarge("more than 3,000 lore entries"));
        }
        let unreadable = card.normalize();
        Ok((card, unreadable))
    }

    /// A card that was validated before. `None` if it is not a JSON object.
    #[must_use]
    pub fn stored(json: &str) -> Option<Self> {
        Object::read(json).map(Self)
    }

    /// The card's JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.0.text()
    }

    /// The card's JSON.
    #[must_use]
    pub fn into_json(self) -> String {
        self.0.into_text()
    }

    /// The JSON of a field.
    #[must_use]
    pub fn json(&self, field: CardField) -> Option<&str> {
        self.0.get(field.name)
    }

    /// The text of a field, empty if there is none.
    #[must_use]
    pub fn text(&self, field: CardField) -> Cow<'_, str> {
        let json = self.json(field).unwrap_or_default();
        match serde_json::from_str::<&str>(json) {
            Ok(text) => Cow::Borrowed(text),
            // Text with escapes cannot be borrowed.
            Err(_) => Cow::Owned(serde_json::from_str(json).unwrap_or_default()),
        }
    }

    /// The texts of a field, without empty ones.
    #[must_use]
    pub fn texts(&self, field: CardField) -> Vec<String> {
        let mut texts: Vec<String> = self.value(field).unwrap_or_default();
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// A field of another type. `None` if it is absent or has another type.
    #[must_use]
    pub fn value<T: serde::de::DeserializeOwned>(&self, field: CardField) -> Option<T> {
        serde_json::from_str(self.json(field)?).ok()
    }

    /// Replaces a field. Every other byte of the card stays unchanged.
    pub fn set(&mut self, field: CardField, value: &Value) {
        self.0.set(field.name, &value.to_string());
    }

    /// The value of `{{char}}`: the nickname if there is one, otherwise the name, trimmed. Truncated to
    /// [`NAME_CHARS_MAX`] characters, because a text can repeat it many times.
    #[must_use]
    pub fn char_name(&self) -> String {
        let nickname = self.text(field::NICKNAME);
        let name = self.text(field::NAME);
        let chosen = if nickname.trim().is_empty() {
            name
        } else {
            nickname
        };
        chosen.trim().chars().take(NAME_CHARS_MAX).collect()
    }

    /// The lorebook, for [`crate::lore::Book::read`].
    #[must_use]
    pub fn book(&self) -> Option<Value> {
        self.value(field::CHARACTER_BOOK).filter(Value::is_object)
    }

    /// V3's `assets`, empty if it is not a list.
    #[must_use]
    pub fn assets(&self) -> Vec<Value> {
        self.value(field::ASSETS).unwrap_or_default()
    }

    /// Converts known fields to their types. Returns the unreadable ones.
    fn normalize(&mut self) -> Vec<CardField> {
        let mut unreadable = Vec::new();
        for field in field::ALL {
            let Some(json) = self.json(*field) else { continue };
            let (normalized, is_readable) = normalized(*field, json);
            if let Some(json) = normalized {
                self.0.set(field.name, &json);
            }
            if !is_readable {
                unreadable.push(*field);
            }
        }
        unreadable
    }
}

/// The replacement of a field's JSON, if it needs one, and whether all of it was readable.
fn normalized(field: CardField, json: &str) -> (Option<String>, bool) {
    match field.kind {
        Kind::Other => (None, true),
        Kind::Object if json.starts_with('{') => (None, true),
        // PHP encodes an empty object as `[]`.
        Kind::Object => {
            let is_empty = json == "null" || serde_json::from_str::<[(); 0]>(json).is_ok();
            (Some("{}".to_owned()), is_empty)
        }
        Kind::Text | Kind::OptionalText if json.starts_with('"') => (None, true),
        Kind::Text | Kind::OptionalText => match as_text(json) {
            Some(text) => (Some(text), true),
            None => (Some(quoted("")), json == "null"),
        },
        Kind::Texts => normalized_texts(field, json),
    }
}

fn normalized_texts(field: CardField, json: &str) -> (Option<String>, bool) {
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) {
        let items: Vec<&str> = items.into_iter().map(RawValue::get).collect();
        if items.iter().all(|item| item.starts_with('"')) {
            return (None, true);
        }
        let texts: Vec<String> = items.iter().filter_map(|item| as_text(item)).collect();
        let nulls = items.iter().filter(|item| **item == "null").count();
        let is_readable = texts.len().saturating_add(nulls) == items.len();
        return (Some(format!("[{}]", texts.join(","))), is_readable);
    }
    match serde_json::from_str::<String>(json) {
        // Tags in one string are separated by commas. A greeting can contain commas.
        Ok(text) => {
            let items: Vec<&str> = if field == field::TAGS {
                text.split(',').map(str::trim).collect()
            } else {
                vec![text.as_str()]
            };
            let items: Vec<String> = items
                .into_iter()
                .filter(|item| !item.is_empty())
                .map(quoted)
                .collect();
            (Some(format!("[{}]", items.join(","))), true)
        }
        Err(_) => match as_text(json) {
            Some(text) => (Some(format!("[{text}]")), true),
            None => (Some("[]".to_owned()), json == "null"),
        },
    }
}

/// A string unchanged, a number as a string of its digits.
fn as_text(json: &str) -> Option<String> {
    match json.bytes().next()? {
        b'"' => Some(json.to_owned()),
        b'-' | b'0'..=b'9' => Some(quoted(json)),
        _ => None,
    }
}

/// The number of a lorebook's entries, in a list or in a map.
fn entries(book: Option<&str>) -> usize {
    let Some(book) = book.and_then(Object::read) else {
        return 0;
    };
    let entries = book.get("entries").unwrap_or_default();
    match serde_json::from_str::<Vec<IgnoredAny>>(entries) {
        Ok(list) => list.len(),
        Err(_) => Object::read(entries).map_or(0, |map| map.members().count()),
    }
}
