//! Public keys: from a PEM, from Clerk's key set, and how long to keep them.
//!
//! Nothing is fetched here. A host asks [`KeyCache::lookup`] what to do, does it, and tells the
//! cache what came of it; one fetch at a time is the host's duty.

use crate::json;
use crate::reason::{Action, TokenError, TokenReason};
use base64::{Engine, engine::general_purpose::STANDARD};
use pkcs1::{RsaPublicKey, der::Decode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

/// How long fetched keys are taken as they are, in milliseconds; Clerk's SDK keeps them as long.
pub const KEYS_FRESH_MS: i64 = 5 * 60 * 1000;
/// How long keys still serve when newer ones cannot be had, in milliseconds: a day of outage.
pub const KEYS_STALE_MS: i64 = 24 * 60 * 60 * 1000;
/// How long to wait before Clerk is asked again, in milliseconds. Without it every token with an
/// invented `kid` would cost a request to Clerk.
pub const KEYS_REFETCH_MS: i64 = 10 * 1000;
/// How many keys of a set are kept; Clerk has one, two while it rotates.
pub const KEYS_MAX: usize = 16;

/// `rsaEncryption` (RFC 8017 appendix C).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A public RSA key (RFC 7517, RFC 7518 §6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `RSA`.
    pub kty: String,
    /// Its name in a set; a local key has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
    /// What it is for; RS256 or unsaid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
}

/// A PEM holds no public RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not the PEM of a public RSA key.")]
pub struct PemError;

impl Jwk {
    /// Reads a public key as the Clerk dashboard shows it (SPKI in PEM). Line breaks may be missing
    /// or be written as `\n`, as environment files often have them, and the frame may be missing too.
    ///
    /// # Errors
    /// [`PemError`].
    pub fn from_pem(pem: &str) -> Result<Self, PemError> {
        let body: String = pem
            .replace("\\r", "")
            .replace("\\n", "")
            .replace("-----BEGIN PUBLIC KEY-----", "")
            .replace("-----END PUBLIC KEY-----", "")
            .split_whitespace()
            .collect();
        let der = STANDARD.decode(body).map_err(|_| PemError)?;
        let info = SubjectPublicKeyInfoRef::from_der(&der).map_err(|_| PemError)?;
        info.algorithm
            .assert_algorithm_oid(RSA_ENCRYPTION)
            .map_err(|_| PemError)?;
        let key = info.subject_public_key.as_bytes().ok_or(PemError)?;
        let key = RsaPublicKey::from_der(key).map_err(|_| PemError)?;
        Ok(Self {
            kty: "RSA".to_owned(),
            kid: None,
            n: json::to_base64url(key.modulus.as_bytes()),
            e: json::to_base64url(key.public_exponent.as_bytes()),
            alg: Some("RS256".to_owned()),
        })
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> Option<Vec<u8>> {
        json::base64url(&self.n)
    }

    /// The public exponent, big-endian.
    pub fn exponent(&self) -> Option<Vec<u8>> {
        json::base64url(&self.e)
    }
}

/// Reads the answer to [`crate::ApiRequest::keys`]. Keys that are not for RSA signatures are left out.
///
/// # Errors
/// [`TokenReason::SecretKeyInvalid`], [`TokenReason::RemoteKeysFailedToLoad`]; [`TokenReason::Unexpected`]
/// where the answer is not JSON.
pub fn read_key_set(url: &str, status: u16, body: &[u8]) -> Result<Vec<Jwk>, TokenError> {
    let load_error = |message: String| {
        TokenError::new(TokenReason::RemoteKeysFailedToLoad, message).with_action(Action::ContactSupport)
    };
    let body: Value = serde_json::from_slice(body).map_err(|_| {
        TokenError::new(
            TokenReason::Unexpected,
            "The answer of Clerk's JWKS endpoint is not JSON.",
        )
    })?;
    if !(200..300).contains(&status) {
        let errors = body.get("errors").and_then(Value::as_array);
        let invalid = errors
            .into_iter()
            .flatten()
            .find(|error| error.get("code") == Some(&"clerk_key_invalid".into()));
        if let Some(error) = invalid {
            let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
            return Err(
                TokenError::new(TokenReason::SecretKeyInvalid, message).with_action(Action::ContactSupport)
            );
        }
        return Err(load_error(format!(
            "Error loading Clerk JWKS from {url} with code={status}"
        )));
    }
    let keys: Vec<Jwk> = body
        .get("keys")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|key| Jwk::deserialize(key).ok())
        .filter(|key| key.kty == "RSA" && key.alg.as_deref().is_none_or(|alg| alg == "RS256"))
        .take(KEYS_MAX)
        .collect();
    if keys.is_empty() {
        return Err(load_error(
            "The JWKS endpoint did not contain any signing keys. Contact support@clerk.com.".to_owned(),
        ));
    }
    Ok(keys)
}

/// The key of a set that a token asks for.
///
/// # Errors
/// [`TokenReason::KidMismatch`].
pub fn find_key(keys: &[Jwk], kid: Option<&str>) -> Result<Jwk, TokenError> {
    keys.iter()
        .find(|key| kid.is_some() && key.kid.as_deref() == kid)
        .cloned()
        .ok_or_else(|| kid_mismatch(kid))
}

fn kid_mismatch(kid: Option<&str>) -> TokenError {
    let kid = kid.unwrap_or("undefined");
    TokenError::new(
        TokenReason::KidMismatch,
        format!(
            "Unable to find a signing key in JWKS that matches the kid='{kid}' of the provided session token. Please make sure that the __session cookie or the HTTP authorization header contain a Clerk-generated session JWT."
        ),
    )
    .with_action(Action::ValidateKeys)
}

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
    /// There is no such key, or no keys at all, and Clerk was asked a moment ago.
    Refused(TokenError),
}

/// The keys an isolate remembers, of one instance.
#[derive(Debug, Clone, Default)]
pub struct KeyCache {
    keys: Vec<Jwk>,
    fetched_at_ms: Option<i64>,
    failure: Option<(i64, TokenError)>,
}

impl KeyCache {
    /// No keys yet.
    pub const fn new() -> Self {
        Self {
            keys: Vec::new(),
            fetched_at_ms: None,
            failure: None,
        }
    }

    /// What to do about this `kid` now.
    pub fn lookup(&self, kid: Option<&str>, now_ms: i64) -> Lookup {
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
    }

    /// Remembers that, and why, a fetch failed at this moment.
    pub fn failed(&mut self, error: TokenError, now_ms: i64) {
        self.failure = Some((now_ms, error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_key_set_is_read_or_says_why_not() {
        let reason = |status, body: &str| read_key_set("u", status, body.as_bytes()).unwrap_err().reason;
        assert_eq!(reason(200, "{}"), TokenReason::RemoteKeysFailedToLoad);
        assert_eq!(
            reason(200, r#"{"keys":[{"kty":"EC","n":"","e":""}]}"#),
            TokenReason::RemoteKeysFailedToLoad
        );
        assert_eq!(reason(500, "{}"), TokenReason::RemoteKeysFailedToLoad);
        assert_eq!(
            reason(401, r#"{"errors":[{"code":"clerk_key_invalid","message":"m"}]}"#),
            TokenReason::SecretKeyInvalid
        );
        assert_eq!(reason(200, "<html>"), TokenReason::Unexpected);
        let set = r#"{"keys":[{"use":"sig","kty":"RSA","kid":"a","alg":"RS256","n":"AQAB","e":"AQAB"}]}"#;
        assert_eq!(read_key_set("u", 200, set.as_bytes()).unwrap().len(), 1);
    }

    #[test]
    fn a_pem_that_is_none_is_refused() {
        for pem in [
            "",
            "garbage",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(Jwk::from_pem(pem), Err(PemError), "{pem}");
        }
    }
}
