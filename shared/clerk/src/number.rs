//! Numbers as ECMAScript reads them out of texts.

/// The integer that a text begins with, as `parseInt(text, 10)`; `None` for none and for one
/// beyond 64 bits.
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

/// A whole text as a number, as `Number(text) || 0`, without the notations that nobody writes.
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
    fn texts_are_read_as_far_as_they_are_numbers() {
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
