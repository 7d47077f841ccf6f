//! Public keys, parsed from a PEM or from Clerk's key set (JWKS). Does no I/O.

use crate::json;
use crate::reason::{Action, TokenError, TokenReason};
use base64::{Engine, engine::general_purpose::STANDARD};
use pkcs1::{RsaPublicKey, der::Decode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

/// The number of keys read from a set. Clerk has one key, two during a rotation.
pub const KEYS_MAX: usize = 16;

/// `rsaEncryption` (RFC 8017 appendix C).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A public RSA key (RFC 7517, RFC 7518 §6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `RSA`.
    pub kty: String,
    /// Its id in a set; a local key has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
    /// Its algorithm; RS256 or absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
}

/// A text is not the PEM of a public RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not the PEM of a public RSA key.")]
pub struct PemError;

impl Jwk {
    /// Parses a public key in the format of the Clerk dashboard (SPKI in PEM). Line breaks may be
    /// missing or escaped as `\n`, as in environment files. The BEGIN and END lines are optional.
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

/// Parses the response to [`crate::ApiRequest::keys`]. Keys that are not for RS256 are skipped.
///
/// # Errors
/// [`TokenReason::SecretKeyInvalid`], [`TokenReason::RemoteKeysFailedToLoad`]; [`TokenReason::Unexpected`]
/// if the response is not JSON.
pub fn read_key_set(url: &str, status: u16, body: &[u8]) -> Result<Vec<Jwk>, TokenError> {
    let load_error = |message: String| {
        TokenError::new(TokenReason::RemoteKeysFailedToLoad, message).with_action(Action::ContactSupport)
    };
    let body: Value = serde_json::from_slice(body).map_err(|_| {
        TokenError::new(
            TokenReason::Unexpected,
            "The response of Clerk's JWKS endpoint is not JSON.",
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

/// The key of a set with this `kid`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_set_is_parsed_or_rejected_with_a_reason() {
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
    fn an_invalid_pem_is_rejected() {
        for pem in [
            "",
            "garbage",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(Jwk::from_pem(pem), Err(PemError), "{pem}");
        }
    }
}
