//! Replies: streaming, prompts, history, one reply at a time.

use std::thread::sleep;
use std::time::Duration;

use contract::model::{Holding, messages, request_about};
use contract::talk::follow;
use contract::{Person, new_id};
use postgres::{Client, NoTls};
use serde_json::json;

/// `REPLIES_AT_ONCE_MAX` of `shared/api`.
const REPLIES_AT_ONCE_MAX: u32 = 32;

#[test]
fn events_are_numbered_without_gaps_and_the_stored_text_equals_the_deltas() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let asked = talk.ask("[[count 200]]");
    let id = asked.reply.clone();
    let reply = asked.stream.rest();
    let counted: String = (1..=200).map(|n| format!("{n} ")).collect();
    assert_eq!(reply.events[0].seq, 1);
    assert_eq!(reply.text(), counted);
    assert_eq!(
        (reply.status(), reply.content(), &reply.end["message_id"]),
        ("done", counted.as_str(), &json!(id))
    );
    assert_eq!(
        talk.lines(),
        [
            "assistant done: Hello.",
            "user done: [[count 200]]",
            &format!("assistant done: {counted}")
        ]
    );
    assert_eq!(talk.stored()["running"], json!(null));
}

#[test]
fn deltas_arrive_while_the_model_is_running() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let stored = talk.stored();
    assert_eq!(
        stored["running"],
        json!({ "id": asked.id, "message_id": asked.reply, "seq": 0 })
    );
    assert_eq!(stored["messages"][1]["status"], "streaming");
    holding.release();
    let reply = asked.stream.rest();
    assert_eq!(
        (reply.status(), reply.content(), reply.text().as_str()),
        ("done", "one two ", "")
    );
}

#[test]
fn the_prompt_is_persona_history_and_message_in_this_order() {
    let person = Person::known_as("Ada", "");
    let mut talk = person.talk(&json!({
        "name": "Mira", "description": "{{char}} keeps a lighthouse.", "personality": "dry", "scenario": "A storm, {{user}} outside.",
        "mes_example": "<START>\n{{user}}: Windy?\n{{char}}: A breeze.", "first_mes": "Hello {{user}}.",
        "system_prompt": "Own rules. {{original}}", "post_history_instructions": "Stay {{char}}.", "tagline": "Never sent",
    }));
    let (first, second) = (format!("first {}", new_id()), format!("second {}", new_id()));
    let _ = talk.say(&first);
    let _ = talk.say(&second);
    let request = request_about(&second);
    assert_eq!(
        (&request["stream"], &request["max_tokens"]),
        (&json!(true), &json!(512))
    );
    let messages = messages(&request);
    assert_eq!(
        messages[1..],
        [
            "assistant: Hello Ada.".to_owned(),
            format!("user: {first}"),
            format!("assistant: You said: {first}"),
            format!("user: {second}"),
            "system: Stay Mira.".to_owned(),
        ]
    );
    let system = &messages[0];
    let parts = [
        "system: Own rules. ",
        "Mira keeps a lighthouse.",
        "dry",
        "A storm, Ada outside.",
        "Ada: Windy?\nMira: A breeze.",
    ];
    let places: Vec<_> = parts
        .iter()
        .map(|part| system.find(part).unwrap_or_else(|| panic!("{part} in {system}")))
        .collect();
    assert!(places.is_sorted(), "{system}");
    assert!(
        !system.contains("Never sent") && !system.contains("{{"),
        "{system}"
    );
    let before = contract::model::messages(&request_about(&first));
    assert_eq!(
        before[0], messages[0],
        "the system message is the same in every request"
    );
}

#[test]
fn macros_in_messages_are_not_expanded() {
    let person = Person::known_as("Ada", "");
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let said = format!("I am {{{{char}}}}, <USER> {}", new_id());
    assert_eq!(talk.say(&said).content(), format!("You said: {said}"));
    assert!(messages(&request_about(&said)).contains(&format!("user: {said}")));
}

#[test]
fn reasoning_is_not_part_of_the_reply() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let reply = talk.say("[[reason]]");
    let names: Vec<_> = reply.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["reasoning", "delta", "end"]);
    assert_eq!(
        (reply.events[0].data["text"].as_str(), reply.content()),
        (Some("thinking "), "answer")
    );
    assert_eq!(talk.lines()[1], "assistant done: answer");
}

#[test]
fn a_reply_at_the_models_limit_is_complete() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let reply = talk.say("[[length 3]]");
    assert_eq!((reply.status(), reply.content()), ("done", "1 2 3 "));
}

#[test]
fn a_conversation_has_one_running_reply() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let greeting = talk.head.clone();
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    for (kind, after, reply) in [
        ("send", &greeting, new_id()),
        ("send", &talk.head, new_id()),
        ("retry", &talk.head, new_id()),
        ("continue", &talk.head, asked.reply.clone()),
    ] {
        let mut body = json!({ "id": new_id(), "kind": kind, "after": after, "reply_id": reply });
        if kind == "send" {
            body["message"] = json!({ "id": new_id(), "content": "me too" });
        }
        let _ = talk.post(&body).problem(409, "busy");
    }
    holding.release();
    assert_eq!(asked.stream.rest().status(), "done");
    assert_eq!(talk.lines().len(), 3, "the refused ones wrote nothing");
    assert_eq!(talk.say("[[count 1]]").status(), "done");
}

#[test]
fn a_request_from_an_outdated_view_is_stale() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let mut body = talk.send_body("[[count 1]]");
    for old in [json!(null), json!(new_id())] {
        body["after"] = old;
        let _ = talk.post(&body).problem(409, "stale");
    }
    let greeting = talk.head.clone();
    let _ = talk.say("[[count 1]]");
    body["after"] = json!(greeting);
    let _ = talk.post(&body).problem(409, "stale");
    assert_eq!(talk.lines().len(), 3);
}

#[test]
fn invalid_requests_are_rejected_and_write_nothing() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let tail = |kind: &str, reply: &str| json!({ "id": new_id(), "kind": kind, "after": talk.head, "reply_id": reply });
    let greeting = talk.head.clone().unwrap();
    let _ = talk.post(&tail("retry", &new_id())).problem(409, "conflict");
    let _ = talk.post(&tail("continue", &greeting)).problem(409, "conflict");
    let with = |content: &str| talk.send_body(content);
    assert_eq!(
        talk.post(&with(" \n ")).field_errors(),
        ["message.content required"]
    );
    assert_eq!(
        talk.post(&with(&"🗼".repeat(16_001))).field_errors(),
        ["message.content too_long"]
    );
    assert_eq!(
        talk.post(&with("a\u{0}")).field_errors(),
        ["message.content invalid"]
    );
    let mut body = with("x");
    body["message"] = json!(null);
    assert_eq!(talk.post(&body).field_errors(), ["message required"]);
    let mut body = with("x");
    body["reply_id"] = body["message"]["id"].clone();
    assert_eq!(talk.post(&body).field_errors(), ["reply_id invalid"]);
    let mut body = tail("retry", &new_id());
    body["message"] = json!({ "id": new_id(), "content": "x" });
    assert_eq!(talk.post(&body).field_errors(), ["message unknown"]);
    let _ = talk.post(&json!({ "kind": "sing" })).problem(400, "malformed");
    assert_eq!(talk.lines(), ["assistant done: Hello."]);

    let long = "🗼".repeat(16_000);
    assert_eq!(talk.say(&long).status(), "done");
    assert_eq!(
        talk.lines()[1],
        format!("user done: {long}"),
        "the whole message is stored"
    );
}

#[test]
fn a_taken_id_is_a_conflict() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let first = talk.ask("[[count 1]]");
    let (said, replied) = (first.body["message"]["id"].clone(), json!(first.reply));
    let _ = first.stream.rest();
    let with_message = |id: &serde_json::Value| {
        let mut body = talk.send_body("x");
        body["message"]["id"] = id.clone();
        body
    };
    let with_reply = |id: &serde_json::Value| {
        let mut body = talk.send_body("x");
        body["reply_id"] = id.clone();
        body
    };
    for body in [
        with_message(&said),
        with_message(&replied),
        with_reply(&said),
        with_reply(&replied),
    ] {
        let answer = talk.post(&body);
        assert!((400..500).contains(&answer.status), "{}", answer.text());
        let _ = answer.problem(answer.status, "conflict");
    }
    let retry = json!({ "id": new_id(), "kind": "retry", "after": talk.head, "reply_id": replied });
    let _ = talk.post(&retry).problem(409, "conflict");
    assert_eq!(talk.lines().len(), 3);
    assert_eq!(
        talk.say("[[count 1]]").status(),
        "done",
        "the conversation can continue"
    );
}

#[test]
fn two_devices_follow_one_reply() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut here = talk.ask("[[hold]]");
    let _ = here.stream.until("one two ");
    let mut there = follow(&person, &here.id, None);
    let _ = there.until("one two ");
    holding.release();
    assert_eq!(here.stream.rest().end, there.rest().end);
}

#[test]
fn a_joining_reader_gets_the_event_number_of_the_stored_text() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    // Stored every three seconds.
    let stored = (0..80)
        .map(|_| {
            sleep(Duration::from_millis(100));
            talk.stored()
        })
        .find(|stored| stored["messages"][1]["content"] != "")
        .expect("a growing reply is stored");
    assert_eq!(stored["messages"][1]["content"], "one two ");
    let seq = stored["running"]["seq"].as_u64().unwrap();
    let joined = follow(&person, &asked.id, Some(seq));
    let from_the_start = follow(&person, &asked.id, None);
    holding.release();
    let joined = joined.rest();
    assert_eq!((joined.text().as_str(), joined.content()), ("", "one two "));
    let before: Vec<_> = from_the_start.rest().events;
    let before = before.iter().filter(|event| event.seq <= seq);
    let before: String = before.map(contract::Event::text).collect();
    assert_eq!(
        before, "one two ",
        "the stored text equals the deltas up to this number"
    );
}

#[test]
fn running_replies_of_a_user_are_limited() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let id = talk.id.clone();
    // Conversations with a running reply of an unknown process.
    let others = |heartbeat: &str, count: u32| {
        format!(
            "with talk as (select user_id, persona_id from conversations where id = '{id}'),
                 made as (insert into conversations (id, user_id, persona_id)
                     select gen_random_uuid(), user_id, persona_id from talk, generate_series(1, {count})
                     returning id, user_id)
             insert into generations (id, conversation_id, user_id, message_id, kind, heartbeat_at)
             select gen_random_uuid(), id, user_id, gen_random_uuid(), 'send', now() - interval '{heartbeat}' from made"
        )
    };
    let mut database = Client::connect(&contract::product().database, NoTls).unwrap();
    let mut run = |statement: String| database.execute(&statement, &[]).unwrap();
    // Lost ones do not count.
    run(others("1 hour", 5));
    run(others("1 second", REPLIES_AT_ONCE_MAX - 1));
    let asked = talk.ask("[[count 1]]");
    let body = asked.body.clone();
    assert_eq!(asked.stream.rest().status(), "done");
    run(others("1 second", 1));
    let refused = talk.post(&talk.send_body("[[count 1]]"));
    let problem = refused.problem(429, "too-many");
    assert!(problem["resets_at"].is_string(), "{problem}");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(talk.lines().len(), 2, "the refused one wrote nothing");
    let again = talk.call(&body).stream().rest();
    assert_eq!(again.status(), "done", "a repeated POST does not count");
}
