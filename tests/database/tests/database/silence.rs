//! A database or pooler that accepts connections and never answers: 503 within the time limits, and recovery.

use std::time::{Duration, Instant};

use contract::{Person, product};
use database_tests::host::address;
use database_tests::processes::Stopped;
use edge::db::{CONNECT_MS_MAX, STATEMENT_MS_MAX};

/// Extra time for a loaded machine.
const SLACK: Duration = Duration::from_secs(5);

fn port(url: &str) -> u16 {
    address(url).rsplit_once(':').unwrap().1.parse().unwrap()
}

#[track_caller]
fn answers_503_while_stopped(port: u16, within_ms: u32) {
    let person = Person::alone();
    let _ = person.get("/api/dashboard").expect(200);
    let stopped = Stopped::listener(port);
    let begun = Instant::now();
    for path in ["/api/dashboard", "/api/me"] {
        let answer = person.get(path);
        assert_eq!(answer.headers["retry-after"], "2");
        let _ = answer.problem(503, "unavailable");
    }
    let elapsed = begun.elapsed();
    assert!(
        elapsed < 2 * Duration::from_millis(within_ms.into()) + SLACK,
        "{elapsed:?}"
    );
    drop(stopped);
    let begun = Instant::now();
    while person.get("/api/dashboard").status != 200 {
        assert!(
            begun.elapsed() < 4 * SLACK,
            "the product recovers with the database"
        );
    }
}

#[test]
fn a_suspended_database_is_503_within_the_limits() {
    answers_503_while_stopped(port(&product().database), CONNECT_MS_MAX + STATEMENT_MS_MAX);
}

#[test]
fn a_suspended_pooler_is_503_within_the_limits() {
    answers_503_while_stopped(port(&product().pooler), CONNECT_MS_MAX);
}
