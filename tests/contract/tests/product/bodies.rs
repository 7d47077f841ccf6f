//! Rejected bodies: malformed, of other content types, too large, too slow.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use contract::raw::{connect, head as head_of};
use contract::{Person, product};
use serde_json::json;

use crate::routes::{ROUTES, Takes, Things};

const MIB: usize = 1_048_576;

fn json_routes() -> impl Iterator<Item = (&'static str, &'static str, Takes)> {
    ROUTES.into_iter().filter(|route| route.2 == Takes::Json)
}

#[test]
fn malformed_bodies_are_400_on_every_route() {
    let person = Person::new();
    let things = Things::of(&person);
    let deep = "[".repeat(100_000);
    let unreadable: [&[u8]; 9] = [
        b"",
        b"{",
        b"{}{}",
        b"[]",
        b"null",
        b"\"text\"",
        b"\xff\xfe{}",
        b"{\"a\":1e999}",
        deep.as_bytes(),
    ];
    for (method, template, _) in json_routes() {
        let path = things.path(template);
        for body in unreadable {
            let shown = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
            let answer = person.call(method, &path).body("application/json", body).send();
            assert_eq!(
                answer.status,
                400,
                "{method} {template} with {shown}: {}",
                answer.text()
            );
            let _ = answer.problem(400, "malformed");
        }
        for (body, what) in [
            (json!({ "unknown_field": 1 }), "an unknown field"),
            (json!({ "id": 7, "name": 7, "seen_chars": "7" }), "wrong types"),
            (
                json!({ "id": "not-an-id", "name": "x", "seen_chars": -1 }),
                "an invalid id",
            ),
        ] {
            let answer = person.call(method, &path).json(&body).send();
            assert_eq!(
                answer.status,
                400,
                "{method} {template} with {what}: {}",
                answer.text()
            );
        }
    }
}

#[test]
fn errors_of_a_body_name_the_field() {
    let person = Person::new();
    for (path, body, detail) in [
        ("/api/personas", r#"{"tagline":7}"#, "`tagline` must be a string."),
        (
            "/api/personas",
            r#"{"card":{"name":"x"},"revision":"1"}"#,
            "`revision` must be a whole number within its limits.",
        ),
        (
            "/api/personas",
            r#"{"unknown_field":1}"#,
            "`unknown_field` is not a field of this request.",
        ),
        (
            "/api/personas",
            r#"{"avatar_id":"no"}"#,
            "`avatar_id` must be a UUID.",
        ),
        ("/api/conversations", "{}", "`id` is missing."),
        (
            "/api/personas",
            "{\"card\":\n x}",
            "The body is not valid JSON: see line 2, column 2.",
        ),
        (
            "/api/personas",
            "",
            "The body is empty. It must be a JSON object.",
        ),
        ("/api/personas", "[]", "The body must be a JSON object."),
    ] {
        let answer = person.call("POST", path).body("application/json", body).send();
        assert_eq!(answer.problem(400, "malformed")["detail"], detail, "{body}");
    }
}

#[test]
fn other_content_types_are_rejected() {
    let person = Person::new();
    let things = Things::of(&person);
    for (method, template, _) in json_routes() {
        let body = things.body(template).to_string();
        let call = || person.call(method, &things.path(template));
        let _ = call()
            .bytes(body.clone())
            .send()
            .problem(415, "unsupported-media-type");
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/jsonp",
        ] {
            let answer = call().body(kind, body.clone()).send();
            assert_eq!(
                answer.status,
                415,
                "{method} {template} as {kind}: {}",
                answer.text()
            );
        }
    }
    for kind in [
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
    ] {
        let _ = person
            .call("POST", "/api/personas")
            .body(kind, r#"{"card":{"name":"Mira"}}"#)
            .send()
            .problem(415, "unsupported-media-type");
    }
    for kind in [
        "application/json; charset=\"UTF-8\"",
        "application/json; charset=utf-8",
        "Application/JSON",
    ] {
        let _ = person
            .call("POST", "/api/personas")
            .body(kind, r#"{"card":{"name":"Mira"}}"#)
            .send()
            .expect(201);
    }
}

#[test]
fn a_body_over_the_limit_is_rejected_with_and_without_its_length() {
    let person = Person::new();
    let things = Things::of(&person);
    // The limit of a persona is that of a card plus 16 KiB.
    let large = format!(r#"{{"card":{{"name":"{}"}}}}"#, "a".repeat(MIB + 16_384));
    for (method, template, _) in json_routes() {
        let call = || {
            person
                .call(method, &things.path(template))
                .body("application/json", large.clone())
        };
        let _ = call().send().problem(413, "too-large");
        let _ = call().chunked().send().problem(413, "too-large");
    }
}

/// The product's host and port. Tokens are accepted under its origin only.
fn host() -> &'static str {
    product().origin.trim_start_matches("http://")
}

/// Sends a whole chunked body before reading the response, like simple clients.
fn send_all(headers: &str, bytes: usize) -> (u16, String) {
    let mut stream = connect(&product().origin);
    let head = format!(
        "POST /api/personas HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{headers}\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        host()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"4000\r\n".as_slice(), &[b'a'; 0x4000], b"\r\n"].concat();
    for _ in 0..bytes.div_ceil(0x4000) {
        stream.write_all(&chunk).expect("the server takes the whole body");
    }
    stream
        .write_all(b"0\r\n\r\n")
        .expect("the server takes the whole body");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer and no reset");
    (head_of(&answer).0, String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn a_client_that_sends_the_whole_body_first_gets_the_error_response() {
    let person = Person::new();
    let bearer = format!("authorization: Bearer {}\r\n", person.token);
    for bytes in [MIB + MIB / 2, 4 * MIB, 12 * MIB] {
        let (status, answer) = send_all(&bearer, bytes);
        assert_eq!(status, 413, "{bytes}: {answer}");
        let (status, answer) = send_all("", bytes);
        assert_eq!(status, 401, "{bytes}: {answer}");
    }
}

#[test]
fn a_body_that_stops_arriving_is_408() {
    let person = Person::new();
    let mut stream = connect(&product().origin);
    let head = format!(
        "POST /api/personas HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         authorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{\"name\":",
        host(),
        person.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let begun = Instant::now();
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).expect("an answer");
    assert_eq!(
        head_of(&answer[..read]).0,
        408,
        "{}",
        String::from_utf8_lossy(&answer[..read])
    );
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}
