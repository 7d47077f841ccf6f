//! A session token from text to trusted claims.
//!
//! What is read here is not trusted until [`UnverifiedToken::accept`] has the host's answer
//! about the signature; nothing of the header chooses how the signature is checked.

use crate::checks;
use crate::claims::Claims;
use crate::json::{self, PartError};
use crate::keys::Jwk;
use crate::machine::CATEGORY_MACHINE;
use crate::options::TokenOptions;
use crate::reason::{TokenError, TokenReason};
use serde_json::Value;
use std::borrow::Cow;

/// The longest token that is looked at, in bytes. Clerk keeps session tokens within a 4 KiB
/// cookie; four times that leaves room for custom claims in a header.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// A token that has been read and not yet been verified.
#[derive(Debug, Clone)]
pub struct UnverifiedToken<'a> {
    text: &'a str,
    header: Value,
    payload: Value,
    signing_input: &'a str,
    signature: Vec<u8>,
}

/// What the host says about a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureAnswer {
    /// RSASSA-PKCS1-v1_5 with SHA-256 holds for these bytes and this key.
    Valid,
    /// It does not.
    Invalid,
    /// The check could not be made, for instance because the key is unusable.
    Failed(String),
}

/// Answers about keys and signatures, which need a network and cryptography.
///
/// On workerd WebCrypto answers, elsewhere the RustCrypto crates. Futures need not be `Send`:
/// every runtime here is single-threaded.
#[expect(
    async_fn_in_trait,
    reason = "hosts are single-threaded, so nobody needs to name the future"
)]
pub trait Verifier {
    /// The key of this `kid`: the local one if configured (then `kid` does not matter),
    /// else from memory or Clerk's key set. [`crate::KeyCache`] holds the rules.
    ///
    /// # Errors
    /// Those of [`crate::KeyCache`] and [`crate::read_key_set`].
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError>;

    /// Whether RS256 holds.
    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureAnswer;

    /// The claims of a token that was verified before. A host that remembers asks its [`crate::TokenMemory`].
    fn recall(&self, text: &str, options: &TokenOptions) -> Option<Claims> {
        let _ = (text, options);
        None
    }

    /// Called with every token that passed.
    fn remember(&self, text: &str, claims: &Claims, options: &TokenOptions) {
        let _ = (text, claims, options);
    }
}

impl<'a> UnverifiedToken<'a> {
    /// Reads a compact JWS: size, three parts, base64url, JSON.
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
        let header = json::part(header).map_err(undecodable)?;
        let payload = json::part(payload).map_err(undecodable)?;
        let signature = json::base64url(signature).ok_or_else(|| undecodable(PartError::Malformed))?;
        Ok(Self {
            text,
            header,
            payload,
            signing_input,
            signature,
        })
    }

    /// The token as it came.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// A field of the header.
    pub fn header(&self, name: &str) -> Option<&Value> {
        self.header.get(name)
    }

    /// A claim, not to be trusted.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.payload.get(name)
    }

    /// The whole header.
    pub fn header_json(&self) -> &Value {
        &self.header
    }

    /// All claims, not to be trusted.
    pub fn payload_json(&self) -> &Value {
        &self.payload
    }

    /// Which key the token says it was signed with; what is no text is written out.
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.header("kid").map(|kid| match kid {
            Value::String(kid) => Cow::Borrowed(kid.as_str()),
            other => Cow::Owned(other.to_string()),
        })
    }

    /// What was signed: header and payload as they came, with the dot between them.
    pub fn signing_input(&self) -> &'a [u8] {
        self.signing_input.as_bytes()
    }

    /// The signature's bytes.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What must hold before a key is even looked for: it is not a machine's token.
    ///
    /// # Errors
    /// [`TokenReason::Invalid`]; [`TokenReason::Unexpected`] where the header is null.
    pub fn check_before_key(&self) -> Result<(), TokenError> {
        if self.header.is_null() {
            return Err(TokenError::new(
                TokenReason::Unexpected,
                "Invalid JWT header null.",
            ));
        }
        if self.header("cat").and_then(Value::as_str) == Some(CATEGORY_MACHINE) {
            return Err(TokenError::not_clerks(
                TokenReason::Invalid,
                "Invalid session token category.",
            ));
        }
        Ok(())
    }

    /// What must hold before the signature is checked: type and algorithm.
    ///
    /// # Errors
    /// [`TokenReason::Invalid`], [`TokenReason::Algorithm`]; [`TokenReason::VerificationFailed`]
    /// for algorithms of RSA that are not RS256, which no key of Clerk's is for.
    pub fn check_before_signature(&self, options: &TokenOptions) -> Result<(), TokenError> {
        checks::check_type(self.header("typ"), options.types.as_deref())?;
        checks::check_algorithm(self.header("alg"))?;
        // Never let the token choose how it is checked.
        if self.header("alg").and_then(Value::as_str) != Some("RS256") {
            return Err(TokenError::not_clerks(
                TokenReason::VerificationFailed,
                "Error verifying JWT signature. Error: JWK \"alg\" does not match the requested algorithm",
            ));
        }
        Ok(())
    }

    /// Takes the host's answer about the signature and checks everything else, in Clerk's order:
    /// category, type, algorithm, signature, `sub`, `aud`, `azp`, `iss`, `exp`, `nbf`, `iat`.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn accept(self, answer: SignatureAnswer, options: &TokenOptions) -> Result<Claims, TokenError> {
        self.check_before_key()?;
        self.check_before_signature(options)?;
        match answer {
            SignatureAnswer::Valid => {}
            SignatureAnswer::Invalid => {
                return Err(TokenError::new(
                    TokenReason::Signature,
                    "JWT signature is invalid.",
                ));
            }
            SignatureAnswer::Failed(why) => {
                return Err(TokenError::not_clerks(
                    TokenReason::VerificationFailed,
                    format!("Error verifying JWT signature. Error: {why}"),
                ));
            }
        }
        check_claims(&self.payload, options)?;
        Claims::new(self.payload)
    }
}

/// Verifies a session token: the whole of Clerk's `verifyToken`.
///
/// # Errors
/// The first rule that does not hold, or why there is no key.
pub async fn verify_token(
    text: &str,
    verifier: &impl Verifier,
    options: &TokenOptions,
) -> Result<Claims, TokenError> {
    if let Some(claims) = verifier.recall(text, options) {
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
    verifier.remember(text, &claims, options);
    Ok(claims)
}

/// The rules for claims alone, for a payload whose signature is known to hold.
///
/// # Errors
/// The first rule that does not hold.
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

/// (header and payload with their dot, header, payload, signature)
fn three_parts(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (signing_input, signature) = text.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    (!payload.contains('.')).then_some((signing_input, header, payload, signature))
}

fn undecodable(error: PartError) -> TokenError {
    TokenError::new(
        TokenReason::Invalid,
        match error {
            PartError::Malformed => {
                "Invalid JWT form. The header, payload, or signature could not be decoded."
            }
            PartError::DuplicateKey => "Invalid JWT form. A key occurs twice.",
        },
    )
}
