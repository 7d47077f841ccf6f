//! RFC 9457 problem details, the format of all errors.

use serde::{Serialize, Serializer};

use crate::Timestamp;

/// The prefix of `type`. The slug follows.
const PREFIX: &str = "urn:persona:problem:";

/// The kinds of problems. Clients distinguish them by `type`; statuses and texts can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// No session, or an invalid one.
    Unauthenticated,
    /// Absent, or another user's. The response is the same for both.
    NotFound,
    /// The path has other methods, listed in `Allow`.
    MethodNotAllowed,
    /// Violates the protocol or the route's schema.
    Malformed,
    /// Some fields are invalid, listed in `errors`.
    Invalid,
    /// The body is larger than the route's limit.
    TooLarge,
    /// The body stopped arriving, or arrived too slowly.
    TooSlow,
    /// The content type of the body is not supported.
    UnsupportedMediaType,
    /// The id or the name is taken.
    Conflict,
    /// The resource has changed since the client loaded it.
    Stale,
    /// A reply is already running in this conversation.
    Busy,
    /// It was deleted and can no longer be used.
    Gone,
    /// A limit per user is reached. It does not reset; the user must delete something.
    LimitReached,
    /// A rate limit is reached. It resets at a given time.
    TooMany,
    /// A required service is unavailable. A retry can succeed.
    Unavailable,
    /// An error of the server.
    Internal,
    /// The model's rate limit is reached.
    ModelBusy,
    /// The model's provider did not accept the request.
    ModelRejected,
    /// The model is unreachable or failed.
    ModelUnavailable,
    /// The model's reply ended early.
    ModelInterrupted,
    /// The model's reply exceeded the limit.
    ReplyTooLong,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Unauthenticated,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Malformed,
        Self::Invalid,
        Self::TooLarge,
        Self::TooSlow,
        Self::UnsupportedMediaType,
        Self::Conflict,
        Self::Stale,
        Self::Busy,
        Self::Gone,
        Self::LimitReached,
        Self::TooMany,
        Self::Unavailable,
        Self::Internal,
        Self::ModelBusy,
        Self::ModelRejected,
        Self::ModelUnavailable,
        Self::ModelInterrupted,
        Self::ReplyTooLong,
    ];

    const fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Unauthenticated => (401, "unauthenticated", "Not signed in"),
            Self::NotFound => (404, "not-found", "Not found"),
            Self::MethodNotAllowed => (405, "method-not-allowed", "Method not allowed"),
            Self::Malformed => (400, "malformed", "Malformed request"),
            Self::Invalid => (422, "invalid", "Invalid fields"),
            Self::TooLarge => (413, "too-large", "Too large"),
            Self::TooSlow => (408, "too-slow", "Request timeout"),
            Self::UnsupportedMediaType => (415, "unsupported-media-type", "Unsupported media type"),
            Self::Conflict => (409, "conflict", "Conflict"),
            Self::Stale => (409, "stale", "Changed elsewhere"),
            Self::Busy => (409, "busy", "Busy"),
            Self::Gone => (410, "gone", "Gone"),
            Self::LimitReached => (402, "limit-reached", "Limit reached"),
            Self::TooMany => (429, "too-many", "Too many requests"),
            Self::Unavailable => (503, "unavailable", "Briefly unavailable"),
            Self::Internal => (500, "internal", "Internal error"),
            Self::ModelBusy => (503, "model-busy", "The model is busy"),
            Self::ModelRejected => (502, "model-rejected", "The model refused the request"),
            Self::ModelUnavailable => (503, "model-unavailable", "The model is unavailable"),
            Self::ModelInterrupted => (502, "model-interrupted", "The reply was interrupted"),
            Self::ReplyTooLong => (502, "reply-too-long", "The reply is too long"),
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.parts().0
    }

    /// The stable slug at the end of `type`.
    pub const fn slug(self) -> &'static str {
        self.parts().1
    }

    /// The title of the kind.
    pub const fn title(self) -> &'static str {
        self.parts().2
    }
}

/// `urn:persona:problem:<slug>`.
impl Serialize for ProblemKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{PREFIX}{}", self.slug()))
    }
}

/// An `application/problem+json` body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// The kind of the problem. The slug at its end is stable; the texts are not.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The title of the kind.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A message for the user.
    pub detail: String,
    /// `urn:uuid:<request id>`, which is also in the log.
    pub instance: String,
    /// All invalid fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// When the rate limit resets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Timestamp>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, detail: String, request_id: uuid::Uuid) -> Self {
        Self {
            kind,
            title: kind.title(),
            status: kind.status(),
            detail,
            instance: format!("urn:uuid:{request_id}"),
            errors: Vec::new(),
            resets_at: None,
        }
    }
}

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field's path in the request, e.g. `tagline` or `card.tags`.
    pub field: String,
    /// The kind of error. Stable.
    #[cfg_attr(test, schemars(extend("enum" = ["required", "too_long", "too_many", "invalid", "unknown"])))]
    pub code: &'static str,
    /// A message for the user.
    pub message: String,
}

impl FieldError {
    /// A field error with a stable `code` and a message for the user.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}
