//! A host with the keys of the instance and a Backend API whose response comes from the input.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use clerk::{
    ApiRequest, ApiResponse, Backend, Jwk, SignatureCheck, TokenError, Unreachable, Verifier, find_key,
};
use serde_json::Value;

use crate::instance::Instance;

/// A host that returns one response to every Backend API call.
pub struct StubBackend<'w> {
    instance: &'w Instance,
    response: Option<ApiResponse>,
    calls: RefCell<Vec<ApiRequest>>,
}

impl<'w> StubBackend<'w> {
    /// Without a response, the Backend API is unreachable.
    pub fn new(instance: &'w Instance, response: Option<ApiResponse>) -> Self {
        Self {
            instance,
            response,
            calls: RefCell::default(),
        }
    }

    /// All calls so far.
    pub fn calls(&self) -> Vec<ApiRequest> {
        self.calls.borrow().clone()
    }

    /// The `Set-Cookie` lines in a successful response.
    pub fn lines(&self) -> Vec<String> {
        let Some(response) = self
            .response
            .as_ref()
            .filter(|response| (200..300).contains(&response.status))
        else {
            return Vec::new();
        };
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        ["directives", "cookies"]
            .iter()
            .filter_map(|name| body.get(name)?.as_array())
            .flatten()
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect()
    }
}

impl Verifier for StubBackend<'_> {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        find_key(&[self.instance.key.jwk()], kid)
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
        assert_eq!(
            *key,
            self.instance.key.jwk(),
            "the key differs from the one of the key set"
        );
        if self.instance.key.verifies(signing_input, signature) {
            SignatureCheck::Valid
        } else {
            SignatureCheck::Invalid
        }
    }
}

impl Backend for StubBackend<'_> {
    async fn call(&self, request: ApiRequest) -> Result<ApiResponse, Unreachable> {
        self.calls.borrow_mut().push(request);
        self.response
            .clone()
            .ok_or_else(|| Unreachable("down".to_owned()))
    }
}

/// The result of a future that is ready at the first poll.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the host does no I/O"),
    }
}
