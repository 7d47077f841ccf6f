use expect_test::expect;

use super::super::{EndStatus, Event, Failure, Reply};
use super::{check, content, feed, finish};

#[test]
fn a_growing_reply_is_flushed_every_three_seconds() {
    let mut reply = Reply::new("");
    assert_eq!(reply.tick(1_000), []);
    feed(&mut reply, &[&content("a")]);
    assert_eq!(reply.tick(3_999), []);
    assert_eq!(reply.tick(4_000), [Event::Flush]);
    assert_eq!(reply.tick(9_000), [], "nothing new, nothing to store");
    feed(&mut reply, &[&content("b")]);
    assert_eq!(reply.tick(9_100), [Event::Flush]);
    feed(
        &mut reply,
        &[
            ": keep-alive\n\n",
            "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n",
        ],
    );
    assert_eq!(reply.tick(20_000), [], "reasoning is not stored");
}

#[test]
fn a_silent_upstream_times_out_after_a_minute() {
    let mut reply = Reply::new("");
    let mut events = reply.tick(0);
    events.extend(feed(&mut reply, &[&content("a")]));
    events.extend(
        reply
            .tick(1_000)
            .into_iter()
            .chain(reply.tick(60_999))
            .filter(|event| *event != Event::Flush),
    );
    events.extend(reply.tick(61_000));
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "a" }
        Error { seq: 2, failure: Silent }
        End { seq: 3, ending: Ending { status: Interrupted, finish: None, usage: None, failure: Some(Silent) } }
        = "a"
    "#]],
    );
}

#[test]
fn a_stream_of_only_comments_times_out_after_five_minutes() {
    let mut reply = Reply::new("");
    for second in 0..300 {
        feed(&mut reply, &[": PROCESSING\n\n"]);
        assert_eq!(reply.tick(second * 1_000), [], "second {second}");
    }
    reply.tick(300_000);
    assert_eq!(
        reply.ending().and_then(|ending| ending.failure.clone()),
        Some(Failure::Silent)
    );
}

#[test]
fn an_open_stream_after_finish_is_complete() {
    let mut reply = Reply::new("");
    feed(&mut reply, &[&content("a"), &finish("stop")]);
    reply.tick(0);
    assert_eq!(reply.tick(2_000), []);
    reply.tick(5_000);
    assert_eq!(reply.ending().map(|ending| ending.status), Some(EndStatus::Done));
}

#[test]
fn a_server_without_a_response_times_out_after_a_minute() {
    let mut reply = Reply::new("");
    assert_eq!(reply.tick(0), []);
    assert_eq!(reply.tick(59_999), []);
    reply.tick(60_000);
    assert_eq!(
        reply.ending().and_then(|ending| ending.failure.clone()),
        Some(Failure::Silent)
    );
}

#[test]
fn an_endless_reply_ends_after_fifteen_minutes() {
    let mut reply = Reply::new("");
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n";
    for second in 0..900 {
        feed(&mut reply, &[thought]);
        assert_eq!(reply.tick(second * 1_000), [], "second {second}");
    }
    feed(&mut reply, &[thought]);
    reply.tick(900_000);
    assert_eq!(
        reply.ending().and_then(|ending| ending.failure.clone()),
        Some(Failure::TooLong)
    );
}
