//! The public keys of the Clerk instance, and a cache of verified tokens.
//!
//! Sources in order: the configured PEM, this isolate's memory, the runtime's cache, Clerk's JWKS. An isolate verifies a
//! token once.

use std::cell::RefCell;

use clerk::{
    Claims, Jwk, KEYS_FRESH_MS, KeyCache, Lookup, SignatureCheck, TokenCache, TokenError, TokenOptions,
    Verifier, find_key, read_key_set,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Host, outbound};

/// The interval, in milliseconds, at which a request checks whether another one has fetched the keys.
const WAIT_MS: u32 = 20;

/// A key set in the runtime's cache.
#[derive(Serialize, Deserialize)]
struct KeySet {
    fetched_at_ms: i64,
    keys: Vec<Jwk>,
}

thread_local! {
    static KEYS: RefCell<KeyCache> = const { RefCell::new(KeyCache::new()) };
    static TOKENS: RefCell<TokenCache> = const { RefCell::new(TokenCache::new()) };
}

/// Verifies tokens with the host's keys and cryptography.
pub struct HostVerifier<'h, H>(pub &'h H);

impl<H: Host> Verifier for HostVerifier<'_, H> {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        if let Some(key) = &self.0.config().clerk_jwt_key {
            return Ok(key.clone());
        }
        loop {
            match KEYS.with_borrow_mut(|keys| keys.lookup(kid, self.0.now_ms())) {
                Lookup::Known(key) => return Ok(key),
                Lookup::Refused(error) => return Err(error),
                // A request on Workers cannot await another request's promise, so it polls.
                Lookup::Wait => self.0.sleep(WAIT_MS).await,
                Lookup::Fetch { stale } => {
                    return load(self.0, kid).await.or_else(|error| stale.ok_or(error));
                }
            }
        }
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
        if self.0.verify_rs256(key, signing_input, signature).await {
            SignatureCheck::Valid
        } else {
            SignatureCheck::Invalid
        }
    }

    fn cached_claims(&self, text: &str, options: &TokenOptions) -> Option<Claims> {
        TOKENS.with_borrow(|tokens| tokens.get(text, options))
    }

    fn cache_claims(&self, text: &str, claims: &Claims, options: &TokenOptions) {
        TOKENS.with_borrow_mut(|tokens| tokens.insert(text, claims, options.now_ms));
    }
}

/// The key from the runtime's cache, or else from Clerk. A set fetched from Clerk is cached.
async fn load(host: &impl Host, kid: Option<&str>) -> Result<Jwk, TokenError> {
    let name = format!("jwks/{}", host.config().clerk_publishable_key.frontend_api());
    if let Some(set) = host.cache_get(&name).await
        && let Ok(set) = serde_json::from_slice::<KeySet>(&set)
        && (0..KEYS_FRESH_MS).contains(&host.now_ms().saturating_sub(set.fetched_at_ms))
        && let Ok(key) = find_key(&set.keys, kid)
    {
        KEYS.with_borrow_mut(|keys| keys.store(set.keys, set.fetched_at_ms));
        return Ok(key);
    }
    let fetched = fetch(host).await;
    let fetched_at_ms = host.now_ms();
    match fetched {
        Ok(keys) => {
            let found = find_key(&keys, kid);
            KEYS.with_borrow_mut(|cache| cache.store(keys.clone(), fetched_at_ms));
            if let Ok(set) = serde_json::to_vec(&KeySet { fetched_at_ms, keys }) {
                let cache = host.clone();
                host.wait_until(async move {
                    cache
                        .cache_put(&name, set.into(), KEYS_FRESH_MS.unsigned_abs() / 1000)
                        .await;
                });
            }
            found
        }
        Err(error) => {
            KEYS.with_borrow_mut(|keys| keys.record_failure(error.clone(), fetched_at_ms));
            Err(error)
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
