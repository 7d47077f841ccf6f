//! The error type of handlers, with a variant for each kind of problem.

use std::error::Error as StdError;

use api::{FieldError, ProblemKind};

use crate::{body::Broken, db::DatabaseError};

/// `Display` is the message for the user. `source` is only logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401: no session, or an invalid one. Clerk's reason is only logged.
    #[error("Sign in to continue.")]
    Unauthenticated(String),
    /// 404: absent, or another user's. The response is the same for both.
    #[error("There is no such {0} here.")]
    NotFound(&'static str),
    /// 405, with the methods of the route. GET includes HEAD.
    #[error("This address accepts {} only.", allow(.0))]
    MethodNotAllowed(&'static str),
    /// 400: violates the protocol or the route's schema.
    #[error("{0}")]
    Malformed(String),
    /// 422: all invalid fields.
    #[error("Some fields are invalid.")]
    Invalid(Vec<FieldError>),
    /// 413.
    #[error("The body is too large: the limit is {}.", size(*bytes_max))]
    TooLarge {
        /// The route's limit.
        bytes_max: usize,
    },
    /// 408: the request's body stopped arriving, or arrived too slowly.
    #[error("The request took too long to arrive. Check your connection, then try again.")]
    TooSlow,
    /// 415.
    #[error("{0}")]
    UnsupportedMediaType(&'static str),
    /// 409: the id or name is taken.
    #[error("{0}")]
    Conflict(&'static str),
    /// 409: the resource has changed since the client loaded it.
    #[error("{0}")]
    Stale(&'static str),
    /// 409: one reply at a time.
    #[error("Another reply is still being written in this conversation.")]
    Busy,
    /// 410.
    #[error("{0}")]
    Gone(&'static str),
    /// 402: a limit per user is reached. It does not reset; the user must delete something.
    #[error("{0}")]
    LimitReached(String),
    /// 429: a rate limit is reached. It resets at a given time.
    #[error("{detail}")]
    TooMany {
        /// The message for the user.
        detail: String,
        /// When a retry is allowed.
        reset: Reset,
    },
    /// 503: the database, the model or another service does not answer. A retry can succeed.
    #[error("The service is briefly unavailable. Try again in a moment.")]
    Unavailable(#[source] Box<dyn StdError>),
    /// 500: a bug or a wrong configuration.
    #[error("Something went wrong on the server. Try again.")]
    Internal(#[source] Box<dyn StdError>),
}

/// The reset of a rate limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// The time, for the problem's `resets_at`.
    pub at: api::Timestamp,
    /// The seconds until then, for `Retry-After`.
    pub after_s: u32,
}

fn size(bytes: usize) -> String {
    if bytes >= 1_048_576 {
        format!("{} MB", bytes / 1_048_576)
    } else {
        format!("{} KB", bytes / 1024)
    }
}

impl Error {
    /// An [`Error::Internal`]. The source is logged.
    pub fn internal(source: impl Into<Box<dyn StdError>>) -> Self {
        Self::Internal(source.into())
    }

    /// An [`Error::Unavailable`]. The source is logged.
    pub fn unavailable(source: impl Into<Box<dyn StdError>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// The kind of problem in the response.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Unauthenticated(_) => ProblemKind::Unauthenticated,
            Self::NotFound(_) => ProblemKind::NotFound,
            Self::MethodNotAllowed(_) => ProblemKind::MethodNotAllowed,
            Self::Malformed(_) => ProblemKind::Malformed,
            Self::Invalid(_) => ProblemKind::Invalid,
            Self::TooLarge { .. } => ProblemKind::TooLarge,
            Self::TooSlow => ProblemKind::TooSlow,
            Self::UnsupportedMediaType(_) => ProblemKind::UnsupportedMediaType,
            Self::Conflict(_) => ProblemKind::Conflict,
            Self::Stale(_) => ProblemKind::Stale,
            Self::Busy => ProblemKind::Busy,
            Self::Gone(_) => ProblemKind::Gone,
            Self::LimitReached(_) => ProblemKind::LimitReached,
            Self::TooMany { .. } => ProblemKind::TooMany,
            Self::Unavailable(_) => ProblemKind::Unavailable,
            Self::Internal(_) => ProblemKind::Internal,
        }
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Invalid(errors)
    }
}

/// The methods of a route in the form of the `Allow` header.
pub(crate) fn allow(methods: &str) -> String {
    methods.replace("GET", "GET, HEAD")
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        if error.is_session_ended() {
            Self::Unauthenticated("session-ended".into())
        } else if error.is_unavailable() {
            Self::unavailable(error)
        } else {
            Self::internal(error)
        }
    }
}

impl From<Broken> for Error {
    fn from(error: Broken) -> Self {
        Self::unavailable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_messages_for_the_user() {
        let table = [
            Error::Unauthenticated("token-expired".into()),
            Error::NotFound("persona"),
            Error::TooLarge {
                bytes_max: 5 * 1_048_576,
            },
            Error::TooLarge { bytes_max: 2048 },
            Error::Busy,
        ];
        let lines: Vec<_> = table
            .iter()
            .map(|error| format!("{} {} {error}", error.kind().status(), error.kind().slug()))
            .collect();
        expect_test::expect![[r#"
            401 unauthenticated Sign in to continue.
            404 not-found There is no such persona here.
            413 too-large The body is too large: the limit is 5 MB.
            413 too-large The body is too large: the limit is 2 KB.
            409 busy Another reply is still being written in this conversation."#]]
        .assert_eq(&lines.join("\n"));
    }
}
