//! Decoding of base64url JSON in tokens. Duplicate keys are rejected.

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

const UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
);

/// Why a part of a token cannot be decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// Not base64url or not JSON.
    Malformed,
    /// An object contains a key twice: two parsers could read different claims.
    DuplicateKey,
}

/// base64url (RFC 4648 §5) with optional padding. Non-zero trailing bits are rejected.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    UNPADDED.decode(text.trim_end_matches('=')).ok()
}

/// base64url without padding.
pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    UNPADDED.encode(bytes)
}

/// The JSON in a base64url part of a token.
pub(crate) fn decode_part(text: &str) -> Result<Value, DecodeError> {
    let bytes = base64url(text).ok_or(DecodeError::Malformed)?;
    let lossy = String::from_utf8_lossy(&bytes);
    let text = lossy.strip_prefix('\u{feff}').unwrap_or(&lossy);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    if let Ok(value) = UniqueKeys.deserialize(&mut deserializer)
        && deserializer.end().is_ok()
    {
        return Ok(value);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(_) => Err(DecodeError::DuplicateKey),
        Err(_) => Err(DecodeError::Malformed),
    }
}

/// ECMAScript's `JSON.stringify` of a claim; an absent claim becomes `undefined`.
pub(crate) fn stringify(value: Option<&Value>) -> String {
    match value {
        None => "undefined".to_owned(),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(number) if number.abs() >= 1e21 => format!("{number:e}").replace('e', "e+"),
            Some(number) => number.to_string(),
            None => number.to_string(),
        },
        Some(value) => value.to_string(),
    }
}

/// ECMAScript's `ToBoolean`.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(bool) => *bool,
        Value::Number(number) => number.as_f64().is_some_and(|n| n != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// ECMAScript's `ToNumber`, used in its comparisons.
pub(crate) fn to_number(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::Null | Value::Bool(false)) => 0.0,
        Some(Value::Bool(true)) => 1.0,
        Some(Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
        Some(Value::String(text)) if text.trim().is_empty() => 0.0,
        Some(Value::String(text)) => text.trim().parse().unwrap_or(f64::NAN),
        Some(Value::Array(_) | Value::Object(_)) | None => f64::NAN,
    }
}

/// Deserializes a [`Value`] and rejects duplicate keys.
struct UniqueKeys;

impl<'de> DeserializeSeed<'de> for UniqueKeys {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without duplicate keys")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(UniqueKeys)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom("duplicate key"));
            }
            let value = entries.next_value_seed(UniqueKeys)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Value, DecodeError> {
        decode_part(&to_base64url(json.as_bytes()))
    }

    #[test]
    fn duplicate_keys_are_rejected_at_any_depth() {
        assert_eq!(read(r#"{"a":1,"a":1}"#), Err(DecodeError::DuplicateKey));
        assert_eq!(read(r#"{"o":[{"a":1,"a":2}]}"#), Err(DecodeError::DuplicateKey));
        assert!(read(r#"{"a":{"a":1},"b":[{"a":1},{"a":2}]}"#).is_ok());
    }

    #[test]
    fn invalid_json_is_malformed() {
        for json in ["", "{", "{} {}", "nope", "\u{1}"] {
            assert_eq!(read(json), Err(DecodeError::Malformed), "{json}");
        }
        assert_eq!(read(&"[".repeat(10_000)), Err(DecodeError::Malformed));
        for text in ["a", "aaa", "a a", "YW=J", "+/+/"] {
            assert_eq!(decode_part(text), Err(DecodeError::Malformed), "{text}");
        }
    }

    #[test]
    fn padding_is_optional() {
        assert_eq!(base64url("YQ"), Some(vec![b'a']));
        assert_eq!(base64url("YQ=="), Some(vec![b'a']));
        assert_eq!(base64url("YR"), None, "non-zero trailing bits");
    }
}
