//! A persona: request, validated draft, stored persona.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(test)]
use crate::limits::*;
use crate::{CardJson, FieldError, Timestamp};

/// A persona to be stored: the body of `POST /api/personas` and `PUT /api/personas/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonaInput {
    /// Chosen by the client (UUIDv7), which makes POST idempotent. Ignored by PUT.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// PUT only: the edited revision. If a newer one is stored: 409 `stale`. Absent: overwrite.
    #[serde(default)]
    pub revision: Option<i32>,
    /// One line under the name; never sent to the model.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// A file of the same user.
    #[serde(default)]
    pub avatar_id: Option<Uuid>,
    /// The card. Only its `name` is required. It replaces the stored card.
    #[serde(default)]
    pub card: CardJson,
}

/// A validated [`PersonaInput`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaDraft {
    /// The edited revision; absent: overwrite.
    pub revision: Option<i32>,
    /// The card's name for lists: 1 to `NAME_CHARS_MAX` characters.
    pub name: String,
    /// The card's tags for lists: lower-case, at most `TAGS_MAX`, each at most `TAG_CHARS_MAX` characters.
    pub tags: Vec<String>,
    /// Trimmed, at most `TAGLINE_CHARS_MAX` characters.
    pub tagline: String,
    /// A file of the same user, if there is one.
    pub avatar_id: Option<Uuid>,
    /// The card's JSON: at most `CARD_JSON_BYTES_MAX` bytes, an object, without U+0000 and lone surrogates.
    pub card: String,
}

/// Rejects text with more than `max` characters, and U+0000, which Postgres cannot store.
pub fn check_text(field: &str, text: &str, max: usize) -> Option<FieldError> {
    if text.contains('\0') {
        return Some(FieldError::new(
            field,
            "invalid",
            "This contains a character that cannot be stored (U+0000).",
        ));
    }
    let chars = text.chars().count();
    (chars > max).then(|| {
        FieldError::new(
            field,
            "too_long",
            format!("This is {chars} characters long; the limit is {max}."),
        )
    })
}

/// A stored persona. `GET /api/personas/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Persona {
    /// UUIDv7.
    pub id: Uuid,
    /// Incremented by every edit.
    pub revision: i32,
    /// One line under the name, possibly empty.
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// The picture's file, readable at `/api/files/<id>`.
    pub avatar_id: Option<Uuid>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
    /// The card, as it was stored.
    pub card: CardJson,
}

/// A persona in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PersonaSummary {
    /// UUIDv7.
    pub id: Uuid,
    /// The card's name, truncated to `NAME_CHARS_MAX` characters.
    #[cfg_attr(test, schemars(length(min = 1, max = NAME_CHARS_MAX)))]
    pub name: String,
    /// One line, possibly empty.
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// The card's tags: lower-case, at most `TAGS_MAX`, each at most `TAG_CHARS_MAX` characters.
    #[cfg_attr(test, schemars(length(max = TAGS_MAX), inner(length(max = TAG_CHARS_MAX))))]
    pub tags: Vec<String>,
    /// Readable at `/api/files/<id>`.
    pub avatar_id: Option<Uuid>,
    /// The number of the user's conversations with it.
    pub conversations: i32,
    /// When it was last edited.
    pub updated_at: Timestamp,
}
