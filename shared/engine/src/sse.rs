//! Reads the stream of an OpenAI-compatible model, whatever its dialect and however it is split.
//!
//! Bytes in, [`Part`]s out. It never decides whether a reply is complete: that is
//! [`crate::reply`]'s business.

mod chunk;
mod events;
#[cfg(test)]
mod tests;

use events::Events;

/// One event of the stream, and one line of it, in bytes. Real ones stay under a few kilobytes;
/// a server that never ends its line must not fill our memory.
pub const EVENT_BYTES_MAX: usize = 1_048_576;

/// What the provider counted. Zero where it did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the reply, reasoning included.
    pub completion_tokens: u32,
    /// Both; some servers send only this.
    pub total_tokens: u32,
}

/// What the stream says, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// More of the reply; never empty.
    Text(String),
    /// More of a refusal, shown in place of a reply (`delta.refusal`); never empty.
    Refusal(String),
    /// More of the model's thinking (`reasoning_content`, `reasoning` or `reasoning_text`); never empty.
    Reasoning(String),
    /// `finish_reason`: stop, length, content_filter, tool_calls, error, or a dialect's own word.
    Finish(String),
    /// The count so far; a later one replaces it.
    Usage(Usage),
    /// An error inside the stream, or an event that is not the JSON it should be.
    Error {
        /// For the log: the provider's words, at most 500 characters.
        message: String,
        /// The HTTP status that the provider named, if any.
        status: Option<u16>,
    },
    /// A line or an event over [`EVENT_BYTES_MAX`]. Nothing follows.
    TooLong,
    /// `[DONE]`. Nothing follows.
    Done,
}

/// The parser. Give it bytes as they arrive.
#[derive(Debug, Default)]
pub struct Parser {
    events: Events,
    closed: bool,
}

impl Parser {
    /// A parser at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes, which may begin and end anywhere.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        if self.closed {
            return parts;
        }
        let within_limits = self.events.push(bytes, |data| {
            let data = data.trim_ascii();
            if data == b"[DONE]" {
                parts.push(Part::Done);
                return false;
            }
            chunk::read(data, &mut parts);
            true
        });
        if !within_limits {
            parts.push(Part::TooLong);
        }
        self.closed = matches!(parts.last(), Some(Part::Done | Part::TooLong));
        parts
    }
}
