//! An announced ending is never lost, and a reply ends after its process was killed.

use std::thread::sleep;
use std::time::Duration;

use contract::model::Holding;
use contract::processes::{Frozen, kill, postgres, runtimes};
use contract::talk::follow;
use contract::{Call, Person};
use serde_json::json;

use crate::{wait_for_functions, wait_until, within};

/// The outage of Postgres. `PERSONA_OUTAGE_S=120` tests the specified length; the default is shorter.
fn outage() -> Duration {
    let seconds = std::env::var("PERSONA_OUTAGE_S").ok();
    Duration::from_secs(seconds.and_then(|text| text.parse().ok()).unwrap_or(20))
}

#[test]
#[ignore = "breaks shared processes: runs alone, after the other tests"]
fn an_announced_ending_survives_postgres_and_the_runtime() {
    let person = Person::alone();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");

    let frozen = Frozen::new(postgres());
    holding.release();
    let (id, reply) = (asked.id.clone(), asked.stream);
    let end = within(Duration::from_secs(30), "the end", || reply.rest().end);
    assert_eq!(
        (&end["status"], &end["content"]),
        (&json!("done"), &json!("one two "))
    );
    kill(&runtimes());
    sleep(outage());
    wait_for_functions();
    drop(frozen);

    // In the first hour the pause between two attempts is at most a minute.
    wait_until("the ending is in Postgres", Duration::from_secs(100), || {
        let answer = person.get(&format!("/api/conversations/{}", talk.id));
        answer.status == 200 && answer.json()["messages"][1]["status"] == "done"
    });
    assert_eq!(talk.lines()[1], "assistant done: one two ");
    assert_eq!(talk.stored()["running"], json!(null));
    assert_eq!(follow(&person, &id, None).rest().end, end, "on another device");
    assert_eq!(talk.say("[[count 1]]").status(), "done");
}

#[test]
#[ignore = "breaks shared processes: runs alone, after the other tests"]
fn a_reply_whose_process_was_killed_ends_when_its_reader_reconnects() {
    let person = Person::alone();
    let _holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let stored = || talk.stored()["messages"][1]["content"] == "one two ";
    wait_until("the text is stored", Duration::from_secs(10), stored);
    kill(&runtimes());
    wait_for_functions();
    // Releases the model's response, which has no reader.
    let _ = Call::to("POST", format!("{}/_release", contract::product().model)).send();
    let end = within(Duration::from_secs(10), "the end", || {
        follow(&person, &asked.id, Some(2)).rest()
    });
    assert_eq!((end.status(), end.content()), ("interrupted", "one two "));
    assert_eq!(talk.go_on().stream.rest().status(), "done");
}
