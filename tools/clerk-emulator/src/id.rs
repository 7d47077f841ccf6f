//! Identifiers in Clerk's format: a prefix and 27 letters and digits.

use rand::Rng as _;
use rand::distributions::Alphanumeric;

const ID_CHARS: usize = 27;

/// A new identifier, `user_2x…`.
pub fn new(prefix: &str) -> String {
    format!("{prefix}_{}", random(ID_CHARS))
}

/// Cryptographically random letters and digits.
pub fn random(chars: usize) -> String {
    rand::rngs::OsRng
        .sample_iter(Alphanumeric)
        .take(chars)
        .map(char::from)
        .collect()
}

/// Six digits that are not the test code.
pub fn code() -> String {
    loop {
        let code = format!("{:06}", rand::rngs::OsRng.gen_range(0..1_000_000));
        if code != crate::codes::TEST_CODE {
            return code;
        }
    }
}
