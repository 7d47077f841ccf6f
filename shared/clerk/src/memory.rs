//! Which tokens an isolate has verified, so that none is verified twice before it expires.
//!
//! Keeps a hash of each token, never the token. A token that is no longer valid at the time of
//! asking is never answered from here.

use crate::claims::Claims;
use crate::options::TokenOptions;
use crate::token::{TOKEN_BYTES_MAX, check_claims};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// How many tokens are remembered. A session has one a minute; an isolate rarely serves more at once.
pub const TOKENS_REMEMBERED_MAX: usize = 512;

/// Verified tokens, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct TokenMemory {
    tokens: VecDeque<([u8; 32], Claims)>,
}

impl TokenMemory {
    /// Nothing remembered.
    pub const fn new() -> Self {
        Self {
            tokens: VecDeque::new(),
        }
    }

    /// The claims of a token that was verified before and still satisfies the options; its dates
    /// and parties are checked again.
    pub fn recall(&self, text: &str, options: &TokenOptions) -> Option<Claims> {
        if self.tokens.is_empty() || text.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let hash = hash(text);
        let (_, claims) = self.tokens.iter().rev().find(|(known, _)| *known == hash)?;
        check_claims(&Value::Object(claims.as_map().clone()), options).ok()?;
        Some(claims.clone())
    }

    /// Remembers a token that [`crate::verify_token`] has accepted.
    pub fn remember(&mut self, text: &str, claims: &Claims, now_ms: i64) {
        self.tokens.retain(|(_, claims)| claims.expires_at_ms() > now_ms);
        while self.tokens.len() >= TOKENS_REMEMBERED_MAX {
            self.tokens.pop_front();
        }
        self.tokens.push_back((hash(text), claims.clone()));
    }

    /// Forgets everything, for instance when keys have been rotated.
    pub fn clear(&mut self) {
        self.tokens.clear();
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_recalled_until_it_expires_and_only_for_its_party() {
        let claims = Claims::new(json!({"sub": "user_1", "azp": "http://a", "exp": 60})).unwrap();
        let mut memory = TokenMemory::new();
        memory.remember("t", &claims, 0);
        assert_eq!(
            memory.recall("t", &TokenOptions::at(64_999)),
            Some(claims.clone())
        );
        assert_eq!(memory.recall("t", &TokenOptions::at(65_000)), None);
        assert_eq!(memory.recall("u", &TokenOptions::at(0)), None);
        assert_eq!(
            memory.recall("t", &TokenOptions::at(0).authorized_parties(["http://b"])),
            None
        );
    }

    #[test]
    fn a_flood_of_tokens_keeps_the_newest() {
        let claims = Claims::new(json!({"sub": "user_1", "exp": 60})).unwrap();
        let mut memory = TokenMemory::new();
        for i in 0..=TOKENS_REMEMBERED_MAX {
            memory.remember(&i.to_string(), &claims, 0);
        }
        assert_eq!(memory.recall("0", &TokenOptions::at(0)), None);
        assert!(memory.recall("1", &TokenOptions::at(0)).is_some());
        memory.remember("new", &claims, 60_000);
        assert_eq!(memory.tokens.len(), 1, "expired tokens are dropped");
    }
}
