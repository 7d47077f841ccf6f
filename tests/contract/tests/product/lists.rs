//! The lists of the dashboard: order, previews, counts, pages.

use contract::{Person, Talk, persona_body};
use serde_json::{Value, json};

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().expect("`items` is a list")
}

/// Reads all pages of a list. Returns their sizes and all items.
fn pages(person: &Person, path: &str) -> (Vec<usize>, Vec<Value>) {
    let (mut sizes, mut all, mut after) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}{after}")).json_of(200);
        sizes.push(items(&page).len());
        all.extend(items(&page).clone());
        let Some(next) = page["next"].as_str() else {
            return (sizes, all);
        };
        assert!(sizes.len() < 10, "the list has an end");
        let next = next.replace(' ', "%20").replace('+', "%2B").replace(':', "%3A");
        let mark = if path.contains('?') { '&' } else { '?' };
        after = format!("{mark}after={next}");
    }
}

#[test]
fn a_new_user_has_empty_lists() {
    let person = Person::new();
    let dashboard = person.get("/api/dashboard").json_of(200);
    let nothing = json!({ "items": [], "next": null });
    assert_eq!(
        (&dashboard["personas"], &dashboard["conversations"]),
        (&nothing, &nothing)
    );
}

#[test]
fn conversations_are_sorted_by_their_newest_message_and_show_it() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let id = persona["id"].as_str().unwrap();
    let mut older = Talk::open(&person, id);
    let newer = Talk::open(&person, id);
    let mut other = person.talk(&json!({ "name": "Nadir" }));
    let ids = |list: &Value| {
        items(list)
            .iter()
            .map(|one| one["id"].clone())
            .collect::<Vec<_>>()
    };
    let list = || person.get("/api/dashboard").json_of(200)["conversations"].clone();
    assert_eq!(ids(&list()), [json!(other.id), json!(newer.id), json!(older.id)]);
    assert_eq!(
        (&items(&list())[0]["preview"], &items(&list())[0]["messages"]),
        (&json!(""), &json!(0))
    );

    let _ = older.say("[[count 3]]");
    let long = "word ".repeat(100);
    let _ = other.say(&long);
    let list = list();
    assert_eq!(ids(&list), [json!(other.id), json!(older.id), json!(newer.id)]);
    let previews: Vec<_> = items(&list)
        .iter()
        .map(|one| one["preview"].as_str().unwrap().trim_end())
        .collect();
    assert_eq!(previews[1..], ["1 2 3", "Hello."]);
    assert!(
        previews[0].starts_with("You said: word") && previews[0].chars().count() <= 160,
        "{}",
        previews[0]
    );
    let counts: Vec<_> = items(&list)
        .iter()
        .map(|one| one["messages"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, [2, 3, 1]);

    let personas = person.get("/api/dashboard").json_of(200)["personas"].clone();
    let counted: Vec<_> = items(&personas)
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["conversations"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(counted, [("Nadir", 1), ("Mira", 2)], "newest change first");
    let of_one = person
        .get(&format!("/api/dashboard/conversations?persona_id={id}"))
        .json_of(200);
    assert_eq!(ids(&of_one), [json!(older.id), json!(newer.id)]);
}

#[test]
fn an_edited_persona_becomes_the_first() {
    let person = Person::new();
    let first = person.persona(&json!({ "name": "First", "tags": ["a"] }));
    let _ = person.persona(&json!({ "name": "Second" }));
    let path = format!("/api/personas/{}", first["id"].as_str().unwrap());
    let _ = person
        .put(
            &path,
            &persona_body(&json!({ "name": "First again", "tagline": "Edited", "tags": ["b"] })),
        )
        .expect(200);
    let page = person.get("/api/dashboard/personas").json_of(200);
    let names: Vec<_> = items(&page)
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["First again", "Second"]);
    assert_eq!(
        (&items(&page)[0]["tagline"], &items(&page)[0]["tags"]),
        (&json!("Edited"), &json!(["b"]))
    );
}

#[test]
fn pages_of_thirty_conversations_have_no_gaps_or_duplicates() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let id = persona["id"].as_str().unwrap();
    let mut opened: Vec<_> = (0..61).map(|_| json!(Talk::open(&person, id).id)).collect();
    let _ = person.talk(&json!({ "name": "Other" }));
    opened.reverse();
    let (sizes, all) = pages(&person, &format!("/api/dashboard/conversations?persona_id={id}"));
    assert_eq!(sizes, [30, 30, 1]);
    assert_eq!(
        all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(),
        opened
    );
    let (sizes, _) = pages(&person, "/api/dashboard/conversations");
    assert_eq!(sizes, [30, 30, 2]);
}

#[test]
fn pages_of_a_hundred_personas_have_no_gaps_or_duplicates() {
    let person = Person::new();
    let mut made: Vec<_> = (0..101)
        .map(|n| person.persona(&json!({ "name": format!("{n}") }))["id"].clone())
        .collect();
    made.reverse();
    let (sizes, all) = pages(&person, "/api/dashboard/personas");
    assert_eq!(sizes, [100, 1]);
    assert_eq!(all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), made);
}
