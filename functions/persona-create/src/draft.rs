//! Validates a client's persona and derives what is stored.

use api::{FieldError, PersonaDraft, PersonaInput, card::field::Kind, check_text, limits::*};
use engine::card::{Card, CardError, field};

/// Validates a persona, and derives the name and tags for lists from its card.
///
/// # Errors
/// One [`FieldError`] for each invalid field.
pub fn accept(input: PersonaInput) -> Result<PersonaDraft, Vec<FieldError>> {
    let tagline = input.tagline.trim().to_owned();
    let mut errors: Vec<FieldError> = check_text("tagline", &tagline, TAGLINE_CHARS_MAX)
        .into_iter()
        .collect();
    match accept_card(input.card.get()) {
        Ok(card) if errors.is_empty() => Ok(PersonaDraft {
            revision: input.revision,
            name: listed_name(&card),
            tags: listed_tags(&card),
            tagline,
            avatar_id: input.avatar_id,
            card: card.into_json(),
        }),
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}

fn accept_card(json: &str) -> Result<Card, Vec<FieldError>> {
    if json.len() > CARD_JSON_BYTES_MAX {
        let message = format!(
            "The card is {} bytes of JSON; the limit is {CARD_JSON_BYTES_MAX}.",
            json.len()
        );
        return Err(vec![FieldError::new("card", "too_long", message)]);
    }
    let (card, unreadable) = Card::read(json).map_err(|error| vec![field_error(&error)])?;
    let mut errors: Vec<FieldError> = unreadable
        .iter()
        .map(|field| {
            let expected = match field.kind {
                Kind::Texts => "This must be a list of strings.",
                Kind::Object => "This must be an object.",
                Kind::Text | Kind::OptionalText | Kind::Other => "This must be a string.",
            };
            FieldError::new(format!("card.{}", field.name), "invalid", expected)
        })
        .collect();
    if card.text(field::NAME).trim().is_empty() && !unreadable.contains(&field::NAME) {
        let name = format!("card.{}", field::NAME.name);
        errors.push(FieldError::new(name, "required", "Give your persona a name."));
    }
    if card.as_json().len() > CARD_JSON_BYTES_MAX {
        // Numbers that were converted to strings are longer.
        errors.push(FieldError::new("card", "too_long", "The card is too long."));
    }
    if errors.is_empty() { Ok(card) } else { Err(errors) }
}

fn field_error(error: &CardError) -> FieldError {
    match error {
        CardError::TooLarge(_) => FieldError::new(
            format!("card.{}.entries", field::CHARACTER_BOOK.name),
            "too_many",
            format!("A lorebook can have at most {LORE_ENTRIES_MAX} entries."),
        ),
        CardError::TooDeep => FieldError::new(
            "card",
            "invalid",
            format!("The card is nested too deeply: the limit is {CARD_DEPTH_MAX} levels."),
        ),
        _ => FieldError::new("card", "invalid", "A card must be a JSON object."),
    }
}

/// The name for lists.
fn listed_name(card: &Card) -> String {
    let name = card.text(field::NAME);
    name.trim().chars().take(NAME_CHARS_MAX).collect()
}

/// The tags for lists: lower-case, single spaces, no duplicates.
fn listed_tags(card: &Card) -> Vec<String> {
    let mut listed: Vec<String> = Vec::new();
    for tag in card.texts(field::TAGS) {
        let words: Vec<&str> = tag.split_whitespace().collect();
        let tag: String = words
            .join(" ")
            .to_lowercase()
            .chars()
            .take(TAG_CHARS_MAX)
            .collect();
        let tag = tag.trim_end().to_owned();
        if !tag.is_empty() && !listed.contains(&tag) {
            listed.push(tag);
        }
        if listed.len() == TAGS_MAX {
            break;
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(card: &str) -> PersonaInput {
        serde_json::from_str(&format!(r#"{{"card":{card}}}"#)).unwrap()
    }

    fn errors(input: PersonaInput) -> Vec<String> {
        let errors = accept(input).expect_err("it is invalid");
        let lines = errors
            .iter()
            .map(|error| format!("{} {}", error.field, error.code));
        lines.collect()
    }

    #[test]
    fn a_card_is_stored_unchanged_and_lists_get_short_fields() {
        let card = r#"{ "tags":[" Sea ","sea","","Deep   Sea","ÉTÉ"],"x":1.0, "name":"  Mira "}"#;
        let draft = accept(input(card)).unwrap();
        assert_eq!(draft.card, card);
        assert_eq!(draft.name, "Mira");
        assert_eq!(draft.tags, ["sea", "deep sea", "été"]);

        let tags: Vec<String> = (0..40).map(|at| format!("{at} {}", "x".repeat(60))).collect();
        let card = serde_json::json!({ "name": "🗼".repeat(200), "tags": tags });
        let draft = accept(input(&card.to_string())).unwrap();
        assert_eq!(draft.name.chars().count(), NAME_CHARS_MAX);
        assert_eq!(draft.tags.len(), TAGS_MAX);
        assert!(draft.tags.iter().all(|tag| tag.chars().count() == TAG_CHARS_MAX));
    }

    #[test]
    fn all_invalid_fields_are_reported() {
        let mut both = input(r#"{"name":"  ","description":{},"tags":[[]],"extensions":7}"#);
        both.tagline = "x".repeat(TAGLINE_CHARS_MAX + 1);
        assert_eq!(
            errors(both),
            [
                "tagline too_long",
                "card.description invalid",
                "card.tags invalid",
                "card.extensions invalid",
                "card.name required"
            ]
        );
        assert_eq!(errors(PersonaInput::default()), ["card.name required"]);
        for (card, expected) in [
            ("[]", "card invalid"),
            ("null", "card invalid"),
            (r#"{"name":[]}"#, "card.name invalid"),
            (r#"{"name":null}"#, "card.name required"),
        ] {
            assert_eq!(errors(input(card)), [expected], "{card}");
        }
    }

    #[test]
    fn size_depth_and_lore_of_a_card_are_limited() {
        let long = |bytes: usize| format!(r#"{{"name":"{}"}}"#, "x".repeat(bytes - 11));
        assert!(accept(input(&long(CARD_JSON_BYTES_MAX))).is_ok());
        assert_eq!(errors(input(&long(CARD_JSON_BYTES_MAX + 1))), ["card too_long"]);
        let deep = format!(r#"{{"name":"x","a":{}{}}}"#, "[".repeat(64), "]".repeat(64));
        assert_eq!(errors(input(&deep)), ["card invalid"]);
        let entries = vec!["{}"; LORE_ENTRIES_MAX + 1].join(",");
        let book = format!(r#"{{"name":"x","character_book":{{"entries":[{entries}]}}}}"#);
        assert_eq!(errors(input(&book)), ["card.character_book.entries too_many"]);
    }
}
