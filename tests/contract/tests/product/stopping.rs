//! Stop, retry and continue.

use contract::model::{Holding, requests_about};
use contract::{Person, new_id};
use serde_json::json;

#[test]
fn a_stopped_reply_keeps_the_seen_characters() {
    let person = Person::new();
    let _holding = Holding::begin();
    for (seen, kept) in [(5, "one t"), (0, ""), (8, "one two "), (4_000_000, "one two ")] {
        let mut talk = person.talk(&json!({ "name": "Mira" }));
        let mut asked = talk.ask("[[hold]]");
        let _ = asked.stream.until("one two ");
        let end = asked.stop(&person, seen).json_of(200);
        assert_eq!(
            end,
            json!({ "status": "stopped", "message_id": asked.reply, "content": kept })
        );
        assert_eq!(asked.stop(&person, 1).json_of(200), end, "stop is idempotent");
        assert_eq!(asked.stream.rest().end, end, "the stream ends the same way");
        assert_eq!(
            talk.lines(),
            ["user done: [[hold]]", &format!("assistant stopped: {kept}")]
        );
    }
}

#[test]
fn stopping_an_ended_reply_returns_its_ending() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[count 3]]");
    while asked.stream.next().is_some() {}
    let end = asked.stop(&person, 1).json_of(200);
    assert_eq!(
        end,
        json!({ "status": "done", "message_id": asked.reply, "content": "1 2 3 " })
    );
    assert_eq!(talk.lines()[1], "assistant done: 1 2 3 ");
}

#[test]
fn a_stop_closes_the_model_stream() {
    let person = Person::new();
    let _holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let _ = asked.stop(&person, 8).expect(200);
    let _ = asked.stream.rest();
    // The scripted model counts held replies with an open connection.
    let url = format!("{}/_release", contract::product().model);
    assert_eq!(contract::Call::to("POST", url).send().json_of(200)["released"], 0);
}

#[test]
fn a_retry_replaces_the_reply() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let question = format!("question {}", new_id());
    let _ = talk.say(&question);
    let first = talk.head.clone();
    let again = talk.retry();
    assert_ne!(Some(&again.reply), first.as_ref());
    let reply = again.stream.rest();
    assert_eq!(
        (reply.status(), reply.content()),
        ("done", format!("You said: {question}").as_str())
    );
    assert_eq!(
        talk.lines(),
        [
            "assistant done: Hello.".to_owned(),
            format!("user done: {question}"),
            format!("assistant done: You said: {question}")
        ]
    );
    assert_eq!(talk.stored()["messages"][2]["id"], json!(talk.head));
    let requests = requests_about(&question);
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0]["messages"], requests[1]["messages"],
        "the first reply is not part of the prompt"
    );
}

#[test]
fn a_stopped_reply_is_continued_where_it_stopped() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    {
        let _holding = Holding::begin();
        let mut asked = talk.ask("[[hold]]");
        let _ = asked.stream.until("one two ");
        let _ = asked.stop(&person, 5).expect(200);
        let _ = asked.stream.rest();
    }
    let asked = talk.go_on();
    let id = asked.reply.clone();
    let reply = asked.stream.rest();
    assert_eq!((reply.status(), &reply.end["message_id"]), ("done", &json!(id)));
    assert_eq!(reply.content(), format!("one t{}", reply.text()));
    assert!(!reply.text().is_empty());
    assert_eq!(
        talk.lines(),
        [
            "user done: [[hold]]".to_owned(),
            format!("assistant done: {}", reply.content())
        ]
    );
}
