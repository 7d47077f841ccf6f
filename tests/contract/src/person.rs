//! Test users, created with the emulator's control API.

use serde_json::{Map, Value, json};

use crate::lock::TestLock;
use crate::{Answer, Call, Talk, new_id, product};

/// Longer than any test runs.
const TOKEN_TTL_S: u64 = 3600;

/// A user with an account and a session.
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
    lock: TestLock,
}

impl Person {
    /// A user without a row in the database.
    #[must_use]
    pub fn new() -> Self {
        Self::with(TestLock::shared(), json!({}))
    }

    /// A user with this name and a row in the database, created by the callback.
    #[must_use]
    pub fn known_as(first_name: &str, last_name: &str) -> Self {
        let person = Self::with(
            TestLock::shared(),
            json!({ "first_name": first_name, "last_name": last_name }),
        );
        let _ = person.open("/auth/callback").expect(303);
        person
    }

    /// A user while no other test has one.
    #[must_use]
    pub fn alone() -> Self {
        Self::with(TestLock::alone(), json!({}))
    }

    fn with(lock: TestLock, mut fields: Value) -> Self {
        fields["email"] = format!("{}+clerk_test@example.com", new_id()).into();
        let user = control("users", &fields);
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
            lock,
        }
    }

    /// A token of this session. `options` are those of the control API.
    #[must_use]
    pub fn token(&self, options: &Value) -> String {
        token(&self.session, options)
    }

    /// An authenticated API request.
    #[must_use]
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(method, path).bearer(&self.token)
    }

    /// Sends a GET.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    /// Sends a POST with JSON.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send()
    }

    /// Sends a PUT with JSON.
    #[must_use]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path).json(body).send()
    }

    /// Sends a DELETE.
    #[must_use]
    pub fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path).send()
    }

    /// Sends a POST to `{path}/restore`.
    #[must_use]
    pub fn restore(&self, path: &str) -> Answer {
        self.call("POST", &format!("{path}/restore")).send()
    }

    /// Requests a document with this user's cookies.
    #[must_use]
    pub fn open(&self, path: &str) -> Answer {
        Call::new("GET", path)
            .header("cookie", self.cookie())
            .header("accept", "text/html")
            .send()
    }

    /// The `Cookie` header of this user's browser.
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

    /// Creates a persona with the fields of [`persona_body`].
    #[must_use]
    #[track_caller]
    pub fn persona(&self, fields: &Value) -> Value {
        self.post("/api/personas", &persona_body(fields)).json_of(201)
    }

    /// Creates a persona and a conversation with it.
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

/// The body of a request that stores a persona. Fields that are not `id`, `revision`, `tagline` or `avatar_id` go into
/// the card.
#[must_use]
pub fn persona_body(fields: &Value) -> Value {
    let beside = ["id", "revision", "tagline", "avatar_id"];
    let fields = fields.as_object().expect("fields by their names").clone();
    let (mut body, card): (Map<_, _>, Map<_, _>) = fields
        .into_iter()
        .partition(|(name, _)| beside.contains(&name.as_str()));
    body.insert("card".into(), card.into());
    body.into()
}

fn token(session: &str, options: &Value) -> String {
    let mut body = json!({ "session_id": session, "origin": product().origin });
    for (name, value) in options.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    control("tokens", &body)["jwt"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// Calls the emulator's control API.
///
/// # Panics
/// If the response is not 200.
#[track_caller]
pub fn control(path: &str, body: &Value) -> Value {
    let url = format!("{}/_emulator/{path}", product().emulator);
    Call::to("POST", url).json(body).send().json_of(200)
}
