//! Rotation of the keys that verify session tokens.

use std::time::{Duration, Instant};

use contract::person::control;
use contract::{Call, Person};
use serde_json::json;

/// How long a function may take to fetch a new key: it fetches at most every ten seconds.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_new_key_is_fetched_and_the_old_one_stays_valid() {
    let person = Person::alone();
    let _ = person.get("/api/me").expect(200);
    let _ = control("keys/rotate", &json!({ "drop_old": false }));
    let renewed = person.token(&json!({}));
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_ne!(kid(&renewed), kid(&person.token), "signed by another key");

    for path in [
        "/api/me",
        "/api/personas/0199d2a0-0000-7000-8000-000000000001",
        "/api/conversations/0199d2a0-0000-7000-8000-000000000001",
    ] {
        let begun = Instant::now();
        loop {
            let answer = Call::new("GET", path).bearer(&renewed).send();
            assert!(
                [200, 401, 404].contains(&answer.status),
                "{path}: {}",
                answer.text()
            );
            if answer.status != 401 {
                break;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{path}: the new key was never fetched"
            );
        }
        assert_ne!(person.get(path).status, 401, "{path}: the old key");
    }
}
