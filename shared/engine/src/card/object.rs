//! A JSON object that preserves its text.

use std::{fmt, ops::Range};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A JSON object. The order and text of its members and the whitespace are preserved.
///
/// The last of several members with the same name counts, as in most JSON parsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    text: String,
    /// Names, and the ranges of their values in `text`.
    members: Vec<(String, Range<usize>)>,
}

/// An object without members.
impl Default for Object {
    fn default() -> Self {
        Self {
            text: "{}".to_owned(),
            members: Vec::new(),
        }
    }
}

impl Object {
    /// Parses an object. `None` if `text` is other JSON or not JSON.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let members: Members<'_> = serde_json::from_str(text).ok()?;
        let members = members
            .0
            .into_iter()
            .map(|(name, value)| (name, span(text, value.get())))
            .collect();
        Some(Self {
            text: text.to_owned(),
            members,
        })
    }

    /// The whole object.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The JSON of a member.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.members.iter().rfind(|(other, _)| other == name)?;
        self.text.get(value.clone())
    }

    /// Names and their JSON, in order.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), self.text.get(value.clone())?)))
    }

    /// Replaces the JSON of a member, or appends a member. `json` must be one JSON value.
    pub(super) fn set(&mut self, name: &str, json: &str) {
        let Some(at) = self.members.iter().rposition(|(other, _)| other == name) else {
            return self.push(name, json);
        };
        let Some((_, old)) = self.members.get(at).cloned() else {
            return;
        };
        self.text.replace_range(old.clone(), json);
        let moved = |offset: usize| {
            let without_old = offset.saturating_sub(old.len());
            without_old.saturating_add(json.len())
        };
        for (_, value) in self.members.iter_mut().skip(at) {
            let start = if value.start > old.start {
                moved(value.start)
            } else {
                value.start
            };
            *value = start..moved(value.end);
        }
    }

    fn push(&mut self, name: &str, json: &str) {
        let end = self.text.rfind('}').unwrap_or(self.text.len());
        let comma = if self.members.is_empty() { "" } else { "," };
        let key = format!("{comma}{}:", quoted(name));
        self.text.insert_str(end, &format!("{key}{json}"));
        let start = end.saturating_add(key.len());
        self.members
            .push((name.to_owned(), start..start.saturating_add(json.len())));
    }

    /// An object of these members, without whitespace.
    pub(super) fn of<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let members: Vec<String> = members
            .map(|(name, json)| format!("{}:{json}", quoted(name)))
            .collect();
        Self::read(&format!("{{{}}}", members.join(",")))
    }
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The range of `part`, a slice of `text`, in it.
fn span(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start.saturating_add(part.len())
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_leaves_other_bytes_unchanged() {
        let text = " { \"b\" : 1.00 ,\"a\":[ 1 , {\"x\":1e400}], \"\\u0061\":2} ";
        let mut object = Object::read(text).unwrap();
        assert_eq!(object.text(), text.trim());
        assert_eq!(object.get("a"), Some("2"), "the last duplicate counts");
        object.set("b", "\"{}\"");
        object.set("c", "null");
        assert_eq!(
            object.text(),
            r#"{ "b" : "{}" ,"a":[ 1 , {"x":1e400}], "\u0061":2,"c":null}"#
        );
        assert_eq!(Object::read(object.text()).as_ref(), Some(&object));
        object.set("a", "3");
        object.set("b", "[]");
        assert_eq!((object.get("b"), object.get("c")), (Some("[]"), Some("null")));
        assert_eq!(Object::read(object.text()), Some(object));
        for empty in ["{}", "{ }"] {
            let mut object = Object::read(empty).unwrap();
            object.set("\"", "1");
            assert_eq!(object.get("\""), Some("1"), "{}", object.text());
        }
    }

    #[test]
    fn only_objects_are_parsed() {
        for other in ["", "[]", "\"{}\"", "null", "{", "{}{}", "{\"a\":}"] {
            assert_eq!(Object::read(other), None, "{other}");
        }
    }
}
