//! The fields of a card, in every version's names, read leniently.

use serde_json::{Map, Value};

/// Which generation of cards a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Six strings.
    V1,
    /// `chara_card_v2`.
    V2,
    /// `chara_card_v3`.
    V3,
    /// The names of Pygmalion's first interface.
    Pygmalion,
}

/// A character. Text is as its author wrote it: macros, HTML and all.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Where it comes from.
    pub version: Version,
    /// Shown, and `{{char}}` where there is no nickname.
    pub name: String,
    /// `{{char}}`, if not empty.
    pub nickname: String,
    /// Who the character is.
    pub description: String,
    /// How the character is.
    pub personality: String,
    /// Where it takes place.
    pub scenario: String,
    /// The greeting.
    pub first_mes: String,
    /// Other greetings.
    pub alternate_greetings: Vec<String>,
    /// Example blocks.
    pub mes_example: String,
    /// For people, never for a model.
    pub creator_notes: String,
    /// Replaces the product's own.
    pub system_prompt: String,
    /// Replaces the product's own.
    pub post_history_instructions: String,
    /// For people.
    pub tags: Vec<String>,
    /// For people.
    pub creator: String,
    /// For people.
    pub character_version: String,
    /// See [`crate::lore::Book::read`].
    pub character_book: Option<Value>,
    /// V3's `assets`, as they are.
    pub assets: Vec<Value>,
    /// What programs add.
    pub extensions: Map<String, Value>,
}

impl Card {
    /// Reads a card of any version; nothing where there is not even a name.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let root = value.as_object()?;
        let data = value.get("data").and_then(Value::as_object);
        let version = match value.get("spec").and_then(Value::as_str) {
            Some("chara_card_v3") => Version::V3,
            _ if data.is_some() => Version::V2,
            _ if root.contains_key("char_name") => Version::Pygmalion,
            _ => Version::V1,
        };
        // Newer files mirror old fields at the root; `data` is the one that is kept up to date.
        let fields = data.unwrap_or(root);
        let named = |name: &str, pygmalion: &str| {
            text(fields.get(if version == Version::Pygmalion {
                pygmalion
            } else {
                name
            }))
        };
        let name = named("name", "char_name");
        if name.trim().is_empty() {
            return None;
        }
        let own = |name: &str| text(fields.get(name));
        Some(Self {
            version,
            name,
            nickname: own("nickname"),
            description: named("description", "char_persona"),
            personality: own("personality"),
            scenario: named("scenario", "world_scenario"),
            first_mes: named("first_mes", "char_greeting"),
            alternate_greetings: texts(fields.get("alternate_greetings"), false),
            mes_example: named("mes_example", "example_dialogue"),
            creator_notes: own("creator_notes"),
            system_prompt: own("system_prompt"),
            post_history_instructions: own("post_history_instructions"),
            tags: texts(fields.get("tags"), true),
            creator: own("creator"),
            character_version: own("character_version"),
            character_book: fields
                .get("character_book")
                .filter(|book| book.is_object())
                .cloned(),
            assets: fields
                .get("assets")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            extensions: fields
                .get("extensions")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        })
    }

    /// What `{{char}}` stands for.
    #[must_use]
    pub fn char_name(&self) -> &str {
        if self.nickname.trim().is_empty() {
            &self.name
        } else {
            &self.nickname
        }
    }
}

/// A string; a number as its digits. No text is an empty one.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.replace('\0', ""),
        Some(number @ Value::Number(_)) => number.to_string(),
        _ => String::new(),
    }
}

/// A list of strings; a single string is a list of one, or of its parts between commas.
fn texts(value: Option<&Value>, by_commas: bool) -> Vec<String> {
    let all = match value {
        Some(Value::Array(items)) => items.iter().map(|item| text(Some(item))).collect(),
        Some(Value::String(items)) if by_commas => {
            items.split(',').map(|item| item.trim().to_owned()).collect()
        }
        other => vec![text(other)],
    };
    all.into_iter().filter(|item| !item.is_empty()).collect()
}
