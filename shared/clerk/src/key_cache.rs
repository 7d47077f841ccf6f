//! How long public keys are kept, and when Clerk is asked for newer ones.
//!
//! Nothing is fetched here. A host asks [`KeyCache::lookup`] what to do, does it, and tells the
//! cache what came of it. Only one caller at a time is told to fetch.

use crate::keys::{Jwk, find_key};
use crate::reason::TokenError;

/// How long fetched keys are taken as they are, in milliseconds; Clerk's SDK keeps them as long.
pub const KEYS_FRESH_MS: i64 = 5 * 60 * 1000;
/// How long keys still serve when newer ones cannot be had, in milliseconds: a day of outage.
pub const KEYS_STALE_MS: i64 = 24 * 60 * 60 * 1000;
/// How long to wait before Clerk is asked again, in milliseconds. Without it every token with an
/// invented `kid` would cost a request to Clerk.
pub const KEYS_REFETCH_MS: i64 = 10 * 1000;
/// How long a fetch is waited for, in milliseconds, before somebody else tries: whoever began it may be gone.
pub const KEYS_FLIGHT_MS: i64 = 6 * 1000;

/// What to do about a `kid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Use this key.
    Known(Jwk),
    /// Fetch the set, [`KeyCache::store`] it and look again. If that fails, say so with
    /// [`KeyCache::failed`] and use `stale` where there is one.
    Fetch {
        /// A key that served until now.
        stale: Option<Jwk>,
    },
    /// Somebody is fetching the set. Look again in a moment.
    Wait,
    /// There is no such key, or no keys at all, and Clerk was asked a moment ago.
    Refused(TokenError),
}

/// The keys an isolate remembers, of one instance.
#[derive(Debug, Clone, Default)]
pub struct KeyCache {
    keys: Vec<Jwk>,
    fetched_at_ms: Option<i64>,
    failure: Option<(i64, TokenError)>,
    flight_since_ms: Option<i64>,
}

impl KeyCache {
    /// No keys yet.
    pub const fn new() -> Self {
        Self {
            keys: Vec::new(),
            fetched_at_ms: None,
            failure: None,
            flight_since_ms: None,
        }
    }

    /// What to do about this `kid` now.
    pub fn lookup(&mut self, kid: Option<&str>, now_ms: i64) -> Lookup {
        let flying = self
            .flight_since_ms
            .is_some_and(|since| (0..KEYS_FLIGHT_MS).contains(&now_ms.saturating_sub(since)));
        match self.judge(kid, now_ms) {
            Lookup::Fetch { stale: Some(key) } if flying => Lookup::Known(key),
            Lookup::Fetch { stale: None } if flying => Lookup::Wait,
            fetch @ Lookup::Fetch { .. } => {
                self.flight_since_ms = Some(now_ms);
                fetch
            }
            settled => settled,
        }
    }

    fn judge(&self, kid: Option<&str>, now_ms: i64) -> Lookup {
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

    /// Keeps a set that was fetched at this moment.
    pub fn store(&mut self, keys: Vec<Jwk>, now_ms: i64) {
        self.keys = keys;
        self.fetched_at_ms = Some(now_ms);
        self.failure = None;
        self.flight_since_ms = None;
    }

    /// Remembers that, and why, a fetch failed at this moment.
    pub fn failed(&mut self, error: TokenError, now_ms: i64) {
        self.failure = Some((now_ms, error));
        self.flight_since_ms = None;
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

    fn refused(lookup: &Lookup) -> bool {
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
        cache.failed(
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
    fn one_fetches_and_the_others_wait_or_take_the_old_key() {
        let mut cache = KeyCache::new();
        assert_eq!(cache.lookup(Some("a"), 0), Lookup::Fetch { stale: None });
        assert_eq!(cache.lookup(Some("a"), 1), Lookup::Wait);
        assert_eq!(
            cache.lookup(Some("a"), KEYS_FLIGHT_MS),
            Lookup::Fetch { stale: None },
            "whoever fetched is gone"
        );
        cache.store(vec![key("a")], KEYS_FLIGHT_MS);
        let old = KEYS_FLIGHT_MS + KEYS_FRESH_MS;
        let stale = Some(key("a"));
        assert_eq!(cache.lookup(Some("a"), old), Lookup::Fetch { stale });
        assert_eq!(cache.lookup(Some("a"), old + 1), Lookup::Known(key("a")));
        assert_eq!(
            cache.lookup(Some("b"), old + 1),
            Lookup::Wait,
            "it may be among the new ones"
        );
    }

    #[test]
    fn an_unknown_kid_refetches_but_not_at_every_request() {
        let mut cache = KeyCache::new();
        cache.store(vec![key("a")], 0);
        assert!(refused(&cache.lookup(Some("b"), 1)));
        assert!(refused(&cache.lookup(None, 1)));
        assert_eq!(
            cache.lookup(Some("b"), KEYS_REFETCH_MS),
            Lookup::Fetch { stale: None }
        );
        cache.store(vec![key("b")], KEYS_REFETCH_MS);
        assert_eq!(cache.lookup(Some("b"), KEYS_REFETCH_MS), Lookup::Known(key("b")));
        assert!(refused(&cache.lookup(Some("a"), KEYS_REFETCH_MS)), "rotated away");
    }

    #[test]
    fn while_clerk_is_down_and_no_key_is_known_the_outage_is_reported() {
        let mut cache = KeyCache::new();
        let down = TokenError::new(TokenReason::RemoteKeysFailedToLoad, "down");
        cache.failed(down.clone(), 0);
        assert_eq!(cache.lookup(Some("a"), 1), Lookup::Refused(down));
        assert_eq!(
            cache.lookup(Some("a"), KEYS_REFETCH_MS),
            Lookup::Fetch { stale: None }
        );
    }

    #[test]
    fn a_clock_that_goes_back_only_costs_a_fetch() {
        let mut cache = KeyCache::new();
        cache.store(vec![key("a")], 1000);
        assert_eq!(cache.lookup(Some("a"), 0), Lookup::Fetch { stale: None });
    }
}
