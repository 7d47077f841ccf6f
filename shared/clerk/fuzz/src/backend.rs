//! The host of the judged requests: its keys are the instance's, its Backend API says what an input says.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use clerk::{
    ApiAnswer, ApiRequest, Backend, Jwk, SignatureAnswer, TokenError, Unreachable, Verifier, find_key,
};
use serde_json::Value;

use crate::world::World;

/// A host that answers every call in one way.
pub struct Answers<'w> {
    world: &'w World,
    answer: Option<ApiAnswer>,
    calls: RefCell<Vec<ApiRequest>>,
}

impl<'w> Answers<'w> {
    /// Without an answer, the Backend API cannot be reached.
    pub fn new(world: &'w World, answer: Option<ApiAnswer>) -> Self {
        Self {
            world,
            answer,
            calls: RefCell::default(),
        }
    }

    /// Every call that was made.
    pub fn calls(&self) -> Vec<ApiRequest> {
        self.calls.borrow().clone()
    }

    /// The cookie lines that a successful answer has to offer.
    pub fn lines(&self) -> Vec<String> {
        let Some(answer) = self
            .answer
            .as_ref()
            .filter(|answer| (200..300).contains(&answer.status))
        else {
            return Vec::new();
        };
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        ["directives", "cookies"]
            .iter()
            .filter_map(|name| body.get(name)?.as_array())
            .flatten()
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect()
    }
}

impl Verifier for Answers<'_> {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        find_key(&[self.world.key.jwk()], kid)
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureAnswer {
        assert_eq!(
            *key,
            self.world.key.jwk(),
            "the key is the one that was handed out"
        );
        if self.world.key.verifies(signing_input, signature) {
            SignatureAnswer::Valid
        } else {
            SignatureAnswer::Invalid
        }
    }
}

impl Backend for Answers<'_> {
    async fn call(&self, request: ApiRequest) -> Result<ApiAnswer, Unreachable> {
        self.calls.borrow_mut().push(request);
        self.answer.clone().ok_or_else(|| Unreachable("down".to_owned()))
    }
}

/// The result of a future that waits for nothing.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}
