//! Parses the event stream of an OpenAI-compatible model server, in the dialects of several providers.
//!
//! Takes bytes split anywhere and returns [`ModelEvent`]s. [`crate::reply`] decides whether a reply
//! is complete.

mod chunk;
mod events;
#[cfg(test)]
mod tests;

use events::EventDecoder;

/// The largest event of the stream and the longest line of one, in bytes. Real ones take a few
/// kilobytes; the limit bounds memory.
pub const EVENT_BYTES_MAX: usize = 1_048_576;

/// Token counts of the provider. Zero if it sent none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the reply, reasoning included.
    pub completion_tokens: u32,
    /// Both; some servers send only this.
    pub total_tokens: u32,
}

/// An event of the stream, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelEvent {
    /// Text of the reply; never empty.
    Text(String),
    /// Text of a refusal, shown in place of a reply (`delta.refusal`); never empty.
    Refusal(String),
    /// Reasoning (`reasoning_content`, `reasoning` or `reasoning_text`); never empty.
    Reasoning(String),
    /// `finish_reason`: stop, length, content_filter, tool_calls, error, or a provider's own value.
    Finish(String),
    /// Token counts; a later event replaces an earlier one.
    Usage(Usage),
    /// An error in the stream, or an event that is not a valid chunk.
    Error {
        /// The provider's message for the log, at most 500 characters.
        message: String,
        /// The HTTP status in the error, if any.
        status: Option<u16>,
    },
    /// A line or an event exceeds [`EVENT_BYTES_MAX`]. The last event.
    TooLong,
    /// `[DONE]`. The last event.
    Done,
}

/// An incremental parser.
#[derive(Debug, Default)]
pub struct Parser {
    decoder: EventDecoder,
    closed: bool,
}

impl Parser {
    /// A parser at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Parses the next bytes, split anywhere.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<ModelEvent> {
        let mut events = Vec::new();
        if self.closed {
            return events;
        }
        let within_limits = self.decoder.push(bytes, |data| {
            let data = data.trim_ascii();
            if data == b"[DONE]" {
                events.push(ModelEvent::Done);
                return false;
            }
            chunk::parse(data, &mut events);
            true
        });
        if !within_limits {
            events.push(ModelEvent::TooLong);
        }
        self.closed = matches!(events.last(), Some(ModelEvent::Done | ModelEvent::TooLong));
        events
    }
}
