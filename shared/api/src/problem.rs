//! RFC 9457 problem details, as every failing API route sends them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// An `application/problem+json` body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// `urn:persona:problem:<slug>`. Slugs are the contract; the texts are not.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of thing went wrong, the same for every occurrence.
    pub title: String,
    /// The HTTP status, repeated for readers that only see the body.
    pub status: u16,
    /// A sentence for the person in front of the screen.
    pub detail: String,
    /// `urn:uuid:<request id>`, the same id as in the log.
    pub instance: String,
    /// What is wrong with which field, all at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// When the same request may pass, where a limit resets by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub resets_at: Option<Timestamp>,
}

/// One field that needs another look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldError {
    /// The field's name as it stands in the JSON sent, e.g. `name` or `tags.3`.
    pub field: String,
    /// Stable: `required`, `too_long`, `too_many`, `invalid`, `unknown`.
    pub code: String,
    /// A sentence for the person in front of the screen.
    pub message: String,
}

impl FieldError {
    /// A field error of a stable `code` with the sentence that a person reads.
    pub fn new(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code: code.into(),
            message: message.into(),
        }
    }
}
