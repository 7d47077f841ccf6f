//! A persona: as it is typed, as it is accepted, as it is stored.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{FieldError, Timestamp, limits::*};

/// What a person typed: the body of `POST /api/personas` and `PUT /api/personas/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonaInput {
    /// Chosen by the client (UUIDv7), so that a repeated POST is the same POST. Ignored by PUT.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// PUT only: the revision that was edited. A newer one is stored: 409 `stale`. Absent: overwrite.
    #[serde(default)]
    pub revision: Option<i32>,
    /// The only required field.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(min = 1, max = NAME_CHARS_MAX)))]
    pub name: String,
    /// One line under the name; never sent to the model.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// Who the persona is.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub description: String,
    /// How the persona is.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub personality: String,
    /// Where the conversation takes place.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub scenario: String,
    /// The persona's first message; `{{char}}` and `{{user}}` are filled in.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = GREETING_CHARS_MAX)))]
    pub greeting: String,
    /// Example exchanges, blocks separated by `<START>`.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub example_dialogue: String,
    /// Replaces the product's system prompt; `{{original}}` inserts it.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub system_prompt: String,
    /// Sent after the history; `{{original}}` inserts the product's own.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub post_history_instructions: String,
    /// Lower-cased and trimmed when accepted; repeated ones are dropped.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = TAGS_MAX), inner(length(max = TAG_CHARS_MAX))))]
    pub tags: Vec<String>,
    /// A file that this person uploaded.
    #[serde(default)]
    pub avatar_id: Option<Uuid>,
}

/// An accepted [`PersonaInput`]: trimmed and within every limit. Only [`PersonaInput::accept`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaDraft(PersonaInput);

impl PersonaDraft {
    /// The accepted fields.
    pub fn fields(&self) -> &PersonaInput {
        &self.0
    }
}

impl PersonaInput {
    /// Checks everything at once.
    ///
    /// # Errors
    /// One [`FieldError`] for each field that needs another look.
    pub fn accept(mut self) -> Result<PersonaDraft, Vec<FieldError>> {
        let mut errors = Vec::new();
        self.name = self.name.trim().to_owned();
        self.tagline = self.tagline.trim().to_owned();
        if self.name.is_empty() {
            errors.push(FieldError::new("name", "required", "Give your persona a name."));
        }
        for (field, text, max) in [
            ("name", &self.name, NAME_CHARS_MAX),
            ("tagline", &self.tagline, TAGLINE_CHARS_MAX),
            ("description", &self.description, DEFINITION_CHARS_MAX),
            ("personality", &self.personality, DEFINITION_CHARS_MAX),
            ("scenario", &self.scenario, DEFINITION_CHARS_MAX),
            ("greeting", &self.greeting, GREETING_CHARS_MAX),
            ("example_dialogue", &self.example_dialogue, DEFINITION_CHARS_MAX),
            ("system_prompt", &self.system_prompt, DEFINITION_CHARS_MAX),
            (
                "post_history_instructions",
                &self.post_history_instructions,
                DEFINITION_CHARS_MAX,
            ),
        ] {
            errors.extend(check_text(field, text, max));
        }
        match accept_tags(&self.tags) {
            Ok(tags) => self.tags = tags,
            Err(more) => errors.extend(more),
        }
        if errors.is_empty() {
            Ok(PersonaDraft(self))
        } else {
            Err(errors)
        }
    }
}

/// Refuses text over `max` characters and U+0000, which Postgres cannot hold.
pub(crate) fn check_text(field: &str, text: &str, max: usize) -> Option<FieldError> {
    if text.contains('\0') {
        return Some(FieldError::new(
            field,
            "invalid",
            "This holds a character that cannot be stored (U+0000).",
        ));
    }
    let chars = text.chars().count();
    (chars > max).then(|| {
        FieldError::new(
            field,
            "too_long",
            format!("This is {chars} characters long; {max} is the most."),
        )
    })
}

fn accept_tags(tags: &[String]) -> Result<Vec<String>, Vec<FieldError>> {
    let mut accepted: Vec<String> = Vec::new();
    let mut errors = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        let tag = tag
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        errors.extend(check_text(&format!("tags.{index}"), &tag, TAG_CHARS_MAX));
        if !tag.is_empty() && !accepted.contains(&tag) {
            accepted.push(tag);
        }
    }
    if accepted.len() > TAGS_MAX {
        errors.push(FieldError::new(
            "tags",
            "too_many",
            format!("{TAGS_MAX} tags are the most."),
        ));
    }
    if errors.is_empty() {
        Ok(accepted)
    } else {
        Err(errors)
    }
}

/// A stored persona, whole. `GET /api/personas/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Persona {
    /// UUIDv7.
    pub id: Uuid,
    /// Goes up by one with every edit.
    pub revision: i32,
    /// See [`PersonaInput`] for the texts.
    #[cfg_attr(test, schemars(length(min = 1, max = NAME_CHARS_MAX)))]
    pub name: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub description: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub personality: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub scenario: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = GREETING_CHARS_MAX)))]
    pub greeting: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub example_dialogue: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub system_prompt: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = DEFINITION_CHARS_MAX)))]
    pub post_history_instructions: String,
    /// See [`PersonaInput`].
    #[cfg_attr(test, schemars(length(max = TAGS_MAX), inner(length(max = TAG_CHARS_MAX))))]
    pub tags: Vec<String>,
    /// The picture's file, readable at `/api/files/<id>`.
    pub avatar_id: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
}

/// A persona as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PersonaSummary {
    /// UUIDv7.
    pub id: Uuid,
    /// The name.
    #[cfg_attr(test, schemars(length(min = 1, max = NAME_CHARS_MAX)))]
    pub name: String,
    /// One line, possibly empty.
    #[cfg_attr(test, schemars(length(max = TAGLINE_CHARS_MAX)))]
    pub tagline: String,
    /// Lower-case tags.
    #[cfg_attr(test, schemars(length(max = TAGS_MAX), inner(length(max = TAG_CHARS_MAX))))]
    pub tags: Vec<String>,
    /// Readable at `/api/files/<id>`.
    pub avatar_id: Option<Uuid>,
    /// How many conversations this person has with it.
    pub conversations: i32,
    /// When it was last edited.
    pub updated_at: Timestamp,
}
