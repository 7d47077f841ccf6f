//! The state machine of one reply: upstream bytes, a stop and ticks go in; numbered events,
//! flushes and exactly one ending come out.
//!
//! It never waits, stores or sends anything: its host does, with what it says. After the ending
//! every input is ignored, so a host need not order its late callbacks.

mod clock;
mod event;
pub mod limits;
#[cfg(test)]
mod tests;
mod text;

use crate::sse::{ModelEvent, Parser, Usage};
use clock::{Clock, Due};
pub use event::{EndStatus, Ending, Event, Failure};
use text::Text;

/// Reasoning is shown while it is written and not stored; more than this is not even shown.
pub const REASONING_BYTES_MAX: usize = api::limits::REPLY_BYTES_MAX;

/// One reply while it is written.
#[derive(Debug)]
pub struct Reply {
    parser: Parser,
    text: Text,
    clock: Clock,
    seq: u64,
    reasoning_bytes: usize,
    /// Anything that was an event of a model's stream.
    spoke: bool,
    refused: bool,
    finish: Option<String>,
    usage: Option<Usage>,
    ending: Option<Ending>,
}

impl Reply {
    /// A reply that goes behind `before`: the message as stored for Continue, otherwise empty.
    #[must_use]
    pub fn new(before: &str) -> Self {
        Self {
            parser: Parser::new(),
            text: Text::new(before),
            clock: Clock::default(),
            seq: 0,
            reasoning_bytes: 0,
            spoke: false,
            refused: false,
            finish: None,
            usage: None,
            ending: None,
        }
    }

    /// Upstream bytes, cut anywhere.
    pub fn bytes(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
            return events;
        }
        self.clock.heard();
        let mut delta = String::new();
        for event in self.parser.push(chunk) {
            self.spoke = true;
            // Neighbouring pieces of text travel together; anything else must not overtake them.
            if !matches!(event, ModelEvent::Text(_) | ModelEvent::Refusal(_)) {
                self.say(&mut delta, &mut events);
            }
            self.handle(event, &mut delta, &mut events);
            if self.is_ended() {
                return events;
            }
        }
        self.say(&mut delta, &mut events);
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
                self.clock.thought();
                self.reasoning_bytes = self.reasoning_bytes.saturating_add(text.len());
                if self.reasoning_bytes <= REASONING_BYTES_MAX {
                    let seq = self.next_seq();
                    events.push(Event::Reasoning { seq, text });
                }
            }
            // An error event with the reason usually comes along; without it the end says enough.
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
        self.clock.wrote();
        let (added, fits) = self.text.push(text);
        delta.push_str(&added);
        if !fits {
            self.say(delta, events);
            self.fail(Failure::TooLong, events);
        }
    }

    fn say(&mut self, delta: &mut String, events: &mut Vec<Event>) {
        if !delta.is_empty() {
            let seq = self.next_seq();
            events.push(Event::Delta {
                seq,
                text: std::mem::take(delta),
            });
        }
    }

    /// Upstream closed its stream. Complete only if it had said so.
    pub fn upstream_ended(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
        } else if self.finish.is_some() {
            self.complete(&mut events);
        } else if self.spoke {
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

    /// Upstream never answered, or broke off.
    pub fn upstream_failed(&mut self, failure: Failure) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
        } else if self.finish.is_some() {
            // Only the farewell was lost.
            self.complete(&mut events);
        } else {
            self.fail(failure, &mut events);
        }
        events
    }

    /// The person stops the reply having seen `seen_chars` Unicode code points of the message (all
    /// of it, what [`Reply::new`] was given included). What they had not seen is dropped; what was
    /// there before is not.
    pub fn stop(&mut self, seen_chars: usize) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.is_ended() {
            self.text.keep_chars(seen_chars);
            self.end(EndStatus::Stopped, None, &mut events);
        }
        events
    }

    /// Call about once a second with any clock that does not run backwards, in milliseconds.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_ended() {
            return events;
        }
        match self.clock.tick(now_ms, self.finish.is_some()) {
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

    /// Whether the ending was given.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// The ending, once there.
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
            // Nobody should stare at an empty bubble that calls itself done.
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
