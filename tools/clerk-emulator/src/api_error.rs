//! Errors in the format of Clerk's APIs.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// An error response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub long_message: String,
    pub meta: Map<String, Value>,
}

impl ApiError {
    /// An error whose long message equals its message.
    pub fn new(status: u16, code: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            long_message: message.to_owned(),
            meta: Map::new(),
        }
    }

    /// Sets the long message, which `<SignIn/>` shows.
    pub fn long(mut self, message: &str) -> Self {
        message.clone_into(&mut self.long_message);
        self
    }

    /// Sets the form field that the error belongs to.
    pub fn param(mut self, name: &str) -> Self {
        self.meta.insert("param_name".into(), name.into());
        self
    }

    /// Sets another member of `meta`.
    pub fn meta(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.meta.insert(name.into(), value.into());
        self
    }

    /// The resource does not exist or belongs to another client.
    pub fn not_found() -> Self {
        Self::new(404, "resource_not_found", "Resource not found").long("The resource was not found.")
    }

    /// The client has no active session.
    pub fn unauthenticated() -> Self {
        Self::new(401, "authentication_invalid", "Invalid authentication")
            .long("Unable to authenticate the request, you need to supply an active session")
    }

    /// A field is missing.
    pub fn missing(param: &str) -> Self {
        Self::new(422, "form_param_nil", "is missing")
            .long(&format!("{param} must be included."))
            .param(param)
    }

    /// A field is invalid.
    pub fn format(param: &str, long: &str) -> Self {
        Self::new(422, "form_param_format_invalid", "is invalid")
            .long(long)
            .param(param)
    }

    /// A feature of Clerk that the emulator lacks.
    pub fn unsupported(what: &str) -> Self {
        Self::new(422, "strategy_for_user_invalid", "is not supported")
            .long(&format!("The emulator does not support {what}."))
    }

    /// The error as an entry of `errors`.
    pub fn entry(&self) -> Value {
        json!({
            "code": self.code, "message": self.message, "long_message": self.long_message, "meta": self.meta,
        })
    }

    /// The response. ClerkJS updates its client from `meta.client`.
    pub fn to_response(&self, client: Option<Value>) -> Response {
        let mut body =
            json!({ "errors": [self.entry()], "clerk_trace_id": crate::id::random(16).to_lowercase() });
        if let (Some(client), Some(body)) = (client, body.as_object_mut()) {
            body.insert("meta".into(), json!({ "client": client }));
        }
        (
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Json(body),
        )
            .into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.to_response(None)
    }
}
