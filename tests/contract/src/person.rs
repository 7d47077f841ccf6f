//! People: made by the emulator's control API, each for one test.

use serde_json::{Value, json};

use crate::turn::Turn;
use crate::{Answer, Call, Talk, new_id, product};

/// Longer than any test takes.
const TOKEN_TTL_S: u64 = 3600;

/// Somebody with an account and a session.
#[derive(Debug)]
pub struct Person {
    /// Clerk's id.
    pub id: String,
    /// The Backend API's user object.
    pub user: Value,
    /// Clerk's id of the session.
    pub session: String,
    /// A session token that outlives the test.
    pub token: String,
    cookies: Value,
    #[allow(dead_code, reason = "held until the person is dropped")]
    turn: Turn,
}

impl Person {
    /// Somebody of whom nobody has heard.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Turn::shared(), json!({}))
    }

    /// Somebody of this name, whom the product knows: they have come through the callback.
    #[must_use]
    pub fn known_as(first_name: &str, last_name: &str) -> Self {
        let person = Self::with(
            Turn::shared(),
            json!({ "first_name": first_name, "last_name": last_name }),
        );
        let _ = person.open("/auth/callback").expect(303);
        person
    }

    /// Somebody while no other test has people.
    #[must_use]
    pub fn alone() -> Self {
        Self::with(Turn::alone(), json!({}))
    }

    fn with(turn: Turn, mut wish: Value) -> Self {
        wish["email"] = format!("{}+clerk_test@example.com", new_id()).into();
        let user = control("users", &wish);
        let id = user["id"].as_str().expect("a user has an id").to_owned();
        let session = control("sessions", &json!({ "user_id": id, "origin": product().origin }));
        let cookies = session["cookies"].clone();
        let session = session["session_id"]
            .as_str()
            .expect("a session has an id")
            .to_owned();
        let token = token(&session, &json!({ "ttl_s": TOKEN_TTL_S }));
        Self {
            id,
            user,
            session,
            token,
            cookies,
            turn,
        }
    }

    /// A token of this person's session; `wish` as the control API takes it.
    #[must_use]
    pub fn token(&self, wish: &Value) -> String {
        token(&self.session, wish)
    }

    /// A request to the API by this person.
    #[must_use]
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(method, path).bearer(&self.token)
    }

    /// GET.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    /// POST of JSON.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send()
    }

    /// PUT of JSON.
    #[must_use]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path).json(body).send()
    }

    /// DELETE.
    #[must_use]
    pub fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path).send()
    }

    /// POST without a body.
    #[must_use]
    pub fn restore(&self, path: &str) -> Answer {
        self.call("POST", &format!("{path}/restore")).send()
    }

    /// A document, as the browser of this person asks for it.
    #[must_use]
    pub fn open(&self, path: &str) -> Answer {
        Call::new("GET", path)
            .header("cookie", self.cookie())
            .header("accept", "text/html")
            .send()
    }

    /// All cookies that this person's browser would send.
    #[must_use]
    pub fn cookie(&self) -> String {
        self.cookie_with(&self.token)
    }

    /// The same with another session token.
    #[must_use]
    pub fn cookie_with(&self, token: &str) -> String {
        let cookies = self.cookies.as_object().expect("cookies by their names");
        let pairs = cookies.iter().map(|(name, value)| {
            let is_session = name.starts_with("__session");
            let value = if is_session {
                token
            } else {
                value.as_str().unwrap_or_default()
            };
            format!("{name}={value}")
        });
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// A new persona of this person; answers it.
    #[must_use]
    #[track_caller]
    pub fn persona(&self, fields: &Value) -> Value {
        self.post("/api/personas", fields).json_of(201)
    }

    /// A new conversation with a new persona of these fields.
    #[must_use]
    #[track_caller]
    pub fn talk(&self, fields: &Value) -> Talk<'_> {
        let persona = self.persona(fields);
        Talk::open(self, persona["id"].as_str().expect("a persona has an id"))
    }
}

impl Default for Person {
    fn default() -> Self {
        Self::new()
    }
}

fn token(session: &str, wish: &Value) -> String {
    let mut body = json!({ "session_id": session, "origin": product().origin });
    for (name, value) in wish.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    control("tokens", &body)["jwt"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// Asks the emulator's control API.
///
/// # Panics
/// If it refuses.
#[track_caller]
pub fn control(path: &str, body: &Value) -> Value {
    let url = format!("{}/_emulator/{path}", product().emulator);
    Call::to("POST", url).json(body).send().json_of(200)
}
