//! Calls to Clerk's Backend API that judging a request may need. Made here, carried by the host.

use crate::reason::RefreshFailure;
use crate::request::Request;
use crate::token::Verifier;
use serde_json::{Map, Value, json};

/// Where the Backend API is, unless configured otherwise.
pub const API_URL: &str = "https://api.clerk.com";
/// `Clerk-API-Version` of every call.
pub const API_VERSION: &str = "2026-05-12";

/// A call. The host adds the API's address, `Authorization: Bearer <secret key>`,
/// `Clerk-API-Version` ([`API_VERSION`]) and `Content-Type: application/json`.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query, from `/v1` on.
    pub path: String,
    /// JSON to send.
    pub body: Option<Value>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body as it came.
    pub body: Vec<u8>,
}

/// The Backend API could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Clerk's Backend API could not be reached: {0}")]
pub struct Unreachable(pub String);

/// What judging a whole request asks of the host.
#[expect(
    async_fn_in_trait,
    reason = "hosts are single-threaded, so nobody needs to name the future"
)]
pub trait Backend: Verifier {
    /// Carries a call.
    ///
    /// # Errors
    /// [`Unreachable`] where there is no answer at all.
    async fn call(&self, request: ApiRequest) -> Result<ApiAnswer, Unreachable>;

    /// Takes a line for the log: something is wrong and was worked around.
    fn note(&self, _line: &str) {}
}

impl ApiRequest {
    /// The set of public keys. Read the answer with [`crate::read_key_set`].
    pub fn keys() -> Self {
        Self {
            method: "GET",
            path: "/v1/jwks".to_owned(),
            body: None,
        }
    }

    /// The cookies that a handshake left under a nonce.
    pub fn handshake_payload(nonce: &str) -> Self {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("nonce", nonce)
            .finish();
        Self {
            method: "GET",
            path: format!("/v1/clients/handshake_payload?{query}"),
            body: None,
        }
    }

    /// A user, with e-mail addresses, name and picture.
    pub fn user(user_id: &str) -> Self {
        Self {
            method: "GET",
            path: format!("/v1/users/{}", path_segment(user_id)),
            body: None,
        }
    }

    /// A new session token for one that has expired.
    pub(crate) fn refresh(refresh: &Refresh<'_>, request: &Request) -> Self {
        let suffix = if refresh.suffixed_cookies {
            "?suffixed_cookies=true"
        } else {
            ""
        };
        let mut headers = Map::new();
        for (name, value) in request.headers() {
            headers.entry(name.clone()).or_insert_with(|| json!([value]));
        }
        Self {
            method: "POST",
            path: format!(
                "/v1/sessions/{}/refresh{suffix}",
                path_segment(refresh.session_id)
            ),
            body: Some(json!({
                "format": "cookie",
                "expired_token": refresh.expired_token,
                "refresh_token": refresh.refresh_token,
                "request_origin": refresh.origin,
                "request_headers": headers,
            })),
        }
    }
}

/// What a refresh needs.
pub(crate) struct Refresh<'a> {
    pub session_id: &'a str,
    pub suffixed_cookies: bool,
    pub expired_token: &'a str,
    pub refresh_token: &'a str,
    pub origin: &'a str,
}

/// One segment of a path: ids are letters, digits and `_`; nothing else may change the path.
fn path_segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// `Set-Cookie` lines under a name of an answer. Lines that would break out of a header are left out.
pub(crate) fn cookie_lines(value: Option<&Value>) -> Vec<String> {
    let lines = value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    lines
        .filter(|line| !line.chars().any(char::is_control))
        .map(str::to_owned)
        .collect()
}

/// Reads the answer to a handshake payload.
pub(crate) fn read_handshake_payload(answer: &ApiAnswer) -> Result<Vec<String>, String> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    match body {
        Some(body) if (200..300).contains(&answer.status) => Ok(cookie_lines(body.get("directives"))),
        _ => Err(format!("status {}", answer.status)),
    }
}

/// Reads the answer to a refresh.
pub(crate) fn read_refresh(answer: Result<ApiAnswer, Unreachable>) -> Result<Vec<String>, RefreshFailure> {
    let answer = answer.map_err(|_| RefreshFailure::Fetch)?;
    let body: Value = serde_json::from_slice(&answer.body).map_err(|_| RefreshFailure::UnexpectedAnswer)?;
    if (200..300).contains(&answer.status) {
        return match body.get("cookies") {
            Some(Value::Array(_)) => Ok(cookie_lines(body.get("cookies"))),
            _ => Err(RefreshFailure::UnexpectedAnswer),
        };
    }
    let code = body.pointer("/errors/0/code").and_then(Value::as_str);
    Err(match code {
        Some("unexpected_error") => RefreshFailure::Fetch,
        Some(code) => RefreshFailure::Refused(code.to_owned()),
        None => RefreshFailure::UnexpectedAnswer,
    })
}
