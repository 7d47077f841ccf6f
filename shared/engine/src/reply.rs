//! The state machine of one reply: takes upstream bytes, stops and ticks; returns numbered events,
//! flushes and exactly one ending.
//!
//! It does no I/O: the caller executes the events. After the ending all input is ignored, so late callbacks are harmless.

mod event;
pub mod limits;
#[cfg(test)]
mod tests;
mod text;
mod timers;

use crate::sse::{ModelEvent, Parser, Usage};
pub use event::{EndStatus, Ending, Event, Failure};
use text::Text;
use timers::{Due, Timers};

/// The limit of reasoning in events. Reasoning is not stored.
pub const REASONING_BYTES_MAX: usize = api::limits::REPLY_BYTES_MAX;

/// One running reply.
#[derive(Debug)]
pub struct Reply {
    parser: Parser,
    text: Text,
    timers: Timers,
    seq: u64,
    reasoning_bytes: usize,
    /// Whether the response contained an event of a model's stream.
    has_events: bool,
    refused: bool,
    finish: Option<String>,
    usage: Option<Usage>,
    ending: Option<Ending>,
}

impl Reply {
    /// A reply that is appended to `before`: the stored message for Continue, otherwise empty.
    #[must_use]
    pub fn new(before: &str) -> Self {
        Self {
            parser: Parser::new(),
            text: Text::new(before),
            timers: Timers::default(),
            seq: 0,
            reasoning_bytes: 0,
            has_events: false,
            refused: false,
            finish: None,
            usage: None,
            ending: None,
        }
    }

    /// Handles upstream bytes, split anywhere.
    pub fn bytes(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
            return events;
        }
        self.timers.on_bytes();
        let mut delta = String::new();
        for event in self.parser.push(chunk) {
            self.has_events = true;
            // Consecutive pieces of text become one delta, which must precede other events.
            if !matches!(event, ModelEvent::Text(_) | ModelEvent::Refusal(_)) {
                self.push_delta(&mut delta, &mut events);
            }
            self.handle(event, &mut delta, &mut events);
            if self.is_ended() {
                return events;
            }
        }
        self.push_delta(&mut delta, &mut events);
        events
    }

    fn handle(&mut self, event: ModelEvent, delta: &mut String, events: &mut Vec<Event>) {
        match event {
            ModelEvent::Text(text) => self.write(&text, delta, events),
            ModelEvent::Refusal(text) => {
                self.refused = true;
                self.write(&text, delta, events);
            }
            ModelEvent::Reasoning(text) => {
                self.timers.on_reasoning();
                self.reasoning_bytes = self.reasoning_bytes.saturating_add(text.len());
                if self.reasoning_bytes <= REASONING_BYTES_MAX {
                    let seq = self.next_seq();
                    events.push(Event::Reasoning { seq, text });
                }
            }
            // An error event with the reason usually follows.
            ModelEvent::Finish(reason) => self.finish = Some(reason),
            ModelEvent::Usage(usage) => self.usage = Some(usage),
            ModelEvent::Error {
                status: Some(429), ..
            } => self.fail(Failure::Busy { retry_after_s: None }, events),
            ModelEvent::Error { message, .. } => self.fail(Failure::Upstream { message }, events),
            ModelEvent::TooLong => self.fail(Failure::TooLong, events),
            ModelEvent::Done => self.complete(events),
        }
    }

    fn write(&mut self, text: &str, delta: &mut String, events: &mut Vec<Event>) {
        self.timers.on_text();
        let (added, fits) = self.text.push(text);
        delta.push_str(&added);
        if !fits {
            self.push_delta(delta, events);
            self.fail(Failure::TooLong, events);
        }
    }

    fn push_delta(&mut self, delta: &mut String, events: &mut Vec<Event>) {
        if !delta.is_empty() {
            let seq = self.next_seq();
            events.push(Event::Delta {
                seq,
                text: std::mem::take(delta),
            });
        }
    }

    /// Handles the end of the upstream stream. The reply is complete only after `finish_reason` or `[DONE]`.
    pub fn upstream_ended(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
        } else if self.finish.is_some() {
            self.complete(&mut events);
        } else if self.has_events {
            self.fail(Failure::Truncated, &mut events);
        } else {
            self.fail(
                Failure::Upstream {
                    message: "the answer is not a stream".to_owned(),
                },
                &mut events,
            );
        }
        events
    }

    /// Handles a failure of the upstream request or stream.
    pub fn upstream_failed(&mut self, failure: Failure) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
        } else if self.finish.is_some() {
            // Only usage and `[DONE]` are missing.
            self.complete(&mut events);
        } else {
            self.fail(failure, &mut events);
        }
        events
    }

    /// Stops the reply at `seen_chars` Unicode code points of the whole message, including the text given to
    /// [`Reply::new`]. Drops the text after it, but never the text given to [`Reply::new`].
    pub fn stop(&mut self, seen_chars: usize) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.is_ended() {
            self.text.keep_chars(seen_chars);
            self.end(EndStatus::Stopped, None, &mut events);
        }
        events
    }

    /// Call about once per second with a monotonic time in milliseconds.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
            return events;
        }
        match self.timers.tick(now_ms, self.finish.is_some()) {
            Due::Nothing => {}
            Due::Flush => events.push(Event::Flush),
            Due::Complete => self.complete(&mut events),
            Due::Silent => self.fail(Failure::Silent, &mut events),
            Due::TooLong => self.fail(Failure::TooLong, &mut events),
        }
        events
    }

    /// The whole message so far.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Whether the reply has ended.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// The ending, if the reply has ended.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The number of the last event, 0 before the first.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    fn complete(&mut self, events: &mut Vec<Event>) {
        match self.finish.as_deref() {
            Some("content_filter") => self.end(EndStatus::Refused, None, events),
            Some("error") => {
                self.fail(
                    Failure::Upstream {
                        message: "finish_reason error".to_owned(),
                    },
                    events,
                );
            }
            _ if self.refused => self.end(EndStatus::Refused, None, events),
            // An empty reply is a failure.
            _ if self.text.is_blank() => {
                self.fail(
                    Failure::Upstream {
                        message: "the reply is empty".to_owned(),
                    },
                    events,
                );
            }
            _ => self.end(EndStatus::Done, None, events),
        }
    }

    fn fail(&mut self, failure: Failure, events: &mut Vec<Event>) {
        let seq = self.next_seq();
        events.push(Event::Error {
            seq,
            failure: failure.clone(),
        });
        self.end(EndStatus::Interrupted, Some(failure), events);
    }

    fn end(&mut self, status: EndStatus, failure: Option<Failure>, events: &mut Vec<Event>) {
        let ending = Ending {
            status,
            finish: self.finish.take(),
            usage: self.usage,
            failure,
        };
        let seq = self.next_seq();
        events.push(Event::End {
            seq,
            ending: ending.clone(),
        });
        self.ending = Some(ending);
    }

    fn next_seq(&mut self) -> u64 {
        self.seq = self.seq.saturating_add(1);
        self.seq
    }
}
