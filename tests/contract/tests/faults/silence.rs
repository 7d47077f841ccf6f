//! Suspended processes, which accept connections and never answer.

use std::thread::sleep;
use std::time::Duration;

use contract::processes::{Frozen, model, postgres};
use contract::{Person, Talk};
use serde_json::json;

use crate::{wait_until, within};

/// The limits of a connect and a statement, twice for a request to two functions.
const RESPONSE_WITHIN: Duration = Duration::from_secs(30);

#[test]
#[ignore = "breaks shared processes: runs alone, after the other tests"]
fn a_suspended_database_is_503_and_does_not_stop_replies() {
    let person = Person::alone();
    let persona = person.persona(&json!({ "name": "Mira" }));
    let open = || Talk::open(&person, persona["id"].as_str().unwrap());
    let (mut going_on, mut stopped, other) = (open(), open(), open());
    let mut going = going_on.ask("[[slow 450]]");
    let mut stopping = stopped.ask("[[slow 450]]");
    let _ = going.stream.until("1 ");
    let _ = stopping.stream.until("1 2 ");

    let frozen = Frozen::new(postgres());
    within(RESPONSE_WITHIN, "a read", || {
        person.get("/api/me").problem(503, "unavailable")
    });
    within(RESPONSE_WITHIN, "a new reply", || {
        other.post(&other.send_body("Hello")).problem(503, "unavailable")
    });
    let end = within(RESPONSE_WITHIN, "a stop", || {
        stopping.stop(&person, 2).json_of(200)
    });
    assert_eq!(
        (&end["status"], &end["content"]),
        (&json!("stopped"), &json!("1 "))
    );
    drop(frozen);

    wait_until("the stopped reply is stored", Duration::from_secs(60), || {
        stopped
            .lines()
            .last()
            .is_some_and(|line| line == "assistant stopped: 1 ")
    });
    // Flushes and heartbeats continue.
    let stored = || {
        going_on.stored()["messages"][1]["content"]
            .as_str()
            .map_or(0, str::len)
    };
    let before = stored();
    wait_until("the text grows", Duration::from_secs(15), || stored() > before);
    assert_eq!(going.stream.rest().status(), "done");
    assert!(going_on.lines()[1].starts_with("assistant done: 1 2 3 "));
}

#[test]
#[ignore = "breaks shared processes: runs alone, after the other tests"]
fn a_reply_of_a_suspended_model_can_be_stopped() {
    let person = Person::alone();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let frozen = Frozen::new(model());
    let asked = talk.ask("Hello");
    sleep(Duration::from_millis(500));
    let end = within(Duration::from_secs(5), "a stop", || {
        asked.stop(&person, 0).json_of(200)
    });
    assert_eq!(end["status"], "stopped");
    drop(frozen);
    assert_eq!(asked.stream.rest().end, end);
    assert_eq!(talk.say("[[count 1]]").status(), "done");
}
