//! The token of an `Authorization` header.

/// The token in `Authorization`, by Clerk's rule: `Bearer <token>`, case-sensitive, or the bare
/// token. Any other scheme has no token. Text after a second space is ignored.
pub fn bearer_token(authorization: Option<&str>) -> Option<&str> {
    let header = authorization.filter(|header| !header.is_empty())?;
    let mut words = header.split(' ');
    let scheme = words.next()?;
    match words.next() {
        None | Some("") => (!scheme.is_empty()).then_some(scheme),
        Some(token) => (scheme == "Bearer").then_some(token),
    }
}

#[cfg(test)]
mod tests {
    use super::bearer_token;

    #[test]
    fn only_case_sensitive_bearer_and_bare_tokens_are_accepted() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("abc", Some("abc")),
            ("Bearer", Some("Bearer")),
            ("Bearer ", Some("Bearer")),
            ("Bearer  abc", Some("Bearer")),
            ("Bearer abc def", Some("abc")),
            ("bearer abc", None),
            ("Basic abc", None),
            (" abc", None),
            ("", None),
        ] {
            assert_eq!(bearer_token(Some(header)), token, "{header:?}");
        }
        assert_eq!(bearer_token(None), None);
    }
}
