//! Signing keys.
//!
//! persona-clerk leaves RS256 verification to its host, so an HMAC replaces RSA here: equally hard to
//! forge and a thousand times faster, so that the fuzzer can sign arbitrary claims.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk::Jwk;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The `kid` of the instance's key.
pub const KID: &str = "ins_fuzz";

/// A key that signs tokens.
pub struct Key {
    secret: &'static str,
}

impl Key {
    /// A key with this secret.
    pub const fn new(secret: &'static str) -> Self {
        Self { secret }
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
        mac.expect("HMAC takes keys of any length").chain_update(bytes)
    }

    /// A compact JWS of arbitrary texts.
    pub fn sign(&self, header: &str, payload: &str) -> String {
        let input = format!(
            "{}.{}",
            base64url(header.as_bytes()),
            base64url(payload.as_bytes())
        );
        let signature = self.mac(input.as_bytes()).finalize().into_bytes();
        format!("{input}.{}", base64url(&signature))
    }

    /// Whether this key signed these bytes.
    pub fn verifies(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        self.mac(signing_input).verify_slice(signature).is_ok()
    }

    /// The entry in Clerk's key set. Does not contain the secret.
    pub fn jwk(&self) -> Jwk {
        Jwk {
            kty: "RSA".to_owned(),
            kid: Some(KID.to_owned()),
            n: base64url(self.secret.len().to_string().as_bytes()),
            e: "AQAB".to_owned(),
            alg: Some("RS256".to_owned()),
        }
    }
}

/// base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
