//! A test client that sends ClerkJS's requests to the router in this process.

#![allow(dead_code, reason = "each test file uses a part")]

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use clerk_emulator::app::App;
use clerk_emulator::config::{Config, PUBLISHABLE_KEY, SECRET_KEY};
use clerk_emulator::keys::KeyRing;
use clerk_emulator::state::Store;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// The origin of the test pages.
pub const ORIGIN: &str = "http://localhost:4336";

/// A test address.
pub const JANE: &str = "jane+clerk_test@example.com";

/// An emulator with a temporary state folder.
pub struct Emulator {
    pub app: App,
    pub router: Router,
    folder: PathBuf,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A response.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Emulator {
    pub fn start() -> Self {
        Self::with(Config::new(PUBLISHABLE_KEY, SECRET_KEY).unwrap())
    }

    pub fn with(config: Config) -> Self {
        let folder = std::env::temp_dir().join(clerk_emulator::id::new("clerk-emulator-test"));
        let store = Store::open(&folder).unwrap();
        // Small keys are faster to generate.
        let keys = KeyRing::generate(1024).unwrap();
        let app = App::start(config, store, keys, folder.clone());
        Self {
            router: clerk_emulator::router(app.clone()),
            app,
            folder,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            text,
        }
    }

    /// The control API.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:9")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// The Backend API.
    pub async fn backend(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {SECRET_KEY}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// A new user, signed in through the control API.
    pub async fn signed_in(&self) -> Value {
        let user = self
            .control("POST", "/_emulator/users", json!({ "email": JANE }))
            .await;
        let wish = json!({ "user_id": user.body["id"], "origin": ORIGIN });
        let answer = self.control("POST", "/_emulator/sessions", wish).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// A browser with a new dev browser token.
    pub async fn browser(&self) -> Browser<'_> {
        let mut browser = Browser {
            emulator: self,
            token: String::new(),
        };
        let answer = browser.fapi("POST", "/v1/dev_browser", &[]).await;
        browser.token = answer.body["id"].as_str().unwrap().to_owned();
        browser
    }
}

/// One browser.
pub struct Browser<'a> {
    pub emulator: &'a Emulator,
    pub token: String,
}

impl Browser<'_> {
    /// A request in the format of ClerkJS: every write is a POST, fields are a form.
    pub async fn fapi(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut uri = format!("{path}{join}__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0");
        if !self.token.is_empty() {
            uri.push_str(&format!("&__clerk_db_jwt={}", self.token));
        }
        let verb = if method == "GET" { "GET" } else { "POST" };
        if method != verb {
            uri.push_str(&format!("&_method={method}"));
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::builder()
            .method(verb)
            .uri(uri)
            .header(header::HOST, "127.0.0.1:9")
            .header(header::ORIGIN, ORIGIN)
            .header("clerk-proxy-url", format!("{ORIGIN}/__clerk"))
            .header(
                header::USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36",
            )
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.emulator.send(request.body(Body::from(form)).unwrap()).await
    }

    /// Signs up with an email address and returns the session id.
    pub async fn sign_up(&self, email: &str) -> String {
        let answer = self
            .fapi("POST", "/v1/client/sign_ups", &[("email_address", email)])
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let path = format!(
            "/v1/client/sign_ups/{}",
            answer.body["response"]["id"].as_str().unwrap()
        );
        let strategy = ("strategy", "email_code");
        self.fapi("POST", &format!("{path}/prepare_verification"), &[strategy])
            .await;
        let answer = self
            .fapi(
                "POST",
                &format!("{path}/attempt_verification"),
                &[strategy, ("code", "424242")],
            )
            .await;
        assert_eq!(answer.body["response"]["status"], "complete", "{}", answer.text);
        answer.body["response"]["created_session_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn client(&self) -> Value {
        self.fapi("GET", "/v1/client", &[]).await.body["response"].clone()
    }
}

/// The claims of a token, unchecked.
pub fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(payload)
            .unwrap(),
    )
    .unwrap()
}

/// The code of the first error.
pub fn error(answer: &Answer) -> (u16, &str) {
    (
        answer.status,
        answer.body["errors"][0]["code"].as_str().unwrap_or_default(),
    )
}

/// An empty JSON body.
pub fn nothing() -> Value {
    json!({})
}
