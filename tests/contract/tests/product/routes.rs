//! Every authenticated route of the API, and resources to call it with.

use contract::{Call, Person, Talk, new_id};
use serde_json::{Value, json};

/// The request body of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    Json,
    Picture,
}

/// Every route that requires a session. `{persona}`, `{conversation}` and `{generation}` are ids.
pub const ROUTES: [(&str, &str, Takes); 18] = [
    ("GET", "/api/me", Takes::Nothing),
    ("GET", "/api/dashboard", Takes::Nothing),
    ("GET", "/api/dashboard/personas", Takes::Nothing),
    ("GET", "/api/dashboard/conversations", Takes::Nothing),
    ("POST", "/api/personas", Takes::Json),
    ("GET", "/api/personas/{persona}", Takes::Nothing),
    ("PUT", "/api/personas/{persona}", Takes::Json),
    ("DELETE", "/api/personas/{persona}", Takes::Nothing),
    ("POST", "/api/personas/{persona}/restore", Takes::Nothing),
    ("POST", "/api/files", Takes::Picture),
    ("POST", "/api/conversations", Takes::Json),
    ("GET", "/api/conversations/{conversation}", Takes::Nothing),
    ("DELETE", "/api/conversations/{conversation}", Takes::Nothing),
    (
        "POST",
        "/api/conversations/{conversation}/restore",
        Takes::Nothing,
    ),
    (
        "POST",
        "/api/conversations/{conversation}/generations",
        Takes::Json,
    ),
    ("GET", "/api/generations/{generation}/events", Takes::Nothing),
    ("POST", "/api/generations/{generation}/stop", Takes::Json),
    (
        "GET",
        "/api/dashboard/conversations?persona_id={persona}",
        Takes::Nothing,
    ),
];

/// Routes with the id of a user's resource.
pub fn routes_with_an_id() -> impl Iterator<Item = (&'static str, &'static str, Takes)> {
    ROUTES
        .into_iter()
        .filter(|(_, path, _)| path.contains('{') && !path.contains('?'))
}

/// A user's persona, a conversation with it, and a reply in that.
#[derive(Debug)]
pub struct Things {
    pub persona: String,
    pub conversation: String,
    pub generation: String,
    /// The newest message.
    pub head: String,
}

impl Things {
    pub fn of(person: &Person) -> Self {
        let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
        let asked = talk.ask("[[count 3]]");
        let generation = asked.id.clone();
        let head = asked.reply.clone();
        assert_eq!(asked.stream.rest().status(), "done");
        let Talk {
            persona,
            id: conversation,
            ..
        } = talk;
        Self {
            persona,
            conversation,
            generation,
            head,
        }
    }

    /// Ids without resources.
    pub fn unknown() -> Self {
        Self {
            persona: new_id(),
            conversation: new_id(),
            generation: new_id(),
            head: new_id(),
        }
    }

    /// A route's path with these ids.
    pub fn path(&self, template: &str) -> String {
        template
            .replace("{persona}", &self.persona)
            .replace("{conversation}", &self.conversation)
            .replace("{generation}", &self.generation)
    }

    /// A valid body for the route.
    pub fn body(&self, template: &str) -> Value {
        match template.rsplit('/').next().unwrap() {
            "conversations" => json!({ "id": new_id(), "persona_id": self.persona }),
            "generations" => json!({
                "id": new_id(), "kind": "send", "after": self.head, "reply_id": new_id(),
                "message": { "id": new_id(), "content": "[[count 2]]" },
            }),
            "stop" => json!({ "seen_chars": 1 }),
            _ => json!({ "card": { "name": "Nadir" } }),
        }
    }

    /// A valid request to the route, without authentication.
    pub fn call(&self, (method, template, takes): (&str, &str, Takes)) -> Call {
        let call = Call::new(method, &self.path(template));
        match takes {
            Takes::Nothing => call,
            Takes::Json => call.json(&self.body(template)),
            Takes::Picture => call.body("image/png", crate::files::PNG),
        }
    }
}
