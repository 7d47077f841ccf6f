//! What the scripted model was asked, and letting it go on.

use serde_json::Value;

use crate::turn::Turn;
use crate::{Call, product};

/// The newest request whose last message of the person holds this text.
///
/// # Panics
/// If the model was not asked so, or asked more than once.
#[must_use]
#[track_caller]
pub fn request_about(text: &str) -> Value {
    let mut found = requests_about(text);
    assert_eq!(found.len(), 1, "the model was asked once about {text:?}");
    found.remove(0)
}

/// All requests whose last message of the person holds this text, oldest first.
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

/// The messages of a request as `role: content`.
#[must_use]
pub fn messages(request: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = request["messages"].as_array().into_iter().flatten();
    messages
        .map(|message| format!("{}: {}", text(&message["role"]), text(&message["content"])))
        .collect()
}

/// The right to use `[[hold]]`: releasing lets every held reply go, so one test at a time holds one.
#[derive(Debug)]
pub struct Holding(#[allow(dead_code, reason = "held until it is dropped")] Turn);

impl Holding {
    /// Waits until nobody else holds a reply.
    #[must_use]
    pub fn begin() -> Self {
        Self(Turn::exclusive("hold"))
    }

    /// Lets the held reply come to its end.
    ///
    /// # Panics
    /// If the model holds none.
    #[track_caller]
    pub fn release(&self) {
        let answer = Call::to("POST", format!("{}/_release", product().model))
            .send()
            .json_of(200);
        assert_eq!(answer["released"], 1, "the model held one reply");
    }
}
