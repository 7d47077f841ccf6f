//! A host whose keys and Backend API responses come from the case.

use clerk::{
    ApiRequest, ApiResponse, Backend, Jwk, SignatureCheck, TokenError, TokenReason, Unreachable, Verifier,
    find_key, read_key_set,
};
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use sha2::Sha256;
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The source of keys.
pub enum Keys {
    /// One key; `None` for an invalid one, with which no signature is valid.
    Local(Option<Jwk>),
    /// A value that is not a key.
    Unusable,
    /// The key set at this URL.
    Remote(String),
    /// No source.
    None,
}

/// The Backend API of a case: method and path without query → response.
type Api<'a> = Box<dyn Fn(&str, &str) -> Option<ApiResponse> + 'a>;

/// A host for one case.
pub struct CaseHost<'a> {
    /// The source of keys.
    pub keys: Keys,
    /// The Backend API.
    pub api: Api<'a>,
    /// All calls so far.
    pub requests: RefCell<Vec<ApiRequest>>,
}

impl<'a> CaseHost<'a> {
    /// A host.
    pub fn new(keys: Keys, api: impl Fn(&str, &str) -> Option<ApiResponse> + 'a) -> Self {
        Self {
            keys,
            api: Box::new(api),
            requests: RefCell::default(),
        }
    }

    /// A host without a Backend API.
    pub fn offline(keys: Keys) -> Self {
        Self::new(keys, |_, _| None)
    }

    /// The calls in order. Repeated calls are listed once: the host's cache decides how often keys
    /// are fetched.
    pub fn calls(&self) -> Vec<String> {
        let requests = self.requests.borrow();
        let mut calls: Vec<String> = requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .collect();
        calls.dedup();
        calls
    }
}

impl Verifier for CaseHost<'_> {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        match &self.keys {
            Keys::Local(key) => Ok(key.clone().unwrap_or_else(|| no_key("RSA"))),
            Keys::Unusable => Ok(no_key("")),
            Keys::Remote(url) => {
                let answer = self.call(ApiRequest::keys()).await;
                let answer =
                    answer.map_err(|error| TokenError::new(TokenReason::Unexpected, error.to_string()))?;
                find_key(&read_key_set(url, answer.status, &answer.body)?, kid)
            }
            Keys::None => Err(TokenError::new(
                TokenReason::KeyFailedToResolve,
                "Failed to resolve JWK during verification.",
            )
            .with_action(clerk::Action::SetJwtKey)),
        }
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
        verify_rs256(key, signing_input, signature)
    }
}

impl Backend for CaseHost<'_> {
    async fn call(&self, request: ApiRequest) -> Result<ApiResponse, Unreachable> {
        self.requests.borrow_mut().push(request.clone());
        let path = request.path.split('?').next().unwrap_or_default();
        (self.api)(request.method, path).ok_or_else(|| Unreachable("the case has no response".to_owned()))
    }
}

fn no_key(kty: &str) -> Jwk {
    Jwk {
        kty: kty.to_owned(),
        kid: None,
        n: String::new(),
        e: String::new(),
        alg: None,
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256. An unusable key verifies no signature.
pub fn verify_rs256(key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
    if key.kty != "RSA" {
        return SignatureCheck::Failed("the key cannot be used".to_owned());
    }
    let number = |bytes: Option<Vec<u8>>| BigUint::from_bytes_be(&bytes.unwrap_or_default());
    let Ok(key) = RsaPublicKey::new(number(key.modulus()), number(key.exponent())) else {
        return SignatureCheck::Invalid;
    };
    let Ok(signature) = Signature::try_from(signature) else {
        return SignatureCheck::Invalid;
    };
    match VerifyingKey::<Sha256>::new(key).verify(signing_input, &signature) {
        Ok(()) => SignatureCheck::Valid,
        Err(_) => SignatureCheck::Invalid,
    }
}

/// The result of a future that is ready at the first poll.
pub fn ready<T>(future: impl Future<Output = T>) -> Result<T, String> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err("the future is pending, although the host does no I/O".to_owned()),
    }
}
