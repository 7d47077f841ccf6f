//! A cache of verified tokens, so that an isolate verifies each token once.
//!
//! Keyed by the SHA-256 of the token; the token itself is not stored. Claims are checked again at
//! every lookup, so an expired token is a miss.

use crate::claims::Claims;
use crate::options::TokenOptions;
use crate::token::{TOKEN_BYTES_MAX, check_claims};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// The capacity of the cache. A session has one token a minute.
pub const TOKENS_CACHED_MAX: usize = 512;

/// Verified tokens, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct TokenCache {
    tokens: VecDeque<([u8; 32], Claims)>,
}

impl TokenCache {
    /// An empty cache.
    pub const fn new() -> Self {
        Self {
            tokens: VecDeque::new(),
        }
    }

    /// The claims of a cached token that still satisfies the options; its dates and parties are
    /// checked again.
    pub fn get(&self, text: &str, options: &TokenOptions) -> Option<Claims> {
        if self.tokens.is_empty() || text.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let hash = hash(text);
        let (_, claims) = self.tokens.iter().rev().find(|(known, _)| *known == hash)?;
        check_claims(&Value::Object(claims.as_map().clone()), options).ok()?;
        Some(claims.clone())
    }

    /// Inserts a token that [`crate::verify_token`] has accepted. Evicts expired tokens, then the oldest.
    pub fn insert(&mut self, text: &str, claims: &Claims, now_ms: i64) {
        self.tokens.retain(|(_, claims)| claims.expires_at_ms() > now_ms);
        while self.tokens.len() >= TOKENS_CACHED_MAX {
            self.tokens.pop_front();
        }
        self.tokens.push_back((hash(text), claims.clone()));
    }

    /// Removes all tokens, for instance after a key rotation.
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
    fn a_cached_token_is_found_until_it_expires_and_only_for_its_party() {
        let claims = Claims::new(json!({"sub": "user_1", "azp": "http://a", "exp": 60})).unwrap();
        let mut cache = TokenCache::new();
        cache.insert("t", &claims, 0);
        assert_eq!(cache.get("t", &TokenOptions::at(64_999)), Some(claims.clone()));
        assert_eq!(cache.get("t", &TokenOptions::at(65_000)), None);
        assert_eq!(cache.get("u", &TokenOptions::at(0)), None);
        assert_eq!(
            cache.get("t", &TokenOptions::at(0).authorized_parties(["http://b"])),
            None
        );
    }

    #[test]
    fn beyond_capacity_the_oldest_tokens_are_evicted() {
        let claims = Claims::new(json!({"sub": "user_1", "exp": 60})).unwrap();
        let mut cache = TokenCache::new();
        for i in 0..=TOKENS_CACHED_MAX {
            cache.insert(&i.to_string(), &claims, 0);
        }
        assert_eq!(cache.get("0", &TokenOptions::at(0)), None);
        assert!(cache.get("1", &TokenOptions::at(0)).is_some());
        cache.insert("new", &claims, 60_000);
        assert_eq!(cache.tokens.len(), 1, "expired tokens are dropped");
    }
}
