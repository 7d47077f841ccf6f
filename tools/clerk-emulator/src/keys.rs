//! The signing keys: RSA of 2048 bits, generated at the first start and saved in `keys.json`. The
//! first key signs; all are published.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::state::{StoreError, replace};

/// The size of generated keys, in bits.
pub const KEY_BITS: usize = 2048;
const FILE: &str = "keys.json";

/// Keys could not be generated, read or saved.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Rsa(#[from] rsa::Error),
    #[error("a key in {FILE} cannot be read: {0}")]
    Pem(#[from] rsa::pkcs8::Error),
    #[error("a key cannot be published: {0}")]
    Public(#[from] rsa::pkcs8::spki::Error),
    #[error("{FILE}: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{FILE}: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One key pair.
#[derive(Clone)]
struct Key {
    kid: String,
    private: RsaPrivateKey,
    signing: SigningKey<Sha256>,
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    kid: String,
    pem: String,
}

/// The keys of the instance, the signing one first. Never empty.
#[derive(Clone)]
pub struct KeyRing {
    signer: Key,
    retired: Vec<Key>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing")
            .field("kid", &self.signer.kid)
            .finish_non_exhaustive()
    }
}

impl Key {
    fn generate(bits: usize) -> Result<Self, KeyError> {
        Ok(Self::of(
            crate::id::new("ins"),
            RsaPrivateKey::new(&mut rand::rngs::OsRng, bits)?,
        ))
    }

    fn of(kid: String, private: RsaPrivateKey) -> Self {
        Self {
            kid,
            signing: SigningKey::new(private.clone()),
            private,
        }
    }

    fn jwk(&self) -> Value {
        let part = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        json!({
            "use": "sig", "kty": "RSA", "alg": "RS256", "kid": self.kid,
            "n": part(self.private.n()), "e": part(self.private.e()),
        })
    }
}

impl KeyRing {
    /// A ring with one new key.
    ///
    /// # Errors
    /// If the size is invalid.
    pub fn generate(bits: usize) -> Result<Self, KeyError> {
        Ok(Self {
            signer: Key::generate(bits)?,
            retired: Vec::new(),
        })
    }

    /// Opens the ring in `folder`, or creates one.
    ///
    /// # Errors
    /// If the file cannot be read, written or parsed.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        let stored: Vec<StoredKey> = match std::fs::read(folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let mut keys = Vec::new();
        for key in stored {
            keys.push(Key::of(key.kid, RsaPrivateKey::from_pkcs8_pem(&key.pem)?));
        }
        if keys.is_empty() {
            let ring = Self::generate(KEY_BITS)?;
            ring.save(folder)?;
            return Ok(ring);
        }
        let signer = keys.remove(0);
        Ok(Self {
            signer,
            retired: keys,
        })
    }

    /// Writes the ring into `folder`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), KeyError> {
        let mut stored = Vec::new();
        for key in self.all() {
            let pem = key.private.to_pkcs8_pem(LineEnding::LF)?.to_string();
            stored.push(StoredKey {
                kid: key.kid.clone(),
                pem,
            });
        }
        Ok(replace(&folder.join(FILE), &serde_json::to_vec(&stored)?)?)
    }

    /// A ring with a new signing key. With `keep` the old ones stay published.
    ///
    /// # Errors
    /// If the key cannot be generated.
    pub fn rotate(&self, keep: bool) -> Result<Self, KeyError> {
        let retired = if keep {
            self.all().cloned().collect()
        } else {
            Vec::new()
        };
        Ok(Self {
            signer: Key::generate(self.signer.private.size().saturating_mul(8))?,
            retired,
        })
    }

    /// The key set (JWKS).
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.all().map(Key::jwk).collect::<Vec<_>>() })
    }

    /// The public signing key in PEM, for `CLERK_JWT_KEY`.
    ///
    /// # Errors
    /// If the key cannot be encoded.
    pub fn public_pem(&self) -> Result<String, KeyError> {
        Ok(RsaPublicKey::from(&self.signer.private).to_public_key_pem(LineEnding::LF)?)
    }

    /// Signs a JWT. `extra` is added to the header.
    pub fn sign(&self, extra: &[(&str, &str)], claims: &Value) -> String {
        let mut header = json!({ "alg": "RS256", "kid": self.signer.kid, "typ": "JWT" });
        for (name, value) in extra {
            if let Some(header) = header.as_object_mut() {
                header.insert((*name).to_owned(), (*value).into());
            }
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = self.signer.signing.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.signer).chain(&self.retired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    use rsa::signature::Verifier as _;

    #[test]
    fn tokens_verify_until_their_key_is_dropped() {
        let ring = KeyRing::generate(1024).unwrap();
        let token = ring.sign(&[("cat", "x")], &json!({ "sub": "user_1" }));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::try_from(signature.as_slice()).unwrap();
        let verify = |ring: &KeyRing| {
            ring.all().any(|key| {
                let key = VerifyingKey::<Sha256>::new(RsaPublicKey::from(&key.private));
                key.verify(signed.as_bytes(), &signature).is_ok()
            })
        };
        assert!(verify(&ring));
        assert!(verify(&ring.rotate(true).unwrap()));
        assert!(!verify(&ring.rotate(false).unwrap()));
        assert_ne!(ring.rotate(true).unwrap().signer.kid, ring.signer.kid);
    }

    #[test]
    fn keys_survive_a_restart() {
        let folder = std::env::temp_dir().join(crate::id::new("clerk-emulator-keys"));
        std::fs::create_dir_all(&folder).unwrap();
        let ring = KeyRing::generate(1024).unwrap();
        ring.save(&folder).unwrap();
        assert_eq!(KeyRing::open(&folder).unwrap().jwks(), ring.jwks());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
