use expect_test::{Expect, expect};

use super::{EVENT_BYTES_MAX, ModelEvent, Parser};

fn parse(chunks: &[&[u8]]) -> Vec<ModelEvent> {
    let mut parser = Parser::new();
    let all = chunks.iter().flat_map(|chunk| parser.push(chunk)).collect();
    joined(all)
}

/// Joins adjacent texts, so that results do not depend on how the stream was split.
fn joined(events: Vec<ModelEvent>) -> Vec<ModelEvent> {
    let mut joined: Vec<ModelEvent> = Vec::new();
    for event in events {
        match (joined.last_mut(), event) {
            (Some(ModelEvent::Text(before)), ModelEvent::Text(more)) => before.push_str(&more),
            (Some(ModelEvent::Reasoning(before)), ModelEvent::Reasoning(more)) => before.push_str(&more),
            (_, event) => joined.push(event),
        }
    }
    joined
}

fn check(stream: &str, expected: Expect) {
    let bytes = stream.as_bytes();
    let whole = parse(&[bytes]);
    expected.assert_eq(
        &whole
            .iter()
            .map(|event| format!("{event:?}\n"))
            .collect::<String>(),
    );
    for at in 0..=bytes.len() {
        let (start, end) = bytes.split_at(at);
        assert_eq!(parse(&[start, end]), whole, "split at byte {at}");
    }
    let singly: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(parse(&singly), whole, "byte by byte");
}

#[test]
fn every_kind_of_line_end_gives_the_same_events() {
    let stream = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n\
        : OPENROUTER PROCESSING\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"naïve 🦊 \"}}]}\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"語\"},\"finish_reason\":\"stop\"}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n\
        data: [DONE]\n\n";
    let expected = expect![[r#"
        Text("naïve 🦊 語")
        Finish("stop")
        Usage(Usage { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 })
        Done
    "#]];
    check(stream, expected);
    let whole = parse(&[stream.as_bytes()]);
    for other in [
        stream.replace('\n', "\r\n"),
        stream.replace('\n', "\r"),
        format!("\u{feff}{stream}"),
    ] {
        for at in 0..=other.len() {
            let (start, end) = other.as_bytes().split_at(at);
            assert_eq!(parse(&[start, end]), whole, "{other:?} split at byte {at}");
        }
    }
}

#[test]
fn several_data_lines_are_one_event() {
    check(
        "data: {\"choices\":\ndata: [{\"delta\":\ndata:{\"content\":\"a\"}}]}\n\n",
        expect![[r#"
            Text("a")
        "#]],
    );
}

#[test]
fn keep_alives_and_other_fields_are_ignored() {
    check(
        "data\n\ndata:\n\ndata: ping\n\nevent: ping\nid: 7\nretry: 9\ndatabase: x\n\n: hm\n\n",
        expect![[""]],
    );
}

#[test]
fn a_field_of_the_wrong_type_is_ignored() {
    check(
        "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"x\"}],\
         \"reasoning\":7,\"reasoning_text\":\"hm\"},\"finish_reason\":3}],\"usage\":\"none\"}\n\n\
         data: {\"choices\":[{\"delta\":null,\"finish_reason\":\"\"}],\"usage\":{\"total_tokens\":-4}}\n\n\
         data: {\"choices\":[{\"delta\":{\"content\":\"b\\u0000c\"}}]}\n\n",
        expect![[r#"
            Reasoning("hm")
            Text("a")
            Usage(Usage { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 })
            Text("bc")
        "#]],
    );
}

#[test]
fn errors_of_every_dialect_are_recognized() {
    check(
        "data: {\"error\":\"plain\"}\n\n\
         data: {\"error\":{\"code\":\"429\"}}\n\n\
         data: {\"error\":{\"message\":\"slow down\",\"status\":429}}\n\n\
         data: {\"error\":{}}\n\n\
         data: {\"object\":\"error\",\"message\":\"bad\",\"code\":400}\n\n\
         data: {\"choices\":[{\n\n",
        expect![[r#"
            Error { message: "plain", status: None }
            Error { message: "429", status: Some(429) }
            Error { message: "slow down", status: Some(429) }
            Error { message: "no reason given", status: None }
            Error { message: "bad", status: Some(400) }
            Error { message: "an event of the stream is not a chunk", status: None }
        "#]],
    );
}

#[test]
fn deeply_nested_json_is_an_error_without_stack_overflow() {
    let deep = format!("data: {{\"x\":{}\n\n", "[".repeat(100_000));
    expect![[r#"
        [
            Error {
                message: "an event of the stream is not a chunk",
                status: None,
            },
        ]
    "#]]
    .assert_debug_eq(&parse(&[deep.as_bytes()]));
}

#[test]
fn events_after_done_are_ignored() {
    check(
        "data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"zzz\"}}]}\n\n",
        expect![[r#"
            Done
        "#]],
    );
}

#[test]
fn a_line_over_the_limit_is_rejected() {
    let mut parser = Parser::new();
    let chunk = vec![b'x'; EVENT_BYTES_MAX / 4];
    for _ in 0..4 {
        assert_eq!(parser.push(&chunk), []);
    }
    assert_eq!(parser.push(b"x"), [ModelEvent::TooLong]);
    assert_eq!(parser.push(b"\n\ndata: [DONE]\n\n"), [], "the parser is closed");
}

#[test]
fn an_event_over_the_limit_is_rejected() {
    let mut parser = Parser::new();
    let line = format!("data: {}\n", "x".repeat(999));
    let lines = EVENT_BYTES_MAX / 1000 + 2;
    let events: Vec<ModelEvent> = (0..lines).flat_map(|_| parser.push(line.as_bytes())).collect();
    assert_eq!(events, [ModelEvent::TooLong]);
}
