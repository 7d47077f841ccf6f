//! What a reply says to its host.

use crate::sse::Usage;

/// What the host does next, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Send more of the reply.
    Delta {
        /// Counts every event but [`Event::Flush`] from 1 with no gap.
        seq: u64,
        /// Never empty.
        text: String,
    },
    /// Send more of the model's thinking.
    Reasoning {
        /// See [`Event::Delta`].
        seq: u64,
        /// Never empty.
        text: String,
    },
    /// Say what went wrong. The end follows at once.
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
    /// Store [`super::Reply::text`] as it is now.
    Flush,
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// In a word.
    pub status: EndStatus,
    /// The provider's `finish_reason`, where it gave one (`length`: the reply hit its token limit).
    pub finish: Option<String>,
    /// What the provider counted, where it said.
    pub usage: Option<Usage>,
    /// Why, if interrupted.
    pub failure: Option<Failure>,
}

/// The states in which a message comes to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndStatus {
    /// Complete, or at its token limit.
    Done,
    /// Stopped by the person at what they had seen.
    Stopped,
    /// Broken off; the partial is kept.
    Interrupted,
    /// The model or its provider declined.
    Refused,
}

/// Why a reply was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The provider is over its rate (429).
    Busy {
        /// From `retry-after`, where given.
        retry_after_s: Option<u32>,
    },
    /// The provider will not answer this request (another 4xx).
    Rejected {
        /// The HTTP status.
        status: u16,
    },
    /// No connection.
    Unreachable,
    /// The provider failed: 5xx, an error inside the stream, something that is no stream.
    Upstream {
        /// For the log, not for people.
        message: String,
    },
    /// The stream ended without saying that it was complete.
    Truncated,
    /// The stream stood still.
    Silent,
    /// The reply took more than [`super::limits::WHOLE_MS`] or outgrew `REPLY_BYTES_MAX`, or an event its own limit.
    TooLong,
}

impl Failure {
    /// The failure that an HTTP status other than 2xx stands for.
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
