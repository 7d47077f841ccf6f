use expect_test::expect;

use super::super::{EndStatus, Event, Reply};
use super::{DONE, check, content, feed, finish};

#[test]
fn a_stopped_reply_keeps_the_seen_text() {
    let mut reply = Reply::new("");
    let mut events = feed(&mut reply, &[&content("né🦊語x")]);
    events.extend(reply.stop(3));
    check(
        &reply,
        &events,
        expect![[r#"
        Delta { seq: 1, text: "né🦊語x" }
        End { seq: 2, ending: Ending { status: Stopped, finish: None, usage: None, failure: None } }
        = "né🦊"
    "#]],
    );
}

#[test]
fn a_stop_after_the_end_or_at_the_start_is_valid() {
    for (seen, kept) in [(usize::MAX, "abc"), (3, "abc"), (0, "")] {
        let mut reply = Reply::new("");
        feed(&mut reply, &[&content("abc")]);
        reply.stop(seen);
        assert_eq!(reply.text(), kept);
        assert_eq!(
            reply.ending().map(|ending| ending.status),
            Some(EndStatus::Stopped)
        );
    }
}

#[test]
fn a_stop_keeps_the_existing_text_of_a_continued_message() {
    let mut reply = Reply::new("Once upon");
    feed(&mut reply, &[&content(" a time")]);
    reply.stop(4);
    assert_eq!(reply.text(), "Once upon");

    let mut reply = Reply::new("Once upon");
    let events = feed(&mut reply, &[&finish("stop"), DONE]);
    check(
        &reply,
        &events,
        expect![[r#"
        End { seq: 1, ending: Ending { status: Done, finish: Some("stop"), usage: None, failure: None } }
        = "Once upon"
    "#]],
    );
}

#[test]
fn a_space_separates_a_continuation_from_the_word_before() {
    for (before, more, joined) in [
        ("Once upon a", "time", "Once upon a time"),
        ("It ended.", "Then", "It ended. Then"),
        ("Once upon a", " time", "Once upon a time"),
        ("Wait", "... what", "Wait... what"),
        ("a line\n", "more", "a line\nmore"),
        ("灯塔", "已经", "灯塔已经"),
    ] {
        let mut reply = Reply::new(before);
        let events = feed(&mut reply, &[&content(more), &content("x")]);
        assert_eq!(reply.text(), format!("{joined}x"));
        let seen: String = events
            .iter()
            .map(|event| {
                if let Event::Delta { text, .. } = event {
                    text.as_str()
                } else {
                    ""
                }
            })
            .collect();
        assert_eq!(
            format!("{before}{seen}"),
            reply.text(),
            "readers see what is stored"
        );
    }
}
