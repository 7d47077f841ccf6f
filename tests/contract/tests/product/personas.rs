//! Personas: create, edit, delete, take back.

use std::thread;

use contract::{Person, new_id};
use serde_json::{Value, json};

fn path(persona: &Value) -> String {
    format!("/api/personas/{}", persona["id"].as_str().unwrap())
}

fn names(person: &Person) -> Vec<String> {
    let page = person.get("/api/dashboard/personas").json_of(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

fn all_fields(name: &str) -> Value {
    json!({
        "name": name,
        "tagline": "Keeps a lighthouse nobody needs",
        "description": "{{char}} is 71.\n\nLine two, with \"quotes\", a tab\t and an emoji 🗼.",
        "personality": "  Dry, patient  ",
        "scenario": "{{user}} seeks shelter.",
        "greeting": "*opens the door* {{user}}?",
        "example_dialogue": "<START>\n{{user}}: Windy?\n{{char}}: A breeze.",
        "system_prompt": "{{original}} Be brief.",
        "post_history_instructions": "Never break character.",
        "tags": ["sea", "old"],
    })
}

#[test]
fn a_name_is_all_it_takes() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "  Mira " }));
    assert_eq!(persona["name"], "Mira", "blanks around a name are dropped");
    assert_eq!(persona["revision"], 1);
    for empty in [
        "tagline",
        "description",
        "personality",
        "scenario",
        "greeting",
        "example_dialogue",
        "system_prompt",
        "post_history_instructions",
    ] {
        assert_eq!(persona[empty], "", "{empty}");
    }
    assert_eq!(
        (&persona["tags"], &persona["avatar_id"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(person.get(&path(&persona)).json_of(200), persona);
    assert_eq!(names(&person), ["Mira"]);
}

#[test]
fn what_was_typed_is_kept_as_it_was_typed() {
    let person = Person::new();
    let typed = all_fields("Mira 🗼 O’Neill");
    let persona = person.persona(&typed);
    let stored = person.get(&path(&persona)).json_of(200);
    for (name, value) in typed.as_object().unwrap() {
        assert_eq!(&stored[name], value, "{name}");
    }
    let tagged = person.persona(&json!({ "name": "T", "tags": [" Sea ", "sea", "", "Deep   Sea", "ÉTÉ"] }));
    assert_eq!(tagged["tags"], json!(["sea", "deep sea", "été"]));
}

/// Every text with its limit in characters.
const LIMITS: [(&str, usize); 9] = [
    ("name", 120),
    ("tagline", 160),
    ("description", 32_000),
    ("personality", 32_000),
    ("scenario", 32_000),
    ("greeting", 8_000),
    ("example_dialogue", 32_000),
    ("system_prompt", 32_000),
    ("post_history_instructions", 32_000),
];

#[test]
fn one_character_too_many_is_said_at_its_field_and_one_less_is_taken() {
    let person = Person::new();
    // Characters are code points, not bytes and not UTF-16 units.
    for letter in ["a", "🗼"] {
        for (field, max) in LIMITS {
            let mut fields = json!({ "name": "Mira" });
            fields[field] = letter.repeat(max).into();
            let persona = person.persona(&fields);
            assert_eq!(persona[field].as_str().unwrap().chars().count(), max, "{field}");
            fields[field] = letter.repeat(max + 1).into();
            let expected = [format!("{field} too_long")];
            assert_eq!(person.post("/api/personas", &fields).field_errors(), expected);
            assert_eq!(person.put(&path(&persona), &fields).field_errors(), expected);
        }
    }
}

#[test]
fn tags_have_limits_of_their_own() {
    let person = Person::new();
    let tags = |count: usize| (0..count).map(|n| format!("tag {n}")).collect::<Vec<_>>();
    let refused = |tags: Value| {
        person
            .post("/api/personas", &json!({ "name": "Mira", "tags": tags }))
            .field_errors()
    };
    let _ = person.persona(&json!({ "name": "Mira", "tags": tags(24) }));
    assert_eq!(refused(json!(tags(25))), ["tags too_many"]);
    let _ = person.persona(&json!({ "name": "Mira", "tags": ["a".repeat(40)] }));
    assert_eq!(refused(json!(["fine", "a".repeat(41)])), ["tags.1 too_long"]);
}

#[test]
fn every_mistake_is_said_at_once() {
    let person = Person::new();
    let fields = json!({
        "name": "   ", "tagline": "a".repeat(161), "greeting": "a".repeat(8_001),
        "description": "holds \u{0}", "tags": ["ok", "a".repeat(41), "b\u{0}"],
    });
    let errors = person.post("/api/personas", &fields).field_errors();
    assert_eq!(
        errors,
        [
            "description invalid",
            "greeting too_long",
            "name required",
            "tagline too_long",
            "tags.1 too_long",
            "tags.2 invalid"
        ]
    );
    assert_eq!(
        person.post("/api/personas", &json!({})).field_errors(),
        ["name required"]
    );
    assert!(names(&person).is_empty());
}

#[test]
fn a_repeated_post_is_the_same_post() {
    let person = Person::new();
    let body = json!({ "id": new_id(), "name": "Mira" });
    let first = person.post("/api/personas", &body).json_of(201);
    assert_eq!(first["id"], body["id"]);
    assert_eq!(person.post("/api/personas", &body).json_of(201), first);
    let answers: Vec<_> = thread::scope(|scope| {
        let racing = json!({ "id": new_id(), "name": "Racer" });
        let posts: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn({
                    let (person, body) = (&person, racing.clone());
                    move || person.post("/api/personas", &body)
                })
            })
            .collect();
        posts
            .into_iter()
            .map(|post| post.join().unwrap().json_of(201))
            .collect()
    });
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(names(&person), ["Racer", "Mira"]);
}

#[test]
fn an_edit_is_a_new_revision_and_an_edit_of_an_old_one_is_refused() {
    let person = Person::new();
    let persona = person.persona(&all_fields("Mira"));
    let path = path(&persona);
    let mut edit = all_fields("Mira Two");
    edit["revision"] = 1.into();
    edit["id"] = new_id().into();
    let saved = person.put(&path, &edit).json_of(200);
    assert_eq!(
        (&saved["id"], &saved["revision"], &saved["name"]),
        (&persona["id"], &json!(2), &json!("Mira Two"))
    );
    assert_eq!(saved["created_at"], persona["created_at"]);
    assert_ne!(saved["updated_at"], persona["updated_at"]);

    let _ = person.put(&path, &edit).problem(409, "stale");
    assert_eq!(
        person.get(&path).json_of(200),
        saved,
        "a refused edit changes nothing"
    );
    let overwritten = person.put(&path, &json!({ "name": "Mira Three" })).json_of(200);
    assert_eq!(
        (&overwritten["revision"], &overwritten["description"]),
        (&json!(3), &json!(""))
    );
    assert_eq!(
        person.put(&path, &json!({ "name": "" })).field_errors(),
        ["name required"]
    );
}

#[test]
fn of_two_edits_of_one_revision_one_is_saved() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira" }));
    let path = path(&persona);
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let edits: Vec<_> = (0..4)
            .map(|n| {
                let (person, path) = (&person, &path);
                scope.spawn(move || {
                    person
                        .put(path, &json!({ "name": format!("Mira {n}"), "revision": 1 }))
                        .status
                })
            })
            .collect();
        edits.into_iter().map(|edit| edit.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert_eq!(person.get(&path).json_of(200)["revision"], 2);
}

#[test]
fn a_deleted_persona_is_gone_until_it_is_taken_back() {
    let person = Person::new();
    let persona = person.persona(&all_fields("Mira"));
    let path = path(&persona);
    for _ in 0..2 {
        let deleted = person.delete(&path).expect(204);
        assert!(deleted.body.is_empty());
    }
    let _ = person.get(&path).problem(404, "not-found");
    let _ = person
        .put(&path, &json!({ "name": "Mira" }))
        .problem(404, "not-found");
    let _ = person
        .post(
            "/api/conversations",
            &json!({ "id": new_id(), "persona_id": persona["id"] }),
        )
        .problem(404, "not-found");
    assert!(names(&person).is_empty());

    for _ in 0..2 {
        assert_eq!(person.restore(&path).json_of(200), persona);
    }
    assert_eq!(person.get(&path).json_of(200), persona);
    assert_eq!(names(&person), ["Mira"]);
}
