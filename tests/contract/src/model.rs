//! The requests that the scripted model received, and control of held replies.

use serde_json::Value;

use crate::lock::TestLock;
use crate::{Call, product};

/// The request whose last user message contains this text.
///
/// # Panics
/// If there is no such request, or more than one.
#[must_use]
#[track_caller]
pub fn request_about(text: &str) -> Value {
    let mut found = requests_about(text);
    assert_eq!(found.len(), 1, "the model received one request with {text:?}");
    found.remove(0)
}

/// All requests whose last user message contains this text, oldest first.
#[must_use]
pub fn requests_about(text: &str) -> Vec<Value> {
    let all = Call::to("GET", format!("{}/_requests", product().model))
        .send()
        .json_of(200);
    let is_about = |request: &&Value| {
        let mut messages = request["messages"].as_array().into_iter().flatten();
        let last = messages.rfind(|message| message["role"] == "user");
        last.and_then(|message| message["content"].as_str())
            .is_some_and(|content| content.contains(text))
    };
    all.as_array()
        .into_iter()
        .flatten()
        .filter(is_about)
        .cloned()
        .collect()
}

/// The messages of a request, as `role: content`.
#[must_use]
pub fn messages(request: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = request["messages"].as_array().into_iter().flatten();
    messages
        .map(|message| format!("{}: {}", text(&message["role"]), text(&message["content"])))
        .collect()
}

/// The lock for `[[hold]]`. A release applies to every held reply, so one test at a time holds one.
#[derive(Debug)]
pub struct Holding(#[allow(dead_code, reason = "held until it is dropped")] TestLock);

impl Holding {
    /// Acquires the lock.
    #[must_use]
    pub fn begin() -> Self {
        Self(TestLock::exclusive("hold"))
    }

    /// Releases the held reply.
    ///
    /// # Panics
    /// If the model holds no reply.
    #[track_caller]
    pub fn release(&self) {
        let answer = Call::to("POST", format!("{}/_release", product().model))
            .send()
            .json_of(200);
        assert_eq!(answer["released"], 1, "the model held one reply");
    }
}
