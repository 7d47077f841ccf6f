//! A conversation of a test client, which tracks the newest message and chooses ids.

use serde_json::{Value, json};

use crate::stream::Reply;
use crate::{Answer, Call, Person, Stream, new_id};

/// A conversation.
#[derive(Debug)]
pub struct Talk<'p> {
    /// Its owner.
    pub person: &'p Person,
    /// Its id.
    pub id: String,
    /// The persona's id.
    pub persona: String,
    /// The newest message that the client shows.
    pub head: Option<String>,
}

/// A requested reply.
#[derive(Debug)]
pub struct Asked {
    /// The generation's id.
    pub id: String,
    /// The body that was posted.
    pub body: Value,
    /// The reply's message id.
    pub reply: String,
    /// Its events.
    pub stream: Stream,
}

impl<'p> Talk<'p> {
    /// Opens a conversation.
    #[must_use]
    #[track_caller]
    pub fn open(person: &'p Person, persona: &str) -> Self {
        let id = new_id();
        let opened = person
            .post("/api/conversations", &json!({ "id": id, "persona_id": persona }))
            .json_of(201);
        assert_eq!(opened["id"], id);
        let mut talk = Self {
            person,
            id,
            persona: persona.to_owned(),
            head: None,
        };
        talk.see(&opened);
        talk
    }

    fn see(&mut self, conversation: &Value) {
        let last = conversation["messages"]
            .as_array()
            .and_then(|messages| messages.last());
        self.head = last.and_then(|message| message["id"].as_str()).map(str::to_owned);
    }

    /// The stored conversation.
    #[must_use]
    #[track_caller]
    pub fn stored(&self) -> Value {
        self.person
            .get(&format!("/api/conversations/{}", self.id))
            .json_of(200)
    }

    /// Its messages as `role status: content`.
    #[must_use]
    #[track_caller]
    pub fn lines(&self) -> Vec<String> {
        lines(&self.stored())
    }

    /// The body of a request with a message.
    #[must_use]
    pub fn send_body(&self, text: &str) -> Value {
        json!({
            "id": new_id(), "kind": "send", "after": self.head,
            "message": { "id": new_id(), "content": text }, "reply_id": new_id(),
        })
    }

    /// The request for a reply.
    #[must_use]
    pub fn call(&self, body: &Value) -> Call {
        self.person
            .call("POST", &format!("/api/conversations/{}/generations", self.id))
            .json(body)
    }

    /// Posts a generation that is expected to be rejected.
    #[must_use]
    pub fn post(&self, body: &Value) -> Answer {
        self.call(body).send()
    }

    /// Starts a reply and makes its message the newest.
    #[track_caller]
    fn begin(&mut self, body: Value) -> Asked {
        let stream = self.call(&body).stream();
        let text = |name: &str| body[name].as_str().expect("an id").to_owned();
        let (id, reply) = (text("id"), text("reply_id"));
        self.head = Some(reply.clone());
        Asked {
            id,
            reply,
            stream,
            body,
        }
    }

    /// Sends a message.
    #[must_use]
    #[track_caller]
    pub fn ask(&mut self, text: &str) -> Asked {
        let body = self.send_body(text);
        self.begin(body)
    }

    /// Sends a message and reads the reply to its end.
    #[track_caller]
    pub fn say(&mut self, text: &str) -> Reply {
        self.ask(text).stream.rest()
    }

    /// Requests another reply to the newest message.
    #[must_use]
    #[track_caller]
    pub fn retry(&mut self) -> Asked {
        let body = json!({ "id": new_id(), "kind": "retry", "after": self.head, "reply_id": new_id() });
        self.begin(body)
    }

    /// Requests a continuation.
    #[must_use]
    #[track_caller]
    pub fn go_on(&mut self) -> Asked {
        let body = json!({ "id": new_id(), "kind": "continue", "after": self.head, "reply_id": self.head });
        self.begin(body)
    }
}

impl Asked {
    /// Stops the reply after `seen_chars` code points.
    #[must_use]
    pub fn stop(&self, person: &Person, seen_chars: usize) -> Answer {
        person.post(
            &format!("/api/generations/{}/stop", self.id),
            &json!({ "seen_chars": seen_chars }),
        )
    }
}

/// Follows a reply by its id, after the event `last_event_id`.
#[must_use]
pub fn follow(person: &Person, generation: &str, last_event_id: Option<u64>) -> Stream {
    let mut call = person.call("GET", &format!("/api/generations/{generation}/events"));
    if let Some(id) = last_event_id {
        call = call.header("last-event-id", id.to_string());
    }
    call.stream()
}

/// The messages of a conversation as `role status: content`.
#[must_use]
pub fn lines(conversation: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = conversation["messages"].as_array().expect("`messages` is a list");
    let line = |one: &Value| {
        format!(
            "{} {}: {}",
            text(&one["role"]),
            text(&one["status"]),
            text(&one["content"])
        )
    };
    messages.iter().map(line).collect()
}
