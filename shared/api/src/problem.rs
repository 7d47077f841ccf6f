//! RFC 9457 problem details, as every failing API route sends them.

use serde::{Serialize, Serializer};

use crate::Timestamp;

/// How every problem's `type` begins. The slug follows.
const PREFIX: &str = "urn:persona:problem:";

/// The kinds of problems. A client tells them apart by `type`; statuses and texts may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// No session, or one that does not pass.
    Unauthenticated,
    /// Absent, or somebody else's; nobody can tell which.
    NotFound,
    /// The address answers other methods; `Allow` names them.
    MethodNotAllowed,
    /// Not what the protocol or the route says.
    Malformed,
    /// Some fields need another look: all of them stand in `errors`.
    Invalid,
    /// The body is larger than the route's limit.
    TooLarge,
    /// The body stopped arriving, or arrived too slowly.
    TooSlow,
    /// The body is of a kind that the route does not read.
    UnsupportedMediaType,
    /// The id or the name is taken.
    Conflict,
    /// Somebody saved or spoke since the client last looked.
    Stale,
    /// A reply is being written in this conversation: one at a time.
    Busy,
    /// It was there and can no longer be used.
    Gone,
    /// The person has as much as anybody may have. Deleting something makes room; time does not.
    LimitReached,
    /// Too much within some time; it passes by itself.
    TooMany,
    /// A part that the service stands on is away; the same request may pass in a moment.
    Unavailable,
    /// A mistake of the service.
    Internal,
    /// The model answers too many others.
    ModelBusy,
    /// The model's provider did not accept the request.
    ModelRejected,
    /// The model cannot be reached, or failed.
    ModelUnavailable,
    /// The model's reply broke off before its end.
    ModelInterrupted,
    /// The model's reply grew over the limit.
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
            Self::ModelInterrupted => (502, "model-interrupted", "The reply broke off"),
            Self::ReplyTooLong => (502, "reply-too-long", "The reply is too long"),
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.parts().0
    }

    /// The stable end of `type`.
    pub const fn slug(self) -> &'static str {
        self.parts().1
    }

    /// What kind of thing went wrong, for people.
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
    /// Which kind of problem this is. The slug at its end is stable; the texts are not.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// What kind of thing went wrong, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status, repeated for readers that only see the body.
    pub status: u16,
    /// A sentence for the person in front of the screen.
    pub detail: String,
    /// `urn:uuid:<request id>`, the same id as in the log.
    pub instance: String,
    /// What is wrong with which field, all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// When the same request may pass, where a limit resets by time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Timestamp>,
}

impl Problem {
    /// The document of a problem of this kind in the answer to this request.
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

/// One field that needs another look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field's name as it stands in the JSON sent, e.g. `name` or `tags.3`.
    pub field: String,
    /// What is wrong. Stable.
    #[cfg_attr(test, schemars(extend("enum" = ["required", "too_long", "too_many", "invalid", "unknown"])))]
    pub code: &'static str,
    /// A sentence for the person in front of the screen.
    pub message: String,
}

impl FieldError {
    /// A field error of a stable `code` with the sentence that a person reads.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}
