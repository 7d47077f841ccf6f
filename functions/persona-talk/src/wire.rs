//! Server-sent events, as they leave.

use std::rc::Rc;

use api::{DeltaEvent, EndEvent, Problem};
use bytes::Bytes;
use edge::{Body, Error, Host, Response};
use futures_util::{
    future::{Either, select},
    stream,
};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::live::Session;

/// Often enough for every proxy's idle limit.
const HEARTBEAT_MS: u32 = 15_000;

fn event(seq: u64, name: &str, data: &impl Serialize) -> String {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("id: {seq}\nevent: {name}\ndata: {data}\n\n")
}

/// More of the reply.
pub fn delta(seq: u64, text: String) -> String {
    event(seq, "delta", &DeltaEvent { text })
}

/// More of the model's thinking.
pub fn reasoning(seq: u64, text: String) -> String {
    event(seq, "reasoning", &DeltaEvent { text })
}

/// What went wrong; the end follows.
pub fn error(seq: u64, problem: &Problem) -> String {
    event(seq, "error", problem)
}

/// The last event.
pub fn end(seq: u64, end: &EndEvent) -> String {
    event(seq, "end", end)
}

/// A stream of all events behind the first `seen`, until the end.
pub fn follow(host: &impl Host, session: Rc<Session>, seen: usize) -> Response {
    let host = host.clone();
    let events = stream::unfold((session, seen), move |(session, seen)| {
        let host = host.clone();
        async move {
            loop {
                let (text, now) = session.since(seen);
                if !text.is_empty() {
                    return Some((Ok(Bytes::from(text)), (session, now)));
                }
                if session.is_ended() {
                    return None;
                }
                let beat = {
                    let changed = Box::pin(session.changed(seen));
                    matches!(
                        select(changed, Box::pin(host.sleep(HEARTBEAT_MS))).await,
                        Either::Right(_)
                    )
                };
                if beat {
                    return Some((Ok(Bytes::from_static(b": heartbeat\n\n")), (session, seen)));
                }
            }
        }
    });
    response(Body::Stream(Box::pin(events)))
}

/// A stream of nothing but the end of a reply that is over.
pub fn over(end_event: &EndEvent) -> Response {
    response(Body::from(end(1, end_event)))
}

fn response(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-transform"),
    );
    // Self-hosted proxies buffer streams unless told.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// How many events the reader has: `Last-Event-ID`.
///
/// # Errors
/// [`Error::Malformed`] where it is no number.
pub fn last_event_id(text: Option<&str>) -> Result<usize, Error> {
    text.filter(|text| !text.is_empty()).map_or(Ok(0), |text| {
        text.parse()
            .map_err(|_| Error::Malformed("`Last-Event-ID` is not the number of an event.".into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_numbered_and_on_one_line() {
        expect_test::expect![[r#"
            id: 7
            event: delta
            data: {"text":"a\nb"}

        "#]]
        .assert_eq(&delta(7, "a\nb".into()));
    }

    #[test]
    fn a_reader_says_how_many_events_it_has() {
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
