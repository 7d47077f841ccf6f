//! Session tokens and handshake tokens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::clock::seconds;
use crate::config::Config;
use crate::keys::KeyRing;
use crate::state::Session;

/// The lifetime of a session token, in seconds.
pub const TOKEN_S: i64 = 60;
/// `nbf` is this much before `iat`, in seconds, as in Clerk's tokens.
const NOT_BEFORE_S: i64 = 10;
/// `cat` in the header of a session token.
const CATEGORY: &str = "cl_B7d4PD111AAA";
/// How long a token is reused in client responses, in seconds: signing takes a millisecond or two.
const REUSE_S: i64 = 5;
const CACHED_TOKENS_MAX: usize = 1000;
const MINUTE_MS: i64 = 60 * 1000;

/// Deviations from a normal session token.
#[derive(Debug, Default)]
pub struct Overrides {
    /// Lifetime in seconds; [`TOKEN_S`] if None. May be negative.
    pub ttl_s: Option<i64>,
    /// Seconds since 1970; now if None.
    pub iat: Option<i64>,
    /// Claims to set; null removes one.
    pub claims: Map<String, Value>,
}

/// A session token.
pub fn session_token(
    config: &Config,
    keys: &KeyRing,
    session: &Session,
    origin: Option<&str>,
    now: i64,
) -> String {
    custom_token(config, keys, session, origin, now, Overrides::default())
}

/// A session token with overrides.
pub fn custom_token(
    config: &Config,
    keys: &KeyRing,
    session: &Session,
    origin: Option<&str>,
    now: i64,
    overrides: Overrides,
) -> String {
    let iat = overrides.iat.unwrap_or_else(|| seconds(now));
    let age = now.saturating_sub(session.proved_at).div_euclid(MINUTE_MS);
    let mut claims = json!({
        "exp": iat.saturating_add(overrides.ttl_s.unwrap_or(TOKEN_S)),
        "fva": [age, -1],
        "iat": iat,
        "iss": config.issuer,
        "jti": crate::id::random(20).to_lowercase(),
        "nbf": iat.saturating_sub(NOT_BEFORE_S),
        "sid": session.id,
        "sts": "active",
        "sub": session.user_id,
        "v": 2,
    });
    if let Some(claims) = claims.as_object_mut() {
        if let Some(origin) = origin {
            claims.insert("azp".into(), origin.into());
        }
        for (name, value) in overrides.claims {
            if value.is_null() {
                claims.remove(&name);
            } else {
                claims.insert(name, value);
            }
        }
    }
    keys.sign(&[("cat", CATEGORY)], &claims)
}

/// A handshake token with `Set-Cookie` lines, for handshakes without a nonce.
pub fn handshake_token(keys: &KeyRing, directives: &[String], now: i64) -> String {
    keys.sign(&[], &json!({ "handshake": directives, "iat": seconds(now) }))
}

/// Session id and origin.
type CacheKey = (String, Option<String>);
/// `iat` in seconds, and the token.
type CachedToken = (i64, String);

/// A cache of recently signed tokens: one page load needs the same token several times.
#[derive(Debug, Default)]
pub struct RecentTokens(Mutex<HashMap<CacheKey, CachedToken>>);

impl RecentTokens {
    /// A cached token not older than [`REUSE_S`] and `since` (ms), or a new one.
    pub fn token(
        &self,
        session: &Session,
        origin: Option<&str>,
        now: i64,
        since: i64,
        sign: impl FnOnce() -> String,
    ) -> String {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (session.id.clone(), origin.map(str::to_owned));
        if let Some((iat, token)) = tokens.get(&key)
            && *iat > seconds(now).saturating_sub(REUSE_S)
            && *iat >= seconds(since)
        {
            return token.clone();
        }
        if tokens.len() >= CACHED_TOKENS_MAX {
            tokens.clear();
        }
        let token = sign();
        tokens.insert(key, (seconds(now), token.clone()));
        token
    }

    /// Removes all tokens, after a key rotation.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
