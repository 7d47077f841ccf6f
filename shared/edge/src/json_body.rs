//! Parses JSON bodies. Error messages name the field.

use serde::Deserialize;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use crate::Error;

/// The limit of a field's path in messages, in characters. The client chooses the names of unknown fields.
const PATH_CHARS_MAX: usize = 80;

/// Parses a JSON object.
///
/// # Errors
/// [`Error::Malformed`].
pub fn parse<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Error> {
    // serde would also accept an array of the fields.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::Malformed(if bytes.trim_ascii().is_empty() {
            "The body is empty. It must be a JSON object.".into()
        } else {
            "The body must be a JSON object.".into()
        }));
    }
    serde_json::from_slice(bytes).map_err(|error| Error::Malformed(explain::<T>(bytes, &error)))
}

/// The message of an error. Parses a second time, because tracking paths is slower.
fn explain<'de, T: Deserialize<'de>>(bytes: &'de [u8], error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        return format!(
            "The body is not valid JSON: see line {}, column {}.",
            error.line(),
            error.column()
        );
    }
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(reader) {
        Err(error) => {
            // In the notation of the field errors of a 422: `tags.3`.
            let known = |segment: &&Segment| !matches!(segment, Segment::Unknown);
            let path: Vec<_> = error
                .path()
                .iter()
                .filter(known)
                .map(ToString::to_string)
                .collect();
            let path = path.join(".").replace(['[', ']'], "");
            sentence(&path, &error.inner().to_string())
        }
        Ok(_) => "The body is invalid.".into(),
    }
}

/// Rewrites serde's message about the value at a path.
fn sentence(path: &str, message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or_default();
    let inside = |name: &str| match path {
        "" => shown(name),
        path => shown(&format!("{path}.{name}")),
    };
    let field = || match path {
        "" => "The body".to_owned(),
        path => shown(path),
    };
    if let Some(name) = quoted(message, "missing field ") {
        return format!("{} is missing.", inside(name));
    }
    if quoted(message, "unknown field ").is_some() {
        return format!("{} is not a field of this request.", field());
    }
    if let Some(name) = quoted(message, "duplicate field ") {
        return format!("{} appears twice.", inside(name));
    }
    if let Some((_, choices)) = message.split_once("unknown variant ") {
        let choices = choices.split_once("expected ").map_or("", |(_, rest)| rest);
        return format!("{} must be {}.", field(), choices.trim_start_matches("one of "));
    }
    if message.starts_with("UUID parsing failed") {
        return format!("{} must be a UUID.", field());
    }
    match message
        .rsplit_once(", expected ")
        .and_then(|(_, expected)| kind(expected))
    {
        Some(kind) => format!("{} must be {kind}.", field()),
        None => format!("{} has an invalid value.", field()),
    }
}

/// The name in backticks that follows `start`.
fn quoted<'m>(message: &'m str, start: &str) -> Option<&'m str> {
    let (name, _) = message.strip_prefix(start)?.strip_prefix('`')?.split_once('`')?;
    Some(name)
}

/// A field's path in backticks, truncated to [`PATH_CHARS_MAX`].
fn shown(path: &str) -> String {
    let cut: String = path
        .chars()
        .filter(|c| !c.is_control() && *c != '`')
        .take(PATH_CHARS_MAX)
        .collect();
    format!("`{cut}`")
}

/// The name of a type for messages, from serde's.
fn kind(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a string" | "a borrowed string" | "str" | "a character" => "a string",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" | "any valid JSON object" => "an object",
        "a UUID string" | "a formatted UUID string" => "a UUID",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more, within its limits",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number within its limits",
        "f32" | "f64" => "a number",
        "string or map" => "a string",
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("a UUID") => "a UUID",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Send,
        Retry,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Message {
        id: Uuid,
        content: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Input {
        name: String,
        #[serde(default)]
        tags: Vec<String>,
        seen: Option<u32>,
        kind: Option<Kind>,
        message: Option<Message>,
        is_on: Option<bool>,
    }

    #[test]
    fn messages_name_the_field() {
        let long = format!(r#"{{"name":"x","{}":1}}"#, "a".repeat(1000));
        let table: [&str; 22] = [
            "",
            " ",
            "[]",
            "null",
            "{",
            "{\n\"name\": x}",
            "{}{}",
            "{\"name\":\"\\ud800\"}",
            "{}",
            r#"{"name":7}"#,
            r#"{"name":null}"#,
            r#"{"name":"x","name":"y"}"#,
            r#"{"name":"x","nom":1}"#,
            &long,
            r#"{"name":"x","tags":"a"}"#,
            r#"{"name":"x","tags":["a","b",{}]}"#,
            r#"{"name":"x","seen":-1}"#,
            r#"{"name":"x","kind":"swipe"}"#,
            r#"{"name":"x","message":{"id":"no","content":""}}"#,
            r#"{"name":"x","message":{"id":"0199d2a0-0000-7000-8000-000000000001"}}"#,
            r#"{"name":"x","message":[]}"#,
            r#"{"name":"x","is_on":"yes"}"#,
        ];
        let lines: Vec<_> = table
            .iter()
            .map(|body| parse::<Input>(body.as_bytes()).unwrap_err().to_string())
            .collect();
        expect_test::expect![[r#"
            The body is empty. It must be a JSON object.
            The body is empty. It must be a JSON object.
            The body must be a JSON object.
            The body must be a JSON object.
            The body is not valid JSON: see line 1, column 1.
            The body is not valid JSON: see line 2, column 9.
            `name` is missing.
            The body is not valid JSON: see line 1, column 16.
            `name` is missing.
            `name` must be a string.
            `name` must be a string.
            `name` appears twice.
            `nom` is not a field of this request.
            `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is not a field of this request.
            `tags` must be a list.
            `tags.2` must be a string.
            `seen` must be a whole number, 0 or more, within its limits.
            `kind` must be `send` or `retry`.
            `message.id` must be a UUID.
            `message.content` is missing.
            `message` must be an object.
            `is_on` must be true or false."#]].assert_eq(&lines.join("\n"));
    }

    #[test]
    fn valid_bodies_are_parsed() {
        assert_eq!(parse::<Input>(br#"{"name":"x"}"#).unwrap().name, "x");
    }
}
