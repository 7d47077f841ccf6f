//! Cards are stored and returned byte for byte.

use contract::{Answer, Person, Talk};
use serde_json::Value;

/// Unknown fields at every level, unusual key order and numbers, a duplicate key, whitespace.
const RICH: &str = r#"{ "vendor" : [ [ 1.10, [ -0.0 ] ] ] , "2":1, "1":{"b":null,"a":1E+30},
    "character_book":{"x_book":[{}],"entries":[{"x_entry":{"b":1,"a":2},"keys":["k"],"content":"c",
    "id":123456789012345678901234567890,"extensions":{"depth":4.00,"x":[[]]}}],"extensions":{"z":null}},
    "extensions":{"talkativeness":0.50,"a/b":{"c":[true]}}, "assets":[{"x_asset":"\u00e9","type":"icon","uri":"ccdefault:"}],
    "alternate_greetings":["Other \u2028"], "first_mes":"Hi, {{user}}.", "creator":"Somebody", "name" : "Mira", "vendor":[ [ 1.10 ] ] }"#;

/// The text of the card, which is the last member of a persona.
fn card(answer: &Answer) -> String {
    let text = answer.text();
    let (_, card) = text.split_once("\"card\" : ").expect("a persona has a card");
    card.strip_suffix('}').expect("the card is last").to_owned()
}

fn post(person: &Person, card: &str) -> Answer {
    person
        .call("POST", "/api/personas")
        .body("application/json", format!("{{\"card\":{card}}}"))
        .send()
}

fn path(answer: &Answer) -> String {
    format!("/api/personas/{}", answer.json()["id"].as_str().unwrap())
}

#[test]
fn a_card_is_returned_byte_for_byte() {
    let person = Person::new();
    let created = post(&person, RICH).expect(201);
    assert_eq!(card(&created), RICH);
    let path = path(&created);
    assert_eq!(card(&person.get(&path).expect(200)), RICH);

    // Like the editor, changes one field.
    let edited = RICH.replace("\"Hi, {{user}}.\"", "\"Hello.\"");
    let body = format!("{{\"revision\":1,\"tagline\":\"T\",\"card\":{edited}}}");
    let saved = person
        .call("PUT", &path)
        .body("application/json", body)
        .send()
        .expect(200);
    assert_eq!(card(&saved), edited);
    assert_eq!(saved.json()["revision"], 2);
    let _ = person.delete(&path).expect(204);
    assert_eq!(card(&person.restore(&path).expect(200)), edited);
}

#[test]
fn unstorable_characters_are_removed_and_fields_of_other_types_are_converted() {
    let person = Person::new();
    let sent = r#"{"name":7,"k\u0000":"a\u0000b\\u0000","tags":"a, b","extensions":[],"x":"\ud800","description":null}"#;
    let stored =
        r#"{"name":"7","k":"ab\\u0000","tags":["a","b"],"extensions":{},"x":"\ufffd","description":""}"#;
    assert_eq!(card(&post(&person, sent).expect(201)), stored);
}

#[test]
fn errors_name_the_exceeded_limit_of_a_card() {
    let person = Person::new();
    let long = |bytes: usize| format!(r#"{{"name":"Long","x":"{}"}}"#, "x".repeat(bytes - 22));
    let largest = long(1_048_576);
    assert_eq!(card(&post(&person, &largest).expect(201)), largest);
    assert_eq!(post(&person, &long(1_048_577)).field_errors(), ["card too_long"]);
    let _ = post(&person, &long(1_048_576 + 16_384)).problem(413, "too-large");

    let deep = |levels: usize| {
        format!(
            r#"{{"name":"D","x":{}{}}}"#,
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    };
    assert_eq!(card(&post(&person, &deep(64)).expect(201)), deep(64));
    assert_eq!(post(&person, &deep(65)).field_errors(), ["card invalid"]);

    let lore = |entries: usize| {
        let entries = vec![r#"{"keys":[],"content":""}"#; entries].join(",");
        format!(r#"{{"name":"L","character_book":{{"entries":[{entries}]}}}}"#)
    };
    let _ = post(&person, &lore(3_000)).expect(201);
    assert_eq!(
        post(&person, &lore(3_001)).field_errors(),
        ["card.character_book.entries too_many"]
    );
}

#[test]
fn a_greeting_uses_the_nickname_and_is_limited() {
    let person = Person::known_as("Ada", "");
    let greeting = format!("I am {{{{char}}}}, {{{{user}}}}. {}", "<bot>".repeat(100_000));
    let created = person.persona(&serde_json::json!({
        "name": "Mira Quill", "nickname": "Mira", "first_mes": greeting, "x": { "y": 1.0 },
    }));
    let talk = Talk::open(&person, created["id"].as_str().unwrap());
    let stored: Value = talk.stored();
    let said = stored["messages"][0]["content"].as_str().unwrap();
    assert!(said.starts_with("I am Mira, Ada. MiraMira"), "{said:.40}");
    assert!(said.len() <= 262_144, "{}", said.len());
}
