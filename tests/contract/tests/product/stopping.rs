//! Stopping a reply, writing another one, writing on.

use contract::model::{Holding, requests_about};
use contract::{Person, new_id};
use serde_json::json;

#[test]
fn a_stopped_reply_keeps_exactly_what_was_seen() {
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
        assert_eq!(
            asked.stop(&person, 1).json_of(200),
            end,
            "stopping twice is stopping once"
        );
        assert_eq!(asked.stream.rest().end, end, "the stream says the same");
        assert_eq!(
            talk.lines(),
            ["user done: [[hold]]", &format!("assistant stopped: {kept}")]
        );
    }
}

#[test]
fn stopping_a_reply_that_has_ended_says_how_it_ended() {
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
fn the_model_is_not_kept_writing_for_nobody() {
    let person = Person::new();
    let _holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let _ = asked.stop(&person, 8).expect(200);
    let _ = asked.stream.rest();
    // A held reply that nobody hung up on would still be there to be released.
    let url = format!("{}/_release", contract::product().model);
    assert_eq!(contract::Call::to("POST", url).send().json_of(200)["released"], 0);
}

#[test]
fn another_reply_takes_the_place_of_the_first() {
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
        "the first reply is not part of the question"
    );
}

#[test]
fn a_stopped_reply_is_written_on_where_it_stopped() {
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
