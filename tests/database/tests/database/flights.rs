//! A request uses one connection and one flight, or two where the second depends on the first. No rule of the recorder
//! is violated.

use std::collections::BTreeMap;

use contract::{Call, Person, new_id};
use database_tests::recorder::{Counts, Cut, counted, report, settled};
use serde_json::json;

const PICTURE: &[u8] = include_bytes!("../../../contract/fixtures/portrait.png");

fn flights(count: u64) -> Counts {
    Counts {
        connections: 1,
        flights: count,
    }
}

#[test]
fn a_request_is_one_flight() {
    let person = Person::alone();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let persona = format!("/api/personas/{}", persona["id"].as_str().unwrap());
    let of_persona = json!({ "id": new_id(), "persona_id": persona.rsplit('/').next() });
    let conversation = format!("/api/conversations/{}", of_persona["id"].as_str().unwrap());
    let new = json!({ "id": new_id(), "card": { "name": "Nadir" } });
    let get = |path: &str| person.call("GET", path);
    let of = |method: &str, path: &str| person.call(method, path);
    // The greeting's macros are expanded between reading it and writing it.
    let cases: [(&str, Call, Counts); 16] = [
        ("me", get("/api/me"), flights(1)),
        ("dashboard", get("/api/dashboard"), flights(1)),
        ("personas", get("/api/dashboard/personas"), flights(1)),
        ("conversations", get("/api/dashboard/conversations"), flights(1)),
        ("create", of("POST", "/api/personas").json(&new), flights(1)),
        ("create again", of("POST", "/api/personas").json(&new), flights(2)),
        ("persona", get(&persona), flights(1)),
        (
            "edit",
            of("PUT", &persona).json(&json!({ "card": { "name": "Mira II" } })),
            flights(1),
        ),
        (
            "open",
            of("POST", "/api/conversations").json(&of_persona),
            flights(2),
        ),
        (
            "open again",
            of("POST", "/api/conversations").json(&of_persona),
            flights(3),
        ),
        ("read", get(&conversation), flights(1)),
        ("delete conversation", of("DELETE", &conversation), flights(1)),
        (
            "restore conversation",
            of("POST", &format!("{conversation}/restore")),
            flights(1),
        ),
        ("delete persona", of("DELETE", &persona), flights(1)),
        (
            "restore persona",
            of("POST", &format!("{persona}/restore")),
            flights(1),
        ),
        // The picture is stored between the check of limits and the insert.
        (
            "upload",
            of("POST", "/api/files").body("image/png", PICTURE),
            Counts {
                connections: 2,
                flights: 2,
            },
        ),
    ];
    let expected: BTreeMap<_, _> = cases.iter().map(|(name, _, counts)| (*name, *counts)).collect();
    let mut seen = BTreeMap::new();
    for (name, call, _) in cases {
        let counts = counted(|| {
            let answer = call.send();
            assert!(answer.status < 300, "{name}: {}", answer.text());
        });
        seen.insert(name, counts);
    }
    assert_eq!(seen, expected);
}

#[test]
fn an_invalid_token_causes_no_flight() {
    let person = Person::alone();
    let counts = counted(|| {
        let answer = Call::new("GET", "/api/dashboard").bearer("none").send();
        assert_eq!(answer.status, 401);
    });
    assert_eq!((counts.connections, counts.flights), (0, 0));
    drop(person);
}

/// Clients that ask at once while segments are cut, and how often each asks.
const CUT_CLIENTS: usize = 16;
const CUT_REQUESTS_EACH: usize = 64;
const CUT_SEED: u64 = 7;

#[test]
fn responses_are_correct_when_segments_are_split() {
    let person = Person::alone();
    for n in 0..100 {
        let _ = person.persona(
            &json!({ "name": format!("Persona {n}"), "tagline": "t".repeat(160), "tags": ["a", "b"] }),
        );
    }
    let whole = person.get("/api/dashboard").json_of(200);
    let cut = Cut::with(CUT_SEED);
    std::thread::scope(|scope| {
        for _ in 0..CUT_CLIENTS {
            let _ = scope.spawn(|| {
                let agent = contract::http::agent();
                for _ in 0..CUT_REQUESTS_EACH {
                    let answer = person.call("GET", "/api/dashboard").send_by(&agent);
                    assert!(answer.json_of(200) == whole, "a response differs");
                }
            });
        }
    });
    drop(cut);
    let _ = settled();
}

#[test]
fn the_whole_run_violates_no_rule_of_the_recorder() {
    let report = report();
    assert!(
        report["flights"].as_u64().is_some_and(|flights| flights > 0),
        "{report}"
    );
    assert_eq!(report["violations"], json!({}));
}
