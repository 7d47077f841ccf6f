//! Parsing of `Cookie` and `Set-Cookie` headers.

use std::borrow::Cow;

/// The longest `Cookie` header that is parsed, in bytes. A longer header counts as absent; browsers
/// and proxies have lower limits.
pub const COOKIE_HEADER_BYTES_MAX: usize = 64 * 1024;
/// The number of cookies read from a header; browsers keep about 180 for a site.
const COOKIES_MAX: usize = 300;

/// The cookies of a request. Of several cookies with one name the first is used.
#[derive(Debug, Clone, Default)]
pub struct Cookies<'a> {
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Cookies<'a> {
    /// Parses a `Cookie` header.
    pub fn parse(header: &'a str) -> Self {
        if header.len() > COOKIE_HEADER_BYTES_MAX {
            return Self::default();
        }
        let blank = [' ', '\t'];
        let pairs = header
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .take(COOKIES_MAX)
            .map(|(name, value)| (name.trim_matches(blank), value.trim_matches(blank)))
            .collect();
        Self { pairs }
    }

    /// The value of a cookie, percent-decoded if it is valid. An empty value counts as absent.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let (_, value) = self.pairs.iter().find(|(known, _)| *known == name)?;
        (!value.is_empty()).then(|| decode(value))
    }

    /// Names and values, each name once.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        let first = |i: usize, name: &str| self.pairs.iter().take(i).all(|(earlier, _)| *earlier != name);
        self.pairs
            .iter()
            .enumerate()
            .filter(move |(i, (name, _))| first(*i, name))
            .map(|(_, (name, value))| (*name, decode(value)))
    }
}

/// `decodeURIComponent`, or the text itself if decoding fails.
fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let escapes_are_complete = value.split('%').skip(1).all(|rest| {
        rest.get(..2)
            .is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    if !escapes_are_complete {
        return Cow::Borrowed(value);
    }
    percent_decode(value).map_or(Cow::Borrowed(value), Cow::Owned)
}

/// `None` if the bytes are not UTF-8.
fn percent_decode(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The cookie name of a `Set-Cookie` line.
pub fn cookie_name(line: &str) -> &str {
    line.split(';')
        .next()
        .and_then(|pair| pair.split('=').next())
        .unwrap_or_default()
}

/// The cookie value of a `Set-Cookie` line, up to a second `=`.
pub fn cookie_value(line: &str) -> &str {
    line.split(';')
        .next()
        .and_then(|pair| pair.split('=').nth(1))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cookie_of_a_name_is_used_and_values_are_decoded() {
        let cookies = Cookies::parse("a=1; b = %20x%3B ;a=2;c=%C0;d=100%;e=;f==;junk;é=ö");
        for (name, value) in [
            ("a", Some("1")),
            ("b", Some(" x;")),
            ("c", Some("%C0")),
            ("d", Some("100%")),
            ("e", None),
            ("f", Some("=")),
            ("junk", None),
            ("é", Some("ö")),
        ] {
            assert_eq!(cookies.get(name).as_deref(), value, "{name}");
        }
        assert_eq!(cookies.iter().count(), 7);
        assert_eq!(decode("%+1"), "%+1");
        assert_eq!(decode("%é"), "%é");
    }

    #[test]
    fn cookies_beyond_the_limits_are_ignored() {
        let many: String = (0..10_000).map(|i| format!("c{i}=x;")).collect();
        assert!(many.len() > COOKIE_HEADER_BYTES_MAX);
        assert_eq!(Cookies::parse(&many).iter().count(), 0);
        let fewer: String = (0..1000).map(|i| format!("c{i}=x;")).collect();
        assert_eq!(Cookies::parse(&fewer).iter().count(), COOKIES_MAX);
    }

    #[test]
    fn set_cookie_lines_are_split_into_name_and_value() {
        assert_eq!(
            (
                cookie_name("__session=a.b.c; Path=/"),
                cookie_value("__session=a.b.c; Path=/")
            ),
            ("__session", "a.b.c")
        );
        assert_eq!((cookie_name("x"), cookie_value("x")), ("x", ""));
        assert_eq!((cookie_name(""), cookie_value("")), ("", ""));
    }
}
