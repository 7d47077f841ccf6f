//! A cache of public keys: expiry, refetching and use of stale keys.
//!
//! Does no I/O. [`KeyCache::lookup`] returns an instruction; the host fetches and reports the result
//! with [`KeyCache::store`] or [`KeyCache::record_failure`]. One fetch runs at a time.

use crate::keys::{Jwk, find_key};
use crate::reason::TokenError;

/// How long fetched keys are fresh, in milliseconds; the same as in Clerk's SDK.
pub const KEYS_FRESH_MS: i64 = 5 * 60 * 1000;
/// How long stale keys are used while newer ones cannot be fetched, in milliseconds: a day of outage.
pub const KEYS_STALE_MS: i64 = 24 * 60 * 60 * 1000;
/// The shortest interval between fetches, in milliseconds. Without it every token with an unknown
/// `kid` would cause a request to Clerk.
pub const KEYS_REFETCH_MS: i64 = 10 * 1000;
/// How long a fetch may take, in milliseconds, before another caller fetches: the first may have been cancelled.
pub const KEYS_FETCH_TIMEOUT_MS: i64 = 6 * 1000;

/// The result of looking up a `kid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Use this key.
    Known(Jwk),
    /// Fetch the set and [`KeyCache::store`] it, then look up again. If the fetch fails, call
    /// [`KeyCache::record_failure`] and use `stale` if it is present.
    Fetch {
        /// The key of this `kid` in the expired set.
        stale: Option<Jwk>,
    },
    /// Another caller is fetching the set. Look up again after a short wait.
    Wait,
    /// There is no such key, and the last fetch was less than [`KEYS_REFETCH_MS`] ago.
    Refused(TokenError),
}

/// The cached keys of one Clerk instance.
#[derive(Debug, Clone, Default)]
pub struct KeyCache {
    keys: Vec<Jwk>,
    fetched_at_ms: Option<i64>,
    failure: Option<(i64, TokenError)>,
    fetch_started_ms: Option<i64>,
}

impl KeyCache {
    /// An empty cache.
    pub const fn new() -> Self {
        Self {
            keys: Vec::new(),
            fetched_at_ms: None,
            failure: None,
            fetch_started_ms: None,
        }
    }

    /// Looks up a `kid` at this time. [`Lookup::Fetch`] marks a fetch as started.
    pub fn lookup(&mut self, kid: Option<&str>, now_ms: i64) -> Lookup {
        let fetching = self
            .fetch_started_ms
            .is_some_and(|since| (0..KEYS_FETCH_TIMEOUT_MS).contains(&now_ms.saturating_sub(since)));
        match self.lookup_cached(kid, now_ms) {
            Lookup::Fetch { stale: Some(key) } if fetching => Lookup::Known(key),
            Lookup::Fetch { stale: None } if fetching => Lookup::Wait,
            fetch @ Lookup::Fetch { .. } => {
                self.fetch_started_ms = Some(now_ms);
                fetch
            }
            other => other,
        }
    }

    fn lookup_cached(&self, kid: Option<&str>, now_ms: i64) -> Lookup {
        let within =
            |at: Option<i64>, span_ms| at.is_some_and(|at| (0..span_ms).contains(&now_ms.saturating_sub(at)));
        let failure = self
            .failure
            .as_ref()
            .filter(|(at, _)| within(Some(*at), KEYS_REFETCH_MS));
        match (find_key(&self.keys, kid), failure) {
            (Ok(key), _) if within(self.fetched_at_ms, KEYS_FRESH_MS) => Lookup::Known(key),
            (Ok(key), Some(_)) if within(self.fetched_at_ms, KEYS_STALE_MS) => Lookup::Known(key),
            (Ok(key), None) if within(self.fetched_at_ms, KEYS_STALE_MS) => {
                Lookup::Fetch { stale: Some(key) }
            }
            (_, Some((_, error))) => Lookup::Refused(error.clone()),
            (Err(error), None) if within(self.fetched_at_ms, KEYS_REFETCH_MS) => Lookup::Refused(error),
            (_, None) => Lookup::Fetch { stale: None },
        }
    }

    /// Stores a set fetched at this time.
    pub fn store(&mut self, keys: Vec<Jwk>, now_ms: i64) {
        self.keys = keys;
        self.fetched_at_ms = Some(now_ms);
        self.failure = None;
        self.fetch_started_ms = None;
    }

    /// Records that a fetch failed at this time.
    pub fn record_failure(&mut self, error: TokenError, now_ms: i64) {
        self.failure = Some((now_ms, error));
        self.fetch_started_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::TokenReason;

    fn key(kid: &str) -> Jwk {
        Jwk {
            kty: "RSA".into(),
            kid: Some(kid.into()),
            n: "AQAB".into(),
            e: "AQAB".into(),
            alg: None,
        }
    }

    fn is_kid_mismatch(lookup: &Lookup) -> bool {
        matches!(lookup, Lookup::Refused(error) if error.reason == TokenReason::KidMismatch)
    }

    #[test]
    fn keys_are_fresh_for_five_minutes_then_fetched_then_served_stale() {
        let mut cache = KeyCache::new();
        assert_eq!(cache.lookup(Some("a"), 0), Lookup::Fetch { stale: None });
        cache.store(vec![key("a")], 0);
        assert_eq!(
            cache.lookup(Some("a"), KEYS_FRESH_MS - 1),
            Lookup::Known(key("a"))
        );
        assert_eq!(
            cache.lookup(Some("a"), KEYS_FRESH_MS),
            Lookup::Fetch {
                stale: Some(key("a"))
            }
        );
        cache.record_failure(
            TokenError::new(TokenReason::RemoteKeysFailedToLoad, "down"),
            KEYS_FRESH_MS,
        );
        assert_eq!(
            cache.lookup(Some("a"), KEYS_FRESH_MS + 1),
            Lookup::Known(key("a")),
            "Clerk is down"
        );
        let later = KEYS_FRESH_MS + KEYS_REFETCH_MS;
        assert_eq!(
            cache.lookup(Some("a"), later),
            Lookup::Fetch {
                stale: Some(key("a"))
            }
        );
        assert_eq!(
            cache.lookup(Some("a"), KEYS_STALE_MS),
            Lookup::Fetch { stale: None }
        );
    }

    #[test]
    fn during_a_fetch_other_callers_wait_or_use_the_stale_key() {
        let mut cache = KeyCache::new();
        assert_eq!(cache.lookup(Some("a"), 0), Lookup::Fetch { stale: None });
        assert_eq!(cache.lookup(Some("a"), 1), Lookup::Wait);
        assert_eq!(
            cache.lookup(Some("a"), KEYS_FETCH_TIMEOUT_MS),
            Lookup::Fetch { stale: None },
            "the first fetch has timed out"
        );
        cache.store(vec![key("a")], KEYS_FETCH_TIMEOUT_MS);
        let old = KEYS_FETCH_TIMEOUT_MS + KEYS_FRESH_MS;
        let stale = Some(key("a"));
        assert_eq!(cache.lookup(Some("a"), old), Lookup::Fetch { stale });
        assert_eq!(cache.lookup(Some("a"), old + 1), Lookup::Known(key("a")));
        assert_eq!(
            cache.lookup(Some("b"), old + 1),
            Lookup::Wait,
            "the new set may contain it"
        );
    }

    #[test]
    fn an_unknown_kid_causes_a_fetch_but_not_at_every_request() {
        let mut cache = KeyCache::new();
        cache.store(vec![key("a")], 0);
        assert!(is_kid_mismatch(&cache.lookup(Some("b"), 1)));
        assert!(is_kid_mismatch(&cache.lookup(None, 1)));
        assert_eq!(
            cache.lookup(Some("b"), KEYS_REFETCH_MS),
            Lookup::Fetch { stale: None }
        );
        cache.store(vec![key("b")], KEYS_REFETCH_MS);
        assert_eq!(cache.lookup(Some("b"), KEYS_REFETCH_MS), Lookup::Known(key("b")));
        assert!(
            is_kid_mismatch(&cache.lookup(Some("a"), KEYS_REFETCH_MS)),
            "no longer in the set"
        );
    }

    #[test]
    fn a_failed_fetch_without_any_keys_is_reported() {
        let mut cache = KeyCache::new();
        let down = TokenError::new(TokenReason::RemoteKeysFailedToLoad, "down");
        cache.record_failure(down.clone(), 0);
        assert_eq!(cache.lookup(Some("a"), 1), Lookup::Refused(down));
        assert_eq!(
            cache.lookup(Some("a"), KEYS_REFETCH_MS),
            Lookup::Fetch { stale: None }
        );
    }

    #[test]
    fn a_clock_set_back_only_causes_a_fetch() {
        let mut cache = KeyCache::new();
        cache.store(vec![key("a")], 1000);
        assert_eq!(cache.lookup(Some("a"), 0), Lookup::Fetch { stale: None });
    }
}
