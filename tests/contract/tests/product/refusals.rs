//! Rejected requests: methods, paths, queries.

use contract::{Call, Person};
use serde_json::json;

use crate::routes::{ROUTES, Things};

#[test]
fn a_wrong_method_is_405_with_allow() {
    let person = Person::new();
    let things = Things::of(&person);
    let mut paths: Vec<_> = ROUTES
        .iter()
        .map(|(_, path, _)| *path)
        .filter(|path| !path.contains('?'))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    for template in paths {
        let known: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.1 == template)
            .map(|route| route.0)
            .collect();
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            if known.contains(&method) {
                continue;
            }
            let answer = person.call(method, &things.path(template)).send();
            assert_eq!(answer.status, 405, "{method} {template}: {}", answer.text());
            let _ = answer.problem(405, "method-not-allowed");
            let mut allowed: Vec<_> = answer.header("allow").split(", ").collect();
            let mut expected = known.clone();
            if known.contains(&"GET") {
                expected.push("HEAD");
            }
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "Allow at {template}");
        }
    }
    for (path, right) in [
        ("/api/files/0199d2a0-0000-7000-8000-000000000001", "GET"),
        ("/auth/callback", "GET"),
        ("/auth/webhooks/clerk", "POST"),
    ] {
        let answer = person.call("DELETE", path).send();
        let _ = answer.problem(405, "method-not-allowed");
        assert!(
            answer.header("allow").split(", ").any(|method| method == right),
            "{path}"
        );
    }
}

#[test]
fn an_unknown_path_of_the_api_is_a_problem() {
    let person = Person::new();
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/personas-of-others",
        "/api/me/more",
        "/api/dashboard/files",
        "/auth/nothing",
    ] {
        let _ = Call::new("GET", path).send().problem(404, "not-found");
        let _ = person.get(path).problem(404, "not-found");
    }
}

#[test]
fn an_invalid_query_is_400() {
    let person = Person::new();
    let things = Things::of(&person);
    let id = &things.persona;
    let cursors = [
        "x".to_owned(),
        "~".to_owned(),
        format!("2026-11-23 22:12:32.123456+00~{id}x"),
        format!("9999-99-99 99:99:99.999999+99~{id}"),
        format!("2026-02-30 00:00:00+00~{id}"),
        format!("0000-00-00 00:00:00+00~{id}"),
        format!(":::::::::::::::::::::::::~{id}"),
        format!("2026-11-23 22:12:32.123456%2B00%00~{id}"),
    ];
    for list in ["personas", "conversations"] {
        for cursor in &cursors {
            let path = format!(
                "/api/dashboard/{list}?after={}",
                cursor.replace(' ', "%20").replace('+', "%2B")
            );
            let answer = person.get(&path);
            assert_eq!(answer.status, 400, "{path}: {}", answer.text());
            let _ = answer.problem(400, "malformed");
        }
    }
    for path in [
        "/api/dashboard/conversations?persona_id=x",
        "/api/conversations/{conversation}?before=x",
    ] {
        let _ = person.get(&things.path(path)).problem(400, "malformed");
    }
    let events = person.call("GET", &things.path("/api/generations/{generation}/events"));
    for id in ["x", "-1", "1.5", "99999999999999999999999999"] {
        let _ = events
            .clone()
            .header("last-event-id", id)
            .send()
            .problem(400, "malformed");
    }
}

#[test]
fn the_body_of_a_get_is_ignored() {
    let person = Person::new();
    let things = Things::of(&person);
    for path in [
        "/api/me",
        "/api/personas/{persona}",
        "/api/conversations/{conversation}",
        "/",
    ] {
        let answer = person
            .call("GET", &things.path(path))
            .json(&json!({ "odd": true }))
            .send();
        assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.text());
    }
}

#[test]
fn head_is_get_without_the_body() {
    let person = Person::new();
    let things = Things::of(&person);
    for template in [
        "/api/me",
        "/api/dashboard",
        "/api/personas/{persona}",
        "/api/conversations/{conversation}",
        "/",
        "/nowhere",
    ] {
        let path = things.path(template);
        let (get, head) = (person.get(&path), person.call("HEAD", &path).send());
        assert_eq!(head.status, get.status, "{template}");
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{template}"
        );
        assert!(head.body.is_empty(), "{template}");
    }
}
