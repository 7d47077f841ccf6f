//! The instance's key, and a stranger's.
//!
//! persona-clerk asks its host whether RS256 holds and never sees how that is found out. So a MAC
//! stands for RSA here: as hard to forge, and a thousand times as fast to make, so that a fuzzer can
//! have any claims signed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk::Jwk;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// How the instance calls its key.
pub const KID: &str = "ins_fuzz";

/// A key that signs tokens.
pub struct Key {
    secret: &'static str,
}

impl Key {
    /// The key of this name.
    pub const fn new(secret: &'static str) -> Self {
        Self { secret }
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
        mac.expect("HMAC takes keys of any length").chain_update(bytes)
    }

    /// A compact JWS of these texts, whatever they are.
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

    /// As Clerk's key set has it; nothing in it tells how this key signs.
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
