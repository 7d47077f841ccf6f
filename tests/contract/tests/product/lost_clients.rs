//! Clients that hang up, come back, or ask twice: there is one reply, and it goes on.

use contract::model::{Holding, requests_about};
use contract::talk::follow;
use contract::{Event, Person, new_id};
use serde_json::json;

#[test]
fn a_reply_goes_on_when_its_reader_hangs_up() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let (id, reply) = (asked.id.clone(), asked.reply.clone());
    drop(asked);

    let stored = talk.stored();
    assert_eq!(
        stored["running"],
        json!({ "id": id, "message_id": reply }),
        "it is found by a reload"
    );
    let mut again = follow(&person, &id, None);
    let _ = again.until("one two ");
    holding.release();
    let end = again.rest();
    assert_eq!((end.status(), end.content()), ("done", "one two "));
    assert_eq!(talk.lines(), ["user done: [[hold]]", "assistant done: one two "]);
}

#[test]
fn a_reader_who_comes_back_gets_what_is_missing_and_nothing_twice() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let mut seen: Vec<Event> = Vec::new();
    while seen.iter().map(Event::text).collect::<String>() != "one two " {
        seen.push(asked.stream.next().unwrap());
    }
    let last = seen.last().unwrap().seq;
    let from_the_middle = follow(&person, &asked.id, Some(last));
    let from_the_start = follow(&person, &asked.id, Some(0));
    holding.release();

    let rest = from_the_middle.rest();
    assert_eq!((rest.events[0].seq, rest.text().as_str()), (last + 1, ""));
    assert_eq!(rest.content(), "one two ");
    let whole = from_the_start.rest();
    assert_eq!((whole.events[0].seq, whole.text().as_str()), (1, "one two "));
    assert_eq!(asked.stream.rest().events, rest.events);
}

#[test]
fn a_reader_who_comes_back_too_late_is_told_the_end() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    for (question, status, content) in [
        ("[[count 3]]", "done", "1 2 3 "),
        ("[[cut]]", "interrupted", "half of "),
        ("[[filter]]", "refused", "I can"),
    ] {
        let asked = talk.ask(question);
        let id = asked.id.clone();
        let end = asked.stream.rest().end;
        for seen in [None, Some(1), Some(1_000)] {
            let again = follow(&person, &id, seen).rest();
            assert_eq!(
                (again.status(), again.content()),
                (status, content),
                "{question} after {seen:?}"
            );
            assert_eq!(again.end, end);
        }
    }
}

#[test]
fn the_same_post_joins_the_same_reply() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let question = format!("[[hold]] {}", new_id());
    let mut asked = talk.ask(&question);
    let _ = asked.stream.until("one two ");
    let mut joined = talk.call(&asked.body).stream();
    let _ = joined.until("one two ");
    holding.release();
    assert_eq!(joined.rest().end, asked.stream.rest().end);

    let late = talk.call(&asked.body).stream().rest();
    assert_eq!((late.status(), late.content()), ("done", "one two "));
    assert_eq!(requests_about(&question).len(), 1, "the model was asked once");
    assert_eq!(
        talk.lines(),
        [
            format!("user done: {question}"),
            "assistant done: one two ".into()
        ]
    );
}

#[test]
fn two_posts_at_once_are_one_reply() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    for _ in 0..5 {
        let question = format!("[[count 5]] {}", new_id());
        let body = talk.send_body(&question);
        let calls = [talk.call(&body), talk.call(&body), talk.call(&body)];
        let ends: Vec<_> = std::thread::scope(|scope| {
            let posts = calls.map(|call| scope.spawn(move || call.stream().rest().end));
            posts.into_iter().map(|post| post.join().unwrap()).collect()
        });
        assert!(
            ends.iter()
                .all(|end| end["status"] == "done" && end["content"] == "1 2 3 4 5 "),
            "{ends:?}"
        );
        assert_eq!(requests_about(&question).len(), 1, "the model was asked once");
        talk.head = body["reply_id"].as_str().map(str::to_owned);
    }
    assert_eq!(talk.lines().len(), 10);
}

#[test]
fn a_strangers_reply_cannot_be_followed_or_stopped() {
    let person = Person::new();
    let stranger = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let events = format!("/api/generations/{}/events", asked.id);
    let _ = stranger.get(&events).problem(404, "not-found");
    let _ = asked.stop(&stranger, 1).problem(404, "not-found");
    let foreign = stranger
        .call("POST", &format!("/api/conversations/{}/generations", talk.id))
        .json(&asked.body);
    let _ = foreign.send().problem(404, "not-found");
    holding.release();
    assert_eq!(asked.stream.rest().content(), "one two ");
}
