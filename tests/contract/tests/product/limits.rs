//! Limits per user: parallel requests cannot exceed them, and the problem says what to delete or when to retry.

use std::thread;

use contract::{Answer, Person, new_id, product};
use postgres::{Client, NoTls};
use serde_json::{Value, json};

use crate::files::PNG;

/// `api::limits`.
const PERSONAS_MAX: i64 = 5_000;
const CONVERSATIONS_MAX: i64 = 10_000;
const FILES_BYTES_MAX: i64 = 200 * 1_048_576;
const UPLOADS_A_DAY_MAX: i64 = 100;

fn database() -> Client {
    Client::connect(&product().database, NoTls).unwrap()
}

/// A user with a row in the database.
fn stored_user() -> Person {
    let person = Person::new();
    let _ = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    person
}

/// Runs a statement with the user's Clerk id as `$1` and a number as `$2`.
fn fill(person: &Person, statement: &str, number: i64) {
    let rows = database().execute(statement, &[&person.id, &number]).unwrap();
    assert!(rows > 0);
}

fn upload(person: &Person) -> Answer {
    person.call("POST", "/api/files").body("image/png", PNG).send()
}

#[track_caller]
fn limit_reached(answer: &Answer) -> Value {
    let problem = answer.problem(402, "limit-reached");
    assert_eq!(problem.get("resets_at"), None, "it does not reset: {problem}");
    problem
}

/// Sends `count` requests in parallel; returns how many succeed.
fn successes(count: usize, send: impl Fn() -> Answer + Sync) -> usize {
    let statuses: Vec<u16> = thread::scope(|scope| {
        let sent: Vec<_> = (0..count).map(|_| scope.spawn(|| send().status)).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(
        statuses.iter().all(|status| [201, 402].contains(status)),
        "{statuses:?}"
    );
    statuses.iter().filter(|status| **status == 201).count()
}

#[test]
fn parallel_requests_cannot_exceed_the_limit_of_personas() {
    let person = stored_user();
    let fields = json!({ "id": new_id(), "name": "First" });
    let first = person.persona(&fields);
    let made = "insert into personas (id, owner_id, name) select gen_random_uuid(), u.id, 'Made'
        from users u, generate_series(1, $2::bigint) where u.clerk_id = $1";
    fill(&person, made, PERSONAS_MAX - 4);
    let create = || person.post("/api/personas", &json!({ "card": { "name": "One more" } }));
    assert_eq!(successes(12, create), 2, "two are left");
    let problem = limit_reached(&create());
    assert!(problem["detail"].as_str().unwrap().contains("5000"), "{problem}");

    assert_eq!(
        person.persona(&fields)["id"],
        first["id"],
        "a repeated POST does not count"
    );
    let path = format!("/api/personas/{}", first["id"].as_str().unwrap());
    let _ = person.delete(&path).expect(204);
    assert_eq!(create().status, 201);
    let _ = limit_reached(&person.restore(&path));
}

#[test]
fn parallel_requests_cannot_exceed_the_limit_of_conversations() {
    let person = stored_user();
    let persona = person.get("/api/dashboard/personas").json_of(200)["items"][0]["id"].clone();
    let made = "insert into conversations (id, user_id, persona_id) select gen_random_uuid(), u.id, p.id
        from users u join personas p on p.owner_id = u.id, generate_series(1, $2::bigint) where u.clerk_id = $1";
    fill(&person, made, CONVERSATIONS_MAX - 2);
    let id = new_id();
    let open = |id: &str| person.post("/api/conversations", &json!({ "id": id, "persona_id": persona }));
    let _ = open(&id).expect(201);
    assert_eq!(successes(8, || open(&new_id())), 1, "one is left");
    let _ = limit_reached(&open(&new_id()));

    let _ = open(&id).expect(201);
    let path = format!("/api/conversations/{id}");
    let _ = person.delete(&path).expect(204);
    assert_eq!(open(&new_id()).status, 201);
    let _ = limit_reached(&person.restore(&path));
}

#[test]
fn an_upload_is_allowed_again_when_the_oldest_is_a_day_old() {
    let person = stored_user();
    let made = "insert into files (id, user_id, mime, bytes, width, height, created_at)
        select gen_random_uuid(), u.id, 'image/png', 1, 1, 1, now() - interval '23 hours 59 minutes' + n * interval '1 minute'
        from users u, generate_series(0, $2::bigint - 1) n where u.clerk_id = $1";
    fill(&person, made, UPLOADS_A_DAY_MAX);
    let answer = upload(&person);
    let problem = answer.problem(429, "too-many");
    let after_s: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&after_s), "{after_s}");
    assert!(
        problem["resets_at"].as_str().unwrap().starts_with("20"),
        "{problem}"
    );

    let aged = "update files f set created_at = f.created_at - interval '2 minutes' from users u
        where u.clerk_id = $1 and f.user_id = u.id and $2::bigint > 0";
    fill(&person, aged, 1);
    let _ = upload(&person).expect(201);
}

#[test]
fn the_total_size_of_a_users_pictures_is_limited() {
    let person = stored_user();
    let made = "insert into files (id, user_id, mime, bytes, width, height, created_at)
        select gen_random_uuid(), u.id, 'image/png', 5242880, 1, 1, now() - interval '2 days'
        from users u, generate_series(1, $2::bigint) where u.clerk_id = $1";
    fill(&person, made, FILES_BYTES_MAX / 5_242_880);
    let problem = limit_reached(&upload(&person));
    assert!(
        problem["detail"].as_str().unwrap().contains("200 MB"),
        "{problem}"
    );
}

#[test]
fn another_users_id_is_not_found() {
    let (owner, stranger) = (stored_user(), stored_user());
    let persona = owner.persona(&json!({ "id": new_id(), "name": "Mira" }));
    let mine = json!({ "id": persona["id"], "card": { "name": "Mine" } });
    let answer = stranger.post("/api/personas", &mine);
    let problem = answer.problem(404, "not-found");
    assert_eq!(problem["detail"], "There is no such persona here.");
    let own = stranger.get("/api/dashboard/personas").json_of(200)["items"][0]["id"].clone();
    let conversation = json!({ "id": new_id(), "persona_id": persona["id"] });
    let _ = owner.post("/api/conversations", &conversation).expect(201);
    let taken = json!({ "id": conversation["id"], "persona_id": own });
    let answer = stranger.post("/api/conversations", &taken);
    let _ = answer.problem(404, "not-found");
}

#[test]
fn a_page_of_messages_is_limited_in_bytes_and_no_message_is_left_out() {
    let person = Person::new();
    let talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let greeting = talk.head.clone().unwrap();
    // Twelve messages of half a megabyte behind the greeting; a page holds two megabytes.
    let said = "insert into messages (conversation_id, id, parent_id, user_id, role, content)
        select c.id, md5(c.id::text || n)::uuid,
            case when n > 1 then md5(c.id::text || (n - 1))::uuid else $2::text::uuid end,
            c.user_id, 'user', repeat('x', 500000)
        from conversations c, generate_series(1, 12) n where c.id = $1::text::uuid";
    let shown = "update conversations set head_id = md5(id::text || 12)::uuid where id = $1::text::uuid";
    let mut database = database();
    assert_eq!(database.execute(said, &[&talk.id, &greeting]).unwrap(), 12);
    assert_eq!(database.execute(shown, &[&talk.id]).unwrap(), 1);

    let (mut sizes, mut before) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/conversations/{}{before}", talk.id);
        let page = person.get(&path).json_of(200);
        let messages = page["messages"].as_array().unwrap();
        sizes.push(messages.len());
        before = format!("?before={}", messages[0]["id"].as_str().unwrap());
        if page["has_earlier"] == json!(false) {
            break;
        }
    }
    assert_eq!(sizes, [4, 4, 5]);
}
