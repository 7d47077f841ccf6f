//! Events of a reply for its caller.

use crate::sse::Usage;

/// The next actions of the caller, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Send more of the reply.
    Delta {
        /// Counts events from 1 without gaps, except [`Event::Flush`].
        seq: u64,
        /// Never empty.
        text: String,
    },
    /// Send more reasoning.
    Reasoning {
        /// See [`Event::Delta`].
        seq: u64,
        /// Never empty.
        text: String,
    },
    /// Send an error. The end follows.
    Error {
        /// See [`Event::Delta`].
        seq: u64,
        /// Also in the ending.
        failure: Failure,
    },
    /// The last event: store [`super::Reply::text`] and the ending.
    End {
        /// See [`Event::Delta`].
        seq: u64,
        /// Also at [`super::Reply::ending`].
        ending: Ending,
    },
    /// Store the current [`super::Reply::text`].
    Flush,
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The status.
    pub status: EndStatus,
    /// The provider's `finish_reason`, if there was one (`length`: the reply reached its token limit).
    pub finish: Option<String>,
    /// The provider's token counts, if there were any.
    pub usage: Option<Usage>,
    /// The failure, if interrupted.
    pub failure: Option<Failure>,
}

/// The status of an ended reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndStatus {
    /// Complete, or at its token limit.
    Done,
    /// Stopped by the user at the seen text.
    Stopped,
    /// Failed. The partial text is kept.
    Interrupted,
    /// The model or its provider declined.
    Refused,
}

/// Why a reply was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The provider's rate limit (429).
    Busy {
        /// From `retry-after`, if present.
        retry_after_s: Option<u32>,
    },
    /// The provider rejected the request (another 4xx).
    Rejected {
        /// The HTTP status.
        status: u16,
    },
    /// No connection.
    Unreachable,
    /// The provider failed: 5xx, an error event, or a response that is not a stream.
    Upstream {
        /// For the log only.
        message: String,
    },
    /// The stream ended without `finish_reason` or `[DONE]`.
    Truncated,
    /// The stream was silent or stalled.
    Silent,
    /// The reply exceeded [`super::limits::TOTAL_MS`] or `REPLY_BYTES_MAX`, or an event its own limit.
    TooLong,
}

impl Failure {
    /// The failure for an HTTP status other than 2xx.
    #[must_use]
    pub fn of_status(status: u16, retry_after_s: Option<u32>) -> Self {
        match status {
            429 => Self::Busy { retry_after_s },
            400..=499 => Self::Rejected { status },
            _ => Self::Upstream {
                message: format!("the model server answered {status}"),
            },
        }
    }
}
