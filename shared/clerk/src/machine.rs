//! Distinguishes session tokens from other tokens that Clerk issues.

use crate::token::UnverifiedToken;
use serde_json::Value;

/// `cat` of a session token.
const CATEGORY_SESSION: &str = "cl_B7d4PD111AAA";
/// `cat` of a machine token.
pub(crate) const CATEGORY_MACHINE: &str = "cl_B7d4PD333AAA";
/// `cat` of JWT templates, which Clerk's SDK accepts.
const CATEGORY_IGNORED: &str = "cl_I7d4PD111III";
/// `typ` of OAuth access tokens (RFC 9068).
const OAUTH_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];
/// The prefix of a machine's subject.
const MACHINE_SUBJECT: &str = "mch_";

/// Whether the `cat` of a header is not that of a session token.
pub fn is_non_session_category(cat: Option<&Value>) -> bool {
    cat.is_some_and(|cat| !matches!(cat.as_str(), Some(CATEGORY_SESSION | CATEGORY_IGNORED)))
}

/// Whether this is an OAuth access token or a machine token in JWT format.
pub fn is_machine_jwt(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // Clerk's SDK considers only tokens of non-empty unpadded parts here.
    if !text.chars().all(is_plain) || text.split('.').any(str::is_empty) {
        return false;
    }
    let Ok(token) = UnverifiedToken::parse(text) else {
        return false;
    };
    let oauth = token
        .header("typ")
        .and_then(Value::as_str)
        .is_some_and(|typ| OAUTH_TYPES.contains(&typ));
    let machine = token
        .claim("sub")
        .and_then(Value::as_str)
        .is_some_and(|sub| sub.starts_with(MACHINE_SUBJECT));
    oauth || machine
}

/// Whether the `cat` of a token is not that of a session token.
pub(crate) fn has_non_session_category(text: &str) -> bool {
    UnverifiedToken::parse(text).is_ok_and(|token| is_non_session_category(token.header("cat")))
}
