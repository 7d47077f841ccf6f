//! A persona's card on the wire: the `data` object of a character card V3.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// A card's JSON text, unchanged: key order, whitespace, number formats and unknown fields are preserved.
///
/// Any JSON value until `engine::card` has validated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardJson(String);

impl CardJson {
    /// The JSON text.
    pub fn get(&self) -> &str {
        &self.0
    }
}

/// A card without fields.
impl Default for CardJson {
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

impl<'de> Deserialize<'de> for CardJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(String::from(Box::<str>::from(text))))
    }
}

impl Serialize for CardJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for CardJson {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CardJson".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        use field::Kind;
        use serde_json::json;

        let properties: serde_json::Map<_, _> = field::ALL
            .iter()
            .zip(field::ABOUT)
            .map(|(field, about)| {
                let mut schema = match field.kind {
                    Kind::Text | Kind::OptionalText => json!({ "type": "string" }),
                    Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
                    Kind::Object => json!({ "type": "object", "additionalProperties": true }),
                    Kind::Other => json!({}),
                };
                schema["description"] = about.trim().into();
                (field.name.to_owned(), schema)
            })
            .collect();
        schemars::json_schema!({
            "type": "object",
            "description": "The `data` of a character card V3. Unknown fields at every level, the order of keys and the \
                            digits of numbers are preserved.",
            "properties": properties,
            "additionalProperties": true,
        })
    }
}

/// The fields of the specification. Other Rust code uses these constants, not the names.
pub mod field {
    /// A field of a card.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct CardField {
        /// Its key in the JSON object.
        pub name: &'static str,
        /// What it holds.
        pub kind: Kind,
    }

    /// What a field holds.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Kind {
        /// A string. The specification requires the field.
        Text,
        /// A string, or absent.
        OptionalText,
        /// A list of strings. The specification requires the field.
        Texts,
        /// An object. The specification requires the field.
        Object,
        /// Another type. It is kept unchanged and checked where it is used.
        Other,
    }

    macro_rules! fields {
        ($($(#[doc = $about:literal])+ $id:ident = $name:literal: $kind:ident;)*) => {
            $($(#[doc = $about])+ pub const $id: CardField = CardField { name: $name, kind: Kind::$kind };)*
            /// Every field, in the order of the specification.
            pub const ALL: &[CardField] = &[$($id),*];
            /// The description of each field of [`ALL`].
            pub const ABOUT: &[&str] = &[$(concat!($($about),+)),*];
        };
    }

    fields! {
        /// The character's name. `{{char}}` if there is no nickname.
        NAME = "name": Text;
        /// The character's description.
        DESCRIPTION = "description": Text;
        /// The character's personality.
        PERSONALITY = "personality": Text;
        /// The setting of the conversation.
        SCENARIO = "scenario": Text;
        /// The first message. Macros such as `{{char}}` and `{{user}}` are expanded.
        FIRST_MES = "first_mes": Text;
        /// Example exchanges, blocks separated by `<START>`.
        MES_EXAMPLE = "mes_example": Text;
        /// For people; never sent to a model.
        CREATOR_NOTES = "creator_notes": Text;
        /// Replaces the default system prompt; `{{original}}` inserts it.
        SYSTEM_PROMPT = "system_prompt": Text;
        /// Sent after the history; `{{original}}` inserts the default.
        POST_HISTORY_INSTRUCTIONS = "post_history_instructions": Text;
        /// Other first messages.
        ALTERNATE_GREETINGS = "alternate_greetings": Texts;
        /// A lorebook.
        CHARACTER_BOOK = "character_book": Other;
        /// For people; never sent to a model.
        TAGS = "tags": Texts;
        /// For people; never sent to a model.
        CREATOR = "creator": Text;
        /// For people; never sent to a model.
        CHARACTER_VERSION = "character_version": Text;
        /// Data of programs, each under its own key.
        EXTENSIONS = "extensions": Object;
        /// Pictures and other files, by URL.
        ASSETS = "assets": Other;
        /// Replaces the name as `{{char}}`.
        NICKNAME = "nickname": OptionalText;
        /// `creator_notes` by language.
        CREATOR_NOTES_MULTILINGUAL = "creator_notes_multilingual": Other;
        /// Where the card comes from.
        SOURCE = "source": Other;
        /// First messages for groups only.
        GROUP_ONLY_GREETINGS = "group_only_greetings": Texts;
        /// Seconds since 1970; 0 is unknown.
        CREATION_DATE = "creation_date": Other;
        /// Seconds since 1970; 0 is unknown.
        MODIFICATION_DATE = "modification_date": Other;
    }

    impl Kind {
        /// The JSON of an empty value, for a field that the specification requires.
        #[must_use]
        pub fn empty(self) -> Option<&'static str> {
            match self {
                Self::Text => Some("\"\""),
                Self::Texts => Some("[]"),
                Self::Object => Some("{}"),
                Self::OptionalText | Self::Other => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_serialized_byte_for_byte() {
        let text = r#"{ "b":1.0,"a":123456789012345678901234567890, "a" : [ ] }"#;
        let card: CardJson = serde_json::from_str(text).unwrap();
        assert_eq!(card.get(), text);
        assert_eq!(serde_json::to_string(&card).unwrap(), text);
        assert_eq!(CardJson::default().get(), "{}");
    }

    #[test]
    fn field_names_are_unique_and_described() {
        let mut names: Vec<&str> = field::ALL.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), field::ALL.len());
        assert_eq!(field::ABOUT.len(), field::ALL.len());
    }
}
