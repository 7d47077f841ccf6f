//! Personas: create, edit, delete, restore.

use std::thread;

use contract::{Answer, Person, new_id, persona_body};
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

fn post(person: &Person, fields: &Value) -> Answer {
    person.post("/api/personas", &persona_body(fields))
}

fn all_fields(name: &str) -> Value {
    json!({
        "name": name,
        "tagline": "Keeps a lighthouse nobody needs",
        "description": "{{char}} is 71.\n\nLine two, with \"quotes\", a tab\t and an emoji 🗼.",
        "personality": "  Dry, patient  ",
        "scenario": "{{user}} seeks shelter.",
        "first_mes": "*opens the door* {{user}}?",
        "mes_example": "<START>\n{{user}}: Windy?\n{{char}}: A breeze.",
        "system_prompt": "{{original}} Be brief.",
        "post_history_instructions": "Never break character.",
        "tags": ["sea", "old"],
    })
}

#[test]
fn only_the_name_is_required() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "  Mira " }));
    assert_eq!(persona["card"], json!({ "name": "  Mira " }));
    assert_eq!(persona["revision"], 1);
    assert_eq!(
        (&persona["tagline"], &persona["avatar_id"]),
        (&json!(""), &Value::Null)
    );
    assert_eq!(person.get(&path(&persona)).json_of(200), persona);
    assert_eq!(names(&person), ["Mira"], "lists show the trimmed name");
}

#[test]
fn text_is_stored_unchanged() {
    let person = Person::new();
    let typed = persona_body(&all_fields("Mira 🗼 O’Neill"));
    let persona = person.post("/api/personas", &typed).json_of(201);
    let stored = person.get(&path(&persona)).json_of(200);
    for name in ["tagline", "card"] {
        assert_eq!(stored[name], typed[name], "{name}");
    }
}

#[test]
fn the_limit_of_the_tagline_counts_code_points() {
    let person = Person::new();
    for letter in ["a", "🗼"] {
        let mut fields = json!({ "name": "Mira", "tagline": letter.repeat(160) });
        let persona = person.persona(&fields);
        assert_eq!(persona["tagline"].as_str().unwrap().chars().count(), 160);
        fields["tagline"] = letter.repeat(161).into();
        let body = persona_body(&fields);
        for answer in [post(&person, &fields), person.put(&path(&persona), &body)] {
            assert_eq!(answer.field_errors(), ["tagline too_long"]);
        }
    }
}

#[test]
fn lists_truncate_the_name_and_tags_and_the_card_keeps_them() {
    let person = Person::new();
    let tags: Vec<String> = (0..40)
        .map(|n| format!(" Tag  {n} {}", "🗼".repeat(50)))
        .collect();
    let card = json!({ "name": "🗼".repeat(500), "tags": tags, "description": "a".repeat(100_000) });
    let persona = person.persona(&card);
    assert_eq!(persona["card"], card);
    let listed = person.get("/api/dashboard").json_of(200)["personas"]["items"][0].clone();
    let chars = |value: &Value| value.as_str().unwrap().chars().count();
    assert_eq!(chars(&listed["name"]), 120);
    let listed_tags = listed["tags"].as_array().unwrap();
    assert_eq!(listed_tags.len(), 24);
    assert!(listed_tags.iter().all(|tag| chars(tag) == 40), "{listed_tags:?}");

    let tags = json!([" Sea ", "sea", "", "Deep   Sea", "ÉTÉ"]);
    let odd = person.persona(&json!({ "name": "T", "tags": tags }));
    let page = person.get("/api/dashboard/personas").json_of(200);
    assert_eq!(page["items"][0]["tags"], json!(["sea", "deep sea", "été"]));
    assert_eq!(odd["card"]["tags"], tags);
}

#[test]
fn all_invalid_fields_are_reported() {
    let person = Person::new();
    let fields = json!({
        "name": "   ", "tagline": "a\u{0}", "description": [], "tags": ["ok", {}], "extensions": 7,
    });
    assert_eq!(
        post(&person, &fields).field_errors(),
        [
            "card.description invalid",
            "card.extensions invalid",
            "card.name required",
            "card.tags invalid",
            "tagline invalid"
        ]
    );
    for body in [
        json!({}),
        json!({ "card": {} }),
        json!({ "card": { "name": null } }),
    ] {
        assert_eq!(
            person.post("/api/personas", &body).field_errors(),
            ["card.name required"]
        );
    }
    for card in [json!([]), json!("Mira"), Value::Null] {
        let answer = person.post("/api/personas", &json!({ "card": card }));
        assert_eq!(answer.field_errors(), ["card invalid"]);
    }
    assert!(names(&person).is_empty());
}

#[test]
fn a_repeated_post_is_idempotent() {
    let person = Person::new();
    let body = persona_body(&json!({ "id": new_id(), "name": "Mira" }));
    let first = person.post("/api/personas", &body).json_of(201);
    assert_eq!(first["id"], body["id"]);
    assert_eq!(person.post("/api/personas", &body).json_of(201), first);
    let answers: Vec<_> = thread::scope(|scope| {
        let racing = persona_body(&json!({ "id": new_id(), "name": "Racer" }));
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
fn an_edit_increments_the_revision_and_an_edit_of_an_old_one_is_stale() {
    let person = Person::new();
    let persona = person.persona(&all_fields("Mira"));
    let path = path(&persona);
    let mut edit = persona_body(&all_fields("Mira Two"));
    edit["revision"] = 1.into();
    edit["id"] = new_id().into();
    let saved = person.put(&path, &edit).json_of(200);
    assert_eq!(
        (&saved["id"], &saved["revision"], &saved["card"]["name"]),
        (&persona["id"], &json!(2), &json!("Mira Two"))
    );
    assert_eq!(saved["created_at"], persona["created_at"]);
    assert_ne!(saved["updated_at"], persona["updated_at"]);

    let _ = person.put(&path, &edit).problem(409, "stale");
    assert_eq!(
        person.get(&path).json_of(200),
        saved,
        "a stale edit changes nothing"
    );
    let third = persona_body(&json!({ "name": "Mira Three" }));
    let overwritten = person.put(&path, &third).json_of(200);
    assert_eq!(
        (&overwritten["revision"], &overwritten["card"]),
        (&json!(3), &third["card"])
    );
    assert_eq!(
        person
            .put(&path, &persona_body(&json!({ "name": "" })))
            .field_errors(),
        ["card.name required"]
    );
}

#[test]
fn one_of_several_parallel_edits_of_a_revision_is_saved() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira" }));
    let path = path(&persona);
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let edits: Vec<_> = (0..4)
            .map(|n| {
                let (person, path) = (&person, &path);
                scope.spawn(move || {
                    let body = persona_body(&json!({ "name": format!("Mira {n}"), "revision": 1 }));
                    person.put(path, &body).status
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
fn a_deleted_persona_is_not_found_until_it_is_restored() {
    let person = Person::new();
    let persona = person.persona(&all_fields("Mira"));
    let path = path(&persona);
    for _ in 0..2 {
        let deleted = person.delete(&path).expect(204);
        assert!(deleted.body.is_empty());
    }
    let _ = person.get(&path).problem(404, "not-found");
    let _ = person
        .put(&path, &persona_body(&json!({ "name": "Mira" })))
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
