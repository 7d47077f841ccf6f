//! Parsing and verification of session tokens.
//!
//! Claims are trusted only after [`UnverifiedToken::accept`] has received the result of the
//! signature check. The header never chooses the algorithm.

use crate::checks;
use crate::claims::Claims;
use crate::json::{self, DecodeError};
use crate::keys::Jwk;
use crate::machine::CATEGORY_MACHINE;
use crate::options::TokenOptions;
use crate::reason::{TokenError, TokenReason};
use serde_json::Value;
use std::borrow::Cow;

/// The longest token that is parsed, in bytes. Clerk keeps session tokens within a 4 KiB
/// cookie; four times that leaves room for custom claims in a header.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// A parsed token whose signature has not been checked.
#[derive(Debug, Clone)]
pub struct UnverifiedToken<'a> {
    text: &'a str,
    header: Value,
    payload: Value,
    signing_input: &'a str,
    signature: Vec<u8>,
}

/// The result of a signature check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The RSASSA-PKCS1-v1_5 SHA-256 signature matches these bytes and this key.
    Valid,
    /// The signature does not match.
    Invalid,
    /// The check failed, for instance because the key is unusable.
    Failed(String),
}

/// Key lookup and signature checks, which need a network and cryptography.
///
/// Workers use WebCrypto, other hosts the RustCrypto crates. Futures need not be `Send`:
/// every runtime here is single-threaded.
#[expect(
    async_fn_in_trait,
    reason = "hosts are single-threaded, so no caller needs to name the future"
)]
pub trait Verifier {
    /// The key of this `kid`: the local one if configured (`kid` is then ignored),
    /// else from the cache or Clerk's key set. [`crate::KeyCache`] implements the rules.
    ///
    /// # Errors
    /// Those of [`crate::KeyCache`] and [`crate::read_key_set`].
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError>;

    /// Checks an RS256 signature.
    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck;

    /// The claims of a token that was verified before, for hosts with a [`crate::TokenCache`].
    fn cached_claims(&self, text: &str, options: &TokenOptions) -> Option<Claims> {
        let _ = (text, options);
        None
    }

    /// Called with every verified token.
    fn cache_claims(&self, text: &str, claims: &Claims, options: &TokenOptions) {
        let _ = (text, claims, options);
    }
}

impl<'a> UnverifiedToken<'a> {
    /// Parses a compact JWS: size, three parts, base64url, JSON.
    ///
    /// # Errors
    /// [`TokenReason::Invalid`].
    pub fn parse(text: &'a str) -> Result<Self, TokenError> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::new(
                TokenReason::Invalid,
                format!("Invalid JWT form. Longer than {TOKEN_BYTES_MAX} bytes."),
            ));
        }
        let (signing_input, header, payload, signature) = three_parts(text).ok_or_else(|| {
            TokenError::new(
                TokenReason::Invalid,
                "Invalid JWT form. A JWT consists of three parts separated by dots.",
            )
        })?;
        let header = json::decode_part(header).map_err(undecodable)?;
        let payload = json::decode_part(payload).map_err(undecodable)?;
        let signature = json::base64url(signature).ok_or_else(|| undecodable(DecodeError::Malformed))?;
        Ok(Self {
            text,
            header,
            payload,
            signing_input,
            signature,
        })
    }

    /// The encoded token.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// A header parameter.
    pub fn header(&self, name: &str) -> Option<&Value> {
        self.header.get(name)
    }

    /// A claim, unverified.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.payload.get(name)
    }

    /// The whole header.
    pub fn header_json(&self) -> &Value {
        &self.header
    }

    /// All claims, unverified.
    pub fn payload_json(&self) -> &Value {
        &self.payload
    }

    /// The `kid` of the header. A value that is not a string is serialized as JSON.
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.header("kid").map(|kid| match kid {
            Value::String(kid) => Cow::Borrowed(kid.as_str()),
            other => Cow::Owned(other.to_string()),
        })
    }

    /// The JWS signing input: encoded header, dot, encoded payload.
    pub fn signing_input(&self) -> &'a [u8] {
        self.signing_input.as_bytes()
    }

    /// The decoded signature.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The checks before key lookup: a machine token is rejected.
    ///
    /// # Errors
    /// [`TokenReason::Invalid`]; [`TokenReason::Unexpected`] if the header is null.
    pub fn check_before_key(&self) -> Result<(), TokenError> {
        if self.header.is_null() {
            return Err(TokenError::new(
                TokenReason::Unexpected,
                "Invalid JWT header null.",
            ));
        }
        if self.header("cat").and_then(Value::as_str) == Some(CATEGORY_MACHINE) {
            return Err(TokenError::not_issued_by_clerk(
                TokenReason::Invalid,
                "Invalid session token category.",
            ));
        }
        Ok(())
    }

    /// The checks before signature verification: type and algorithm.
    ///
    /// # Errors
    /// [`TokenReason::Invalid`], [`TokenReason::Algorithm`]; [`TokenReason::VerificationFailed`]
    /// for RSA algorithms other than RS256, for which Clerk has no keys.
    pub fn check_before_signature(&self, options: &TokenOptions) -> Result<(), TokenError> {
        checks::check_type(self.header("typ"), options.types.as_deref())?;
        checks::check_algorithm(self.header("alg"))?;
        // Never let the token choose how it is checked.
        if self.header("alg").and_then(Value::as_str) != Some("RS256") {
            return Err(TokenError::not_issued_by_clerk(
                TokenReason::VerificationFailed,
                "Error verifying JWT signature. Error: JWK \"alg\" does not match the requested algorithm",
            ));
        }
        Ok(())
    }

    /// Takes the result of the signature check and checks everything else, in Clerk's order:
    /// category, type, algorithm, signature, `sub`, `aud`, `azp`, `iss`, `exp`, `nbf`, `iat`.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn accept(self, answer: SignatureCheck, options: &TokenOptions) -> Result<Claims, TokenError> {
        self.check_before_key()?;
        self.check_before_signature(options)?;
        match answer {
            SignatureCheck::Valid => {}
            SignatureCheck::Invalid => {
                return Err(TokenError::new(
                    TokenReason::Signature,
                    "JWT signature is invalid.",
                ));
            }
            SignatureCheck::Failed(why) => {
                return Err(TokenError::not_issued_by_clerk(
                    TokenReason::VerificationFailed,
                    format!("Error verifying JWT signature. Error: {why}"),
                ));
            }
        }
        check_claims(&self.payload, options)?;
        Claims::new(self.payload)
    }
}

/// Verifies a session token, as Clerk's `verifyToken` does.
///
/// # Errors
/// The first check that fails, or the error of the key lookup.
pub async fn verify_token(
    text: &str,
    verifier: &impl Verifier,
    options: &TokenOptions,
) -> Result<Claims, TokenError> {
    if let Some(claims) = verifier.cached_claims(text, options) {
        return Ok(claims);
    }
    let token = UnverifiedToken::parse(text)?;
    token.check_before_key()?;
    let key = verifier.key(token.kid().as_deref()).await?;
    token.check_before_signature(options)?;
    let answer = verifier
        .verify(&key, token.signing_input(), token.signature())
        .await;
    let claims = token.accept(answer, options)?;
    verifier.cache_claims(text, &claims, options);
    Ok(claims)
}

/// Checks the claims alone, for a payload whose signature has been verified.
///
/// # Errors
/// The first check that fails.
pub fn check_claims(payload: &Value, options: &TokenOptions) -> Result<(), TokenError> {
    if payload.is_null() {
        return Err(TokenError::new(
            TokenReason::Unexpected,
            "Invalid JWT payload null.",
        ));
    }
    let (now, skew) = (options.now_ms, options.skew_ms);
    checks::check_subject(payload.get("sub"))?;
    checks::check_audience(payload.get("aud"), &options.audience)?;
    checks::check_authorized_party(payload.get("azp"), &options.authorized_parties)?;
    checks::check_issuer(payload.get("iss"), &options.issuers)?;
    checks::check_expiry(payload.get("exp"), now, skew)?;
    checks::check_not_before(payload.get("nbf"), now, skew)?;
    checks::check_issued_at(payload.get("iat"), now, skew)
}

/// (signing input, header, payload, signature)
fn three_parts(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (signing_input, signature) = text.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    (!payload.contains('.')).then_some((signing_input, header, payload, signature))
}

fn undecodable(error: DecodeError) -> TokenError {
    TokenError::new(
        TokenReason::Invalid,
        match error {
            DecodeError::Malformed => {
                "Invalid JWT form. The header, payload, or signature could not be decoded."
            }
            DecodeError::DuplicateKey => "Invalid JWT form. A key occurs twice.",
        },
    )
}
