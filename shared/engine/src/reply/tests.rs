use expect_test::{Expect, expect};

use super::{Event, Failure, Reply};

mod stop;
mod time;

const DONE: &str = "data: [DONE]\n\n";

fn content(text: &str) -> String {
    format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":{}}}}}]}}\n\n",
        serde_json::Value::from(text)
    )
}

fn finish(reason: &str) -> String {
    format!("data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{reason}\"}}]}}\n\n")
}

fn feed(reply: &mut Reply, stream: &[&str]) -> Vec<Event> {
    stream
        .iter()
        .flat_map(|chunk| reply.bytes(chunk.as_bytes()))
        .collect()
}

/// Compares the events and the final text.
fn check(reply: &Reply, events: &[Event], expected: Expect) {
    let seqs: Vec<u64> = events.iter().filter_map(seq).collect();
    assert_eq!(
        seqs,
        (1..=reply.seq()).collect::<Vec<_>>(),
        "numbered from 1 with no gap"
    );
    let ends = events
        .iter()
        .filter(|event| matches!(event, Event::End { .. }))
        .count();
    assert_eq!(ends, 1, "one ending");
    assert!(
        matches!(events.last(), Some(Event::End { .. })),
        "which is the last event"
    );
    let lines: String = events.iter().map(|event| format!("{event:?}\n")).collect();
    expected.assert_eq(&format!("{lines}= {:?}\n", reply.text()));
}

fn seq(event: &Event) -> Option<u64> {
    match event {
        Event::Delta { seq, .. }
        | Event::Reasoning { seq, .. }
        | Event::Error { seq, .. }
        | Event::End { seq, .. } => Some(*seq),
        Event::Flush => None,
    }
}

#[test]
fn a_stream_with_done_is_a_complete_reply() {
    let mut reply = Reply::new("");
    let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\n";
    let events = feed(
        &mut reply,
        &[
            &content("\n\nHi"),
            &content(" there"),
            &finish("stop"),
            usage,
            DONE,
            &content("zzz"),
        ],
    );
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "Hi" }
        Delta { seq: 2, text: " there" }
        End { seq: 3, ending: Ending { status: Done, finish: Some("stop"), usage: Some(Usage { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }), failure: None } }
        = "Hi there"
    "#]],
    );
    assert_eq!(reply.upstream_ended(), [], "late callbacks are ignored");
    assert_eq!(reply.stop(0), []);
    assert_eq!(reply.tick(u64::MAX), []);
    assert_eq!(reply.text(), "Hi there");
}

#[test]
fn reasoning_is_separate_from_text() {
    let mut reply = Reply::new("");
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"think\"}}]}\n\n";
    let events = feed(
        &mut reply,
        &[&format!("{thought}{}{}{DONE}", content("an"), content("swer"))],
    );
    check(
        &reply,
        &events,
        expect![[r#"
        Reasoning { seq: 1, text: "think" }
        Delta { seq: 2, text: "answer" }
        End { seq: 3, ending: Ending { status: Done, finish: None, usage: None, failure: None } }
        = "answer"
    "#]],
    );
}

#[test]
fn a_reply_at_its_token_limit_is_done_with_length() {
    let mut reply = Reply::new("");
    let mut events = feed(&mut reply, &[&content("a"), &finish("length")]);
    events.extend(reply.upstream_ended());
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "a" }
        End { seq: 2, ending: Ending { status: Done, finish: Some("length"), usage: None, failure: None } }
        = "a"
    "#]],
    );
}

#[test]
fn a_filtered_reply_is_refused() {
    let mut reply = Reply::new("");
    let events = feed(&mut reply, &[&content("I can"), &finish("content_filter"), DONE]);
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "I can" }
        End { seq: 2, ending: Ending { status: Refused, finish: Some("content_filter"), usage: None, failure: None } }
        = "I can"
    "#]],
    );
}

#[test]
fn the_text_of_a_refusal_is_kept() {
    let mut reply = Reply::new("");
    let refusal = "data: {\"choices\":[{\"delta\":{\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}\n\n";
    let events = feed(&mut reply, &[refusal, DONE]);
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "No." }
        End { seq: 2, ending: Ending { status: Refused, finish: Some("stop"), usage: None, failure: None } }
        = "No."
    "#]],
    );
}

#[test]
fn an_end_without_finish_is_truncated_and_keeps_the_text() {
    let mut reply = Reply::new("");
    let mut events = feed(&mut reply, &[&content("half of ")]);
    events.extend(reply.upstream_ended());
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "half of " }
        Error { seq: 2, failure: Truncated }
        End { seq: 3, ending: Ending { status: Interrupted, finish: None, usage: None, failure: Some(Truncated) } }
        = "half of "
    "#]],
    );
}

#[test]
fn the_text_before_an_error_event_is_kept() {
    let mut reply = Reply::new("");
    let error = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
    let events = feed(&mut reply, &[&format!("{}{error}", content("half of "))]);
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "half of " }
        Error { seq: 2, failure: Upstream { message: "overloaded" } }
        End { seq: 3, ending: Ending { status: Interrupted, finish: None, usage: None, failure: Some(Upstream { message: "overloaded" }) } }
        = "half of "
    "#]],
    );
}

#[test]
fn failures_are_classified() {
    let of_stream = |stream: &str| {
        let mut reply = Reply::new("");
        feed(&mut reply, &[stream]);
        reply.upstream_ended();
        reply.ending().and_then(|ending| ending.failure.clone())
    };
    let limited = "data: {\"error\":{\"code\":429,\"message\":\"slow down\"}}\n\n";
    assert_eq!(of_stream(limited), Some(Failure::Busy { retry_after_s: None }));
    expect![[r#"Some(Upstream { message: "the answer is not a stream" })"#]]
        .assert_eq(&format!("{:?}", of_stream("<html>\n\nBad gateway\n\n</html>")));
    expect![[r#"Some(Upstream { message: "the reply is empty" })"#]]
        .assert_eq(&format!("{:?}", of_stream(&format!("{}{DONE}", content(" \n")))));
    expect![[r#"Some(Upstream { message: "finish_reason error" })"#]].assert_eq(&format!(
        "{:?}",
        of_stream(&format!("{}{}", content("a"), finish("error")))
    ));
    assert_eq!(
        Failure::of_status(429, Some(7)),
        Failure::Busy {
            retry_after_s: Some(7)
        }
    );
    assert_eq!(Failure::of_status(402, None), Failure::Rejected { status: 402 });
    assert!(matches!(Failure::of_status(502, None), Failure::Upstream { .. }));
}

#[test]
fn a_connection_lost_after_finish_is_a_complete_reply() {
    let mut reply = Reply::new("");
    let mut events = feed(&mut reply, &[&content("a"), &finish("stop")]);
    events.extend(reply.upstream_failed(Failure::Unreachable));
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "a" }
        End { seq: 2, ending: Ending { status: Done, finish: Some("stop"), usage: None, failure: None } }
        = "a"
    "#]],
    );
}

#[test]
fn a_reply_over_its_limit_is_truncated_at_a_character_boundary() {
    let limit = api::limits::REPLY_BYTES_MAX;
    let mut reply = Reply::new("");
    let half = "é".repeat(limit / 4);
    feed(&mut reply, &[&content("x"), &content(&half)]);
    assert!(!reply.is_ended());
    feed(&mut reply, &[&content(&half)]);
    assert_eq!(
        reply.ending().and_then(|ending| ending.failure.clone()),
        Some(Failure::TooLong)
    );
    assert_eq!(reply.text().len(), limit - 1, "the last é does not fit");
}
