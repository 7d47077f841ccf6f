//! The calls to Clerk's Backend API that authentication needs. The host sends them.

use crate::reason::RefreshFailure;
use crate::request::RequestHead;
use crate::token::Verifier;
use serde_json::{Map, Value, json};

/// The default base URL of the Backend API.
pub const API_URL: &str = "https://api.clerk.com";
/// `Clerk-API-Version` of every call.
pub const API_VERSION: &str = "2026-05-12";

/// A call. The host adds the base URL, `Authorization: Bearer <secret key>`,
/// `Clerk-API-Version` ([`API_VERSION`]) and `Content-Type: application/json`.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query, beginning with `/v1`.
    pub path: String,
    /// The JSON body.
    pub body: Option<Value>,
}

/// The response to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    /// HTTP status.
    pub status: u16,
    /// The raw body.
    pub body: Vec<u8>,
}

/// The Backend API could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Clerk's Backend API could not be reached: {0}")]
pub struct Unreachable(pub String);

/// The host functions that [`crate::authenticate_request`] needs.
#[expect(
    async_fn_in_trait,
    reason = "hosts are single-threaded, so no caller needs to name the future"
)]
pub trait Backend: Verifier {
    /// Sends a call.
    ///
    /// # Errors
    /// [`Unreachable`] if there is no response.
    async fn call(&self, request: ApiRequest) -> Result<ApiResponse, Unreachable>;

    /// Logs a warning.
    fn warn(&self, _line: &str) {}
}

impl ApiRequest {
    /// The set of public keys. Parse the response with [`crate::read_key_set`].
    pub fn keys() -> Self {
        Self {
            method: "GET",
            path: "/v1/jwks".to_owned(),
            body: None,
        }
    }

    /// The cookies of a handshake, by its nonce.
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

    /// A user with email addresses, name and picture.
    pub fn user(user_id: &str) -> Self {
        Self {
            method: "GET",
            path: format!("/v1/users/{}", path_segment(user_id)),
            body: None,
        }
    }

    /// A new session token for an expired one.
    pub(crate) fn refresh(refresh: &Refresh<'_>, request: &RequestHead) -> Self {
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

/// The parameters of a refresh.
pub(crate) struct Refresh<'a> {
    pub session_id: &'a str,
    pub suffixed_cookies: bool,
    pub expired_token: &'a str,
    pub refresh_token: &'a str,
    pub origin: &'a str,
}

/// A path segment. Ids consist of letters, digits and `_`; other bytes are percent-encoded.
fn path_segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The `Set-Cookie` lines in a JSON array. Lines with control characters are skipped: they could inject headers.
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

/// Parses the response with a handshake payload.
pub(crate) fn read_handshake_payload(answer: &ApiResponse) -> Result<Vec<String>, String> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    match body {
        Some(body) if (200..300).contains(&answer.status) => Ok(cookie_lines(body.get("directives"))),
        _ => Err(format!("status {}", answer.status)),
    }
}

/// Parses the response to a refresh.
pub(crate) fn read_refresh(answer: Result<ApiResponse, Unreachable>) -> Result<Vec<String>, RefreshFailure> {
    let answer = answer.map_err(|_| RefreshFailure::Fetch)?;
    let body: Value = serde_json::from_slice(&answer.body).map_err(|_| RefreshFailure::UnexpectedResponse)?;
    if (200..300).contains(&answer.status) {
        return match body.get("cookies") {
            Some(Value::Array(_)) => Ok(cookie_lines(body.get("cookies"))),
            _ => Err(RefreshFailure::UnexpectedResponse),
        };
    }
    let code = body.pointer("/errors/0/code").and_then(Value::as_str);
    Err(match code {
        Some("unexpected_error") => RefreshFailure::Fetch,
        Some(code) => RefreshFailure::Refused(code.to_owned()),
        None => RefreshFailure::UnexpectedResponse,
    })
}
