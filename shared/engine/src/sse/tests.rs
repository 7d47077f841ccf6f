use expect_test::{Expect, expect};

use super::{EVENT_BYTES_MAX, Parser, Part};

fn parts(chunks: &[&[u8]]) -> Vec<Part> {
    let mut parser = Parser::new();
    let all = chunks.iter().flat_map(|chunk| parser.push(chunk)).collect();
    joined(all)
}

/// Neighbouring texts in one: where a stream was cut must not matter.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(more)) => before.push_str(&more),
            (Some(Part::Reasoning(before)), Part::Reasoning(more)) => before.push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}

fn check(stream: &str, expected: Expect) {
    let bytes = stream.as_bytes();
    let whole = parts(&[bytes]);
    expected.assert_eq(&whole.iter().map(|part| format!("{part:?}\n")).collect::<String>());
    for at in 0..=bytes.len() {
        let (start, end) = bytes.split_at(at);
        assert_eq!(parts(&[start, end]), whole, "split at byte {at}");
    }
    let singly: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(parts(&singly), whole, "byte by byte");
}

#[test]
fn a_stream_of_any_line_ends_says_the_same() {
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
    let whole = parts(&[stream.as_bytes()]);
    for other in [
        stream.replace('\n', "\r\n"),
        stream.replace('\n', "\r"),
        format!("\u{feff}{stream}"),
    ] {
        for at in 0..=other.len() {
            let (start, end) = other.as_bytes().split_at(at);
            assert_eq!(parts(&[start, end]), whole, "{other:?} split at byte {at}");
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
fn keep_alives_and_foreign_fields_say_nothing() {
    check(
        "data\n\ndata:\n\ndata: ping\n\nevent: ping\nid: 7\nretry: 9\ndatabase: x\n\n: hm\n\n",
        expect![[""]],
    );
}

#[test]
fn a_field_of_a_surprising_type_costs_only_itself() {
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
fn errors_of_every_dialect_are_errors() {
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
fn deep_json_is_an_error_and_no_overflow() {
    let deep = format!("data: {{\"x\":{}\n\n", "[".repeat(100_000));
    expect![[r#"
        [
            Error {
                message: "an event of the stream is not a chunk",
                status: None,
            },
        ]
    "#]]
    .assert_debug_eq(&parts(&[deep.as_bytes()]));
}

#[test]
fn nothing_is_heard_after_done() {
    check(
        "data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"zzz\"}}]}\n\n",
        expect![[r#"
            Done
        "#]],
    );
}

#[test]
fn a_line_without_end_is_cut_off_at_the_limit() {
    let mut parser = Parser::new();
    let chunk = vec![b'x'; EVENT_BYTES_MAX / 4];
    for _ in 0..4 {
        assert_eq!(parser.push(&chunk), []);
    }
    assert_eq!(parser.push(b"x"), [Part::TooLong]);
    assert_eq!(
        parser.push(b"\n\ndata: [DONE]\n\n"),
        [],
        "and the parser stays closed"
    );
}

#[test]
fn an_event_of_endless_lines_is_cut_off_at_the_limit() {
    let mut parser = Parser::new();
    let line = format!("data: {}\n", "x".repeat(999));
    let lines = EVENT_BYTES_MAX / 1000 + 2;
    let heard: Vec<Part> = (0..lines).flat_map(|_| parser.push(line.as_bytes())).collect();
    assert_eq!(heard, [Part::TooLong]);
}
