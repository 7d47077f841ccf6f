//! Conversations: greeting, history, delete, restore.

use contract::{Person, Talk, new_id, persona_body};
use serde_json::{Value, json};

#[test]
fn the_greeting_is_the_first_message_with_both_names() {
    let person = Person::known_as("Ada", "Lovelace");
    let persona = person.persona(&json!({
        "name": "Mira", "tagline": "Keeps a lighthouse",
        "first_mes": "*waves* {{user}}? I am {{char}}. <USER> and <BOT>.",
    }));
    let talk = Talk::open(&person, persona["id"].as_str().unwrap());
    let stored = talk.stored();
    assert_eq!(
        talk.lines(),
        ["assistant done: *waves* Ada Lovelace? I am Mira. Ada Lovelace and Mira."]
    );
    let expected = json!({ "id": persona["id"], "name": "Mira", "tagline": "Keeps a lighthouse", "avatar_id": null, "deleted": false });
    assert_eq!(stored["persona"], expected);
    assert_eq!(
        (&stored["has_earlier"], &stored["running"]),
        (&json!(false), &Value::Null)
    );
}

#[test]
fn a_user_without_a_name_is_called_user() {
    let person = Person::new();
    let talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello, {{user}}." }));
    assert_eq!(talk.lines(), ["assistant done: Hello, User."]);
}

#[test]
fn without_a_greeting_a_conversation_starts_empty() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    assert!(talk.lines().is_empty());
    assert_eq!(talk.say("[[count 2]]").content().trim_end(), "1 2");
    assert_eq!(talk.lines().len(), 2);
}

#[test]
fn an_edit_of_the_greeting_leaves_existing_conversations_unchanged() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "First words." }));
    let id = persona["id"].as_str().unwrap();
    let old = Talk::open(&person, id);
    let _ = person
        .put(
            &format!("/api/personas/{id}"),
            &persona_body(&json!({ "name": "Mira", "first_mes": "Other words." })),
        )
        .expect(200);
    assert_eq!(old.lines(), ["assistant done: First words."]);
    assert_eq!(Talk::open(&person, id).lines(), ["assistant done: Other words."]);
}

#[test]
fn a_repeated_post_is_idempotent() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let body = json!({ "id": new_id(), "persona_id": persona["id"] });
    let first = person.post("/api/conversations", &body).json_of(201);
    assert_eq!(person.post("/api/conversations", &body).json_of(201), first);
    let list = person.get("/api/dashboard/conversations").json_of(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["messages"], 1);
}

#[test]
fn a_deleted_conversation_is_not_found_until_it_is_restored() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let _ = talk.say("[[count 2]]");
    let path = format!("/api/conversations/{}", talk.id);
    let before = talk.stored();
    for _ in 0..2 {
        let _ = person.delete(&path).expect(204);
    }
    let _ = person.get(&path).problem(404, "not-found");
    let _ = talk
        .post(&talk.send_body("still there?"))
        .problem(404, "not-found");
    assert_eq!(
        person.get("/api/dashboard").json_of(200)["conversations"]["items"],
        json!([])
    );
    for _ in 0..2 {
        let _ = person.restore(&path).expect(204);
    }
    assert_eq!(talk.stored(), before);
}

#[test]
fn a_conversation_with_a_deleted_persona_is_read_only() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let _ = talk.say("[[count 2]]");
    let _ = person
        .delete(&format!("/api/personas/{}", talk.persona))
        .expect(204);
    assert_eq!(talk.stored()["persona"]["deleted"], true);
    assert_eq!(talk.lines().len(), 3);
    let _ = talk.post(&talk.send_body("still there?")).problem(410, "gone");
    let summary = person.get("/api/dashboard").json_of(200)["conversations"]["items"][0].clone();
    assert_eq!(
        (&summary["persona"]["name"], &summary["persona"]["deleted"]),
        (&json!("Mira"), &json!(true))
    );

    let _ = person
        .restore(&format!("/api/personas/{}", talk.persona))
        .expect(200);
    assert_eq!(talk.say("[[count 1]]").status(), "done");
}

#[test]
fn a_page_has_fifty_messages() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    for n in 0..26 {
        assert_eq!(talk.say(&format!("[[count 1]] {n}")).status(), "done");
    }
    let newest = talk.stored();
    let messages = newest["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &newest["has_earlier"]), (50, &json!(true)));
    assert_eq!(messages[49]["id"].as_str(), talk.head.as_deref());

    let first = messages[0]["id"].as_str().unwrap();
    let path = format!("/api/conversations/{}?before=", talk.id);
    let earlier = person.get(&format!("{path}{first}")).json_of(200);
    let mut all = contract::talk::lines(&earlier);
    assert_eq!((all.len(), &earlier["has_earlier"]), (3, &json!(false)));
    all.extend(contract::talk::lines(&newest));
    let mut expected = vec!["assistant done: Hello.".to_owned()];
    expected.extend((0..26).flat_map(|n| {
        [
            format!("user done: [[count 1]] {n}"),
            "assistant done: 1 ".to_owned(),
        ]
    }));
    let trimmed = |lines: Vec<String>| {
        lines
            .into_iter()
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(trimmed(all), trimmed(expected));

    let greeting = earlier["messages"][0]["id"].as_str().unwrap();
    let before_all = person.get(&format!("{path}{greeting}")).json_of(200);
    assert_eq!(
        (&before_all["messages"], &before_all["has_earlier"]),
        (&json!([]), &json!(false))
    );
    let unknown = person.get(&format!("{path}{}", new_id()));
    assert!(unknown.status < 500, "{}", unknown.text());
}
