//! The public keys of the Clerk instance, and the tokens that they have already vouched for.
//!
//! Sources in order: the configured PEM, this isolate's memory, Clerk's JWKS. A verified token is not verified
//! again in the same isolate before it expires.

use std::cell::RefCell;

use clerk::{
    Jwk, KeyCache, Lookup, SignatureAnswer, TokenError, TokenMemory, Verifier, find_key, read_key_set,
};
use http::Method;

use crate::{Host, outbound};

thread_local! {
    static KEYS: RefCell<KeyCache> = const { RefCell::new(KeyCache::new()) };
    static TOKENS: RefCell<TokenMemory> = const { RefCell::new(TokenMemory::new()) };
}

/// Verifies tokens with this host's keys and cryptography.
pub struct HostVerifier<'h, H>(pub &'h H);

impl<H: Host> Verifier for HostVerifier<'_, H> {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        if let Some(key) = &self.0.config().clerk_jwt_key {
            return Ok(key.clone());
        }
        let lookup = KEYS.with_borrow_mut(|keys| keys.lookup(kid, self.0.now_ms()));
        match lookup {
            Lookup::Known(key) => Ok(key),
            Lookup::Refused(error) => Err(error),
            Lookup::Fetch { stale } => match fetch(self.0).await {
                Ok(fetched) => {
                    let found = find_key(&fetched, kid);
                    KEYS.with_borrow_mut(|keys| keys.store(fetched, self.0.now_ms()));
                    found
                }
                Err(error) => {
                    KEYS.with_borrow_mut(|keys| keys.failed(error.clone(), self.0.now_ms()));
                    stale.ok_or(error)
                }
            },
        }
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureAnswer {
        if self.0.verify_rs256(key, signing_input, signature).await {
            SignatureAnswer::Valid
        } else {
            SignatureAnswer::Invalid
        }
    }
}

async fn fetch(host: &impl Host) -> Result<Vec<Jwk>, TokenError> {
    let url = format!("{}/v1/jwks", host.config().clerk_api_url);
    match outbound::clerk_api(host, Method::GET, "/v1/jwks", None).await {
        Ok((status, body)) => read_key_set(&url, status.as_u16(), &body),
        Err(error) => {
            host.log(&format!(
                "jwks: {:?}",
                std::error::Error::source(&error).map(ToString::to_string)
            ));
            read_key_set(&url, 503, b"")
        }
    }
}

/// The claims of a token that this isolate has verified before, or verifies now.
///
/// # Errors
/// Why the token does not pass.
pub async fn verify(
    host: &impl Host,
    token: &str,
    options: &clerk::TokenOptions,
) -> Result<clerk::Claims, TokenError> {
    if let Some(claims) = TOKENS.with_borrow_mut(|tokens| tokens.recall(token, options)) {
        return Ok(claims);
    }
    let claims = clerk::verify_token(token, &HostVerifier(host), options).await?;
    TOKENS.with_borrow_mut(|tokens| tokens.remember(token, &claims, host.now_ms()));
    Ok(claims)
}
