//! Encodes server-sent events.

use std::{
    pin::{Pin, pin},
    rc::Rc,
};

use api::{DeltaEvent, EndEvent, Problem};
use bytes::Bytes;
use edge::{Body, Error, Host, Response, body::Broken};
use futures_util::{
    Stream,
    future::{Either, select},
    stream,
};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::{limits::STREAM_HEARTBEAT_MS, running::RunningReply};

fn event(seq: u64, name: &str, data: &impl Serialize) -> String {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("id: {seq}\nevent: {name}\ndata: {data}\n\n")
}

/// A `delta` event.
pub fn delta(seq: u64, text: String) -> String {
    event(seq, "delta", &DeltaEvent { text })
}

/// A `reasoning` event.
pub fn reasoning(seq: u64, text: String) -> String {
    event(seq, "reasoning", &DeltaEvent { text })
}

/// An `error` event. The end follows.
pub fn error(seq: u64, problem: &Problem) -> String {
    event(seq, "error", problem)
}

/// The `end` event.
pub fn end(seq: u64, end: &EndEvent) -> String {
    event(seq, "end", end)
}

/// A comment that keeps a silent stream open.
pub const HEARTBEAT: Bytes = Bytes::from_static(b": heartbeat\n\n");

/// A reader's position in a reply.
struct Follower {
    reply: Rc<RunningReply>,
    /// The number of the last event sent.
    seen: usize,
    /// One timer for the whole stream: setting and clearing one for each event would cost memory.
    timer: Pin<Box<dyn Future<Output = ()>>>,
    /// Whether anything was sent since the timer was set.
    has_sent: bool,
}

impl Follower {
    /// The next bytes to send; `None` after the end.
    async fn next(&mut self, host: &impl Host) -> Option<Bytes> {
        loop {
            let (text, last) = self.reply.since(self.seen);
            self.seen = last;
            if !text.is_empty() {
                self.has_sent = true;
                return Some(text.into());
            }
            if self.reply.is_closed() {
                return None;
            }
            let changed = pin!(self.reply.changed(last));
            if let Either::Right(_) = select(changed, &mut self.timer).await {
                self.timer = Box::pin(host.sleep(STREAM_HEARTBEAT_MS));
                if !std::mem::take(&mut self.has_sent) {
                    return Some(HEARTBEAT);
                }
            }
        }
    }
}

/// The events of a reply after `seen`, until it is closed.
pub fn follow(host: &impl Host, reply: Rc<RunningReply>, seen: usize) -> Response {
    let follower = Follower {
        reply,
        seen,
        timer: Box::pin(host.sleep(STREAM_HEARTBEAT_MS)),
        has_sent: false,
    };
    let host = host.clone();
    response(stream::unfold(follower, move |mut follower| {
        let host = host.clone();
        async move {
            let bytes = follower.next(&host).await?;
            Some((Ok(bytes), follower))
        }
    }))
}

/// The stream of an ended reply: only the end.
pub fn ended(seq: u64, end_event: &EndEvent) -> Response {
    let end = Bytes::from(end(seq, end_event));
    response(stream::iter([Ok(end)]))
}

/// A response of server-sent events.
pub fn response(events: impl Stream<Item = Result<Bytes, Broken>> + 'static) -> Response {
    let mut response = Response::new(Body::Stream(Box::pin(events)));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-transform"),
    );
    // Some proxies buffer streams without this header.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Parses `Last-Event-ID`, the number of the last event that the reader has. 0 without the header.
///
/// # Errors
/// [`Error::Malformed`] if it is not a number.
pub fn last_event_id(text: Option<&str>) -> Result<u32, Error> {
    text.filter(|text| !text.is_empty()).map_or(Ok(0), |text| {
        text.parse()
            .map_err(|_| Error::Malformed("`Last-Event-ID` is not the number of an event.".into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_an_id_and_one_line_of_data() {
        expect_test::expect![[r#"
            id: 7
            event: delta
            data: {"text":"a\nb"}

        "#]]
        .assert_eq(&delta(7, "a\nb".into()));
    }

    #[test]
    fn last_event_id_is_a_number_or_absent() {
        for (text, expected) in [
            (None, Some(0)),
            (Some(""), Some(0)),
            (Some("12"), Some(12)),
            (Some("x"), None),
            (Some("-1"), None),
        ] {
            assert_eq!(last_event_id(text).ok(), expected, "{text:?}");
        }
    }
}
