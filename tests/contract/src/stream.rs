//! Reads server-sent events one at a time.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

/// One event of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `id`
    pub seq: u64,
    /// `event`
    pub name: String,
    /// `data`
    pub data: Value,
}

impl Event {
    /// The text of a delta, empty for other events.
    #[must_use]
    pub fn text(&self) -> &str {
        if self.name == "delta" {
            self.data["text"].as_str().unwrap_or_default()
        } else {
            ""
        }
    }
}

/// A stream of events. Dropping it closes the connection.
pub struct Stream(BufReader<Box<dyn Read>>);

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stream")
    }
}

impl Stream {
    pub(crate) fn new(body: Box<dyn Read>) -> Self {
        Self(BufReader::new(body))
    }

    /// Reads deltas until their text is `text`, and returns it. Later events are not read.
    ///
    /// # Panics
    /// If the stream ends before.
    #[must_use]
    #[track_caller]
    pub fn until(&mut self, text: &str) -> String {
        let mut read = String::new();
        while read != text {
            let event = self
                .next()
                .unwrap_or_else(|| panic!("ended after {read:?}, before {text:?}"));
            assert_eq!(event.name, "delta", "{event:?} after {read:?}");
            read.push_str(event.text());
            assert!(
                text.starts_with(&read),
                "{read:?} is not the beginning of {text:?}"
            );
        }
        read
    }

    /// Reads the remaining events.
    ///
    /// # Panics
    /// If `end` is not the last event, or events are missing in between.
    #[must_use]
    #[track_caller]
    pub fn rest(self) -> Reply {
        let events: Vec<Event> = self.collect();
        let last = events.last().expect("a stream has an end");
        assert_eq!(last.name, "end", "the last event is the end: {events:?}");
        for (before, after) in events.iter().zip(events.iter().skip(1)) {
            assert_eq!(after.seq, before.seq + 1, "no gap: {events:?}");
        }
        Reply {
            end: last.data.clone(),
            events,
        }
    }
}

impl Iterator for Stream {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let (mut seq, mut name, mut data) = (None, String::new(), None);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the stream is readable") == 0 {
                assert!(data.is_none(), "a stream ended within an event");
                return None;
            }
            match line.trim_end_matches('\n').split_once(": ") {
                Some(("id", value)) => seq = value.parse().ok(),
                Some(("event", value)) => value.clone_into(&mut name),
                Some(("data", value)) => data = Some(value.to_owned()),
                // A comment.
                Some(_) => {}
                None => {
                    if let Some(data) = data.take() {
                        let seq = seq.expect("every event has its number");
                        let data = serde_json::from_str(&data).expect("`data` is JSON");
                        crate::openapi::check_event(&name, &data);
                        return Some(Event { seq, name, data });
                    }
                }
            }
        }
    }
}

/// A complete reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// All events, the end included.
    pub events: Vec<Event>,
    /// The data of the end.
    pub end: Value,
}

impl Reply {
    /// The text of all deltas.
    #[must_use]
    pub fn text(&self) -> String {
        self.events.iter().map(Event::text).collect()
    }

    /// The status of the end.
    #[must_use]
    pub fn status(&self) -> &str {
        self.end["status"].as_str().unwrap_or_default()
    }

    /// The text of the whole message.
    #[must_use]
    pub fn content(&self) -> &str {
        self.end["content"].as_str().unwrap_or_default()
    }

    /// The problem of an interrupted reply.
    #[must_use]
    pub fn problem(&self) -> Option<&Value> {
        self.events
            .iter()
            .find(|event| event.name == "error")
            .map(|event| &event.data)
    }
}
