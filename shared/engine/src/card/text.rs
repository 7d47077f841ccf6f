//! Checks and repairs of JSON text before parsing.

use std::borrow::Cow;

/// Whether the nesting of arrays and objects is at most `depth_max`. Counts brackets outside of strings.
pub(super) fn is_shallow(text: &str, depth_max: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth = depth.saturating_add(1),
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > depth_max {
            return false;
        }
    }
    true
}

/// Removes escaped U+0000 and replaces lone surrogates by U+FFFD, in keys and values at every depth.
///
/// Postgres cannot store U+0000, and UTF-8 cannot encode a lone surrogate.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at.saturating_add(found);
        let escape = text.get(start..).unwrap_or_default();
        let (length, instead) = match code_unit(escape) {
            Some(0) => (6, Some("")),
            Some(0xD800..=0xDBFF) if is_low(escape.get(6..)) => (12, None),
            Some(0xD800..=0xDFFF) => (6, Some("\\ufffd")),
            Some(_) => (6, None),
            // A backslash and the escaped character, which can have several bytes.
            None => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), None),
        };
        at = start.saturating_add(length);
        if let Some(instead) = instead {
            kept.push_str(text.get(copied..start).unwrap_or_default());
            kept.push_str(instead);
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

/// The value of `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` accepts a sign.
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u16::from_str_radix(digits, 16).ok())?
}

fn is_low(text: Option<&str>) -> bool {
    matches!(text.and_then(code_unit), Some(0xDC00..=0xDFFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unstorable_characters_are_removed() {
        for (text, expected) in [
            (r#""plain 🗼""#, r#""plain 🗼""#),
            (r#""a\u0000b""#, r#""ab""#),
            (r#"{"k\u0000":"\u0000"}"#, r#"{"k":""}"#),
            (r#""\\u0000""#, r#""\\u0000""#),
            (r#""\\\u0000""#, r#""\\""#),
            (r#""\ud83d\uDDFC""#, r#""\ud83d\uDDFC""#),
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\ud83dx\uddfc\n""#, r#""\ufffdx\ufffd\n""#),
            (r#""\ud83d\u0000\uddfc""#, r#""\ufffd\ufffd""#),
            (
                r#""\u00e9\"\ud83d\ud83d\uddfc""#,
                r#""\u00e9\"\ufffd\ud83d\uddfc""#,
            ),
            // Not JSON; must not panic.
            ("\\", "\\"),
            ("\\é", "\\é"),
            ("\\u00", "\\u00"),
            ("\\u+000", "\\u+000"),
        ] {
            assert_eq!(storable(text), expected, "{text}");
        }
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert!(is_shallow(r#"[{"[[[":"\"[[["}]"#, 2));
        assert!(!is_shallow("[[[]]]", 2));
    }
}
