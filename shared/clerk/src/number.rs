//! Parsing of numbers as in ECMAScript.

/// The integer at the start of a text, as `parseInt(text, 10)`. `None` if there is none or it
/// exceeds 64 bits.
pub(crate) fn leading_integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number = digits.get(..end)?.parse::<i64>().ok()?;
    Some(if negative { number.saturating_neg() } else { number })
}

/// `Number(text) || 0`, without hexadecimal, octal and binary literals.
pub(crate) fn number_or_zero(text: &str) -> f64 {
    text.trim()
        .parse::<f64>()
        .ok()
        .filter(|number| !number.is_nan())
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_parsed_as_in_ecmascript() {
        for (text, number) in [
            ("12", Some(12)),
            (" 12x", Some(12)),
            ("-1", Some(-1)),
            ("+3", Some(3)),
            ("1e3", Some(1)),
            ("1.9", Some(1)),
            ("", None),
            ("-", None),
            ("x", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(leading_integer(text), number, "{text:?}");
        }
        for (text, number) in [
            ("3", 3.0),
            (" 2 ", 2.0),
            ("abc", 0.0),
            ("", 0.0),
            ("NaN", 0.0),
            ("-1", -1.0),
        ] {
            assert!((number_or_zero(text) - number).abs() < f64::EPSILON, "{text:?}");
        }
    }
}
