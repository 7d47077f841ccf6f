//! Ended sessions and deleted users: webhooks take effect at once, once, and in any order.

use std::thread::sleep;
use std::time::{Duration, Instant};

use contract::{Call, Person, product};
use postgres::{Client, NoTls};
use serde_json::{Value, json};

use crate::files::PNG;
use crate::routes::{ROUTES, Things};
use crate::webhooks::{deliver, name, now_s, renamed, send_event, signature};

/// The time limit of an erasure, which starts after the response to the webhook.
const ERASED_WITHIN: Duration = Duration::from_secs(30);

#[track_caller]
fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < ERASED_WITHIN,
            "not within {ERASED_WITHIN:?}: {what}"
        );
        sleep(Duration::from_millis(50));
    }
}

#[track_caller]
fn webhook(kind: &str, data: &Value) {
    let answer = send_event(kind, data);
    assert_eq!(answer.status, 204, "{kind}: {}", answer.text());
}

fn ended(session: &str) -> Value {
    json!({ "object": "session", "id": session, "status": "ended" })
}

fn database() -> Client {
    Client::connect(&product().database, NoTls).unwrap()
}

/// A token of another session of the same user.
fn second_session(person: &Person) -> String {
    let session = contract::person::control(
        "sessions",
        &json!({ "user_id": person.id, "origin": product().origin }),
    );
    session["jwt"].as_str().expect("a session has a token").to_owned()
}

#[test]
fn a_revoked_session_is_rejected_on_every_route_and_another_is_not() {
    let person = Person::new();
    let things = Things::of(&person);
    let other = second_session(&person);
    let seen = |template: &str| {
        Call::new("GET", &things.path(template))
            .bearer(&other)
            .send()
            .json_of(200)
    };
    let before = (
        seen("/api/personas/{persona}"),
        seen("/api/conversations/{conversation}"),
        seen("/api/dashboard"),
    );

    webhook("session.revoked", &ended(&person.session));
    for route in ROUTES {
        let answer = things.call(route).bearer(&person.token).send();
        assert_eq!(answer.status, 401, "{} {}: {}", route.0, route.1, answer.text());
        let _ = answer.problem(401, "unauthenticated");
    }
    let after = (
        seen("/api/personas/{persona}"),
        seen("/api/conversations/{conversation}"),
        seen("/api/dashboard"),
    );
    assert_eq!(after, before, "rejected requests have no effect");
}

#[test]
fn all_three_session_events_end_the_session() {
    for kind in ["session.ended", "session.removed", "session.revoked"] {
        let person = Person::new();
        let _ = person.get("/api/me").expect(200);
        webhook(kind, &ended(&person.session));
        let _ = person.get("/api/me").problem(401, "unauthenticated");
    }
}

#[test]
fn a_revoked_session_can_read_an_open_stream_to_its_end() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello." }));
    let mut asked = talk.ask("[[slow 40]]");
    let _ = asked.stream.until("1 ");
    webhook("session.removed", &ended(&person.session));

    let _ = talk.post(&asked.body).problem(401, "unauthenticated");
    let _ = asked.stop(&person, 0).problem(401, "unauthenticated");
    let events = person.get(&format!("/api/generations/{}/events", asked.id));
    let _ = events.problem(401, "unauthenticated");
    assert_eq!(
        asked.stream.rest().status(),
        "done",
        "a stream is authenticated when it starts"
    );
}

#[test]
fn a_delivery_is_applied_once_even_with_different_content() {
    let person = Person::new();
    let message = |later_ms: i64, name: &str| {
        json!({ "object": "event", "type": "user.updated", "data": renamed(&person, name, later_ms) })
            .to_string()
    };
    let send = |id: &str, body: &str| {
        let at_s = now_s();
        deliver(
            id,
            at_s,
            &signature(&product().webhook_secret, id, at_s, body),
            body,
        )
        .expect(204)
    };
    let id = format!("msg_{}", contract::new_id());
    let _ = send(&id, &message(1_000, "First"));
    assert_eq!(name(&person), "First");
    let _ = send(&id, &message(2_000, "Replayed"));
    assert_eq!(name(&person), "First");
    let _ = send(&format!("{id}_b"), &message(2_000, "Second"));
    assert_eq!(name(&person), "Second");
}

#[test]
fn events_without_an_id_are_malformed() {
    for (kind, data) in [
        ("user.deleted", json!({ "deleted": true })),
        ("user.deleted", json!({ "id": "org_1", "deleted": true })),
        ("session.revoked", json!({ "status": "revoked" })),
        ("session.ended", json!({ "id": 7 })),
    ] {
        let _ = send_event(kind, &data).problem(400, "malformed");
    }
}

/// The number of the user's rows in all tables.
fn rows(database: &mut Client, clerk_id: &str) -> i64 {
    let count = "with person as (select id from users where clerk_id = $1)
        select (select count(*) from files where user_id in (select id from person))
            + (select count(*) from personas where owner_id in (select id from person))
            + (select count(*) from conversations where user_id in (select id from person))
            + (select count(*) from messages where user_id in (select id from person))
            + (select count(*) from generations where user_id in (select id from person))";
    database.query_one(count, &[&clerk_id]).unwrap().get(0)
}

#[test]
fn a_deleted_user_is_erased_and_not_created_again() {
    let person = Person::new();
    webhook("user.created", &renamed(&person, "Ada", 1));
    let stays = Person::new();
    let kept = Things::of(&stays);
    let picture = person
        .call("POST", "/api/files")
        .body("image/png", PNG)
        .send()
        .json_of(201);
    let picture_url = picture["url"].as_str().unwrap().to_owned();
    let mut talk = person.talk(&json!({ "name": "Mira", "first_mes": "Hello.", "avatar_id": picture["id"] }));
    let _ = talk.say("[[count 3]]");
    let _ = person
        .delete(&format!("/api/personas/{}", talk.persona))
        .expect(204);
    let mut database = database();
    // A chain of more messages than one batch deletes.
    let long = "insert into messages (conversation_id, id, parent_id, user_id, role, content)
        select c.id, md5(c.id::text || n)::uuid, case when n > 1 then md5(c.id::text || (n - 1))::uuid end, c.user_id, 'user', 'x'
        from conversations c, generate_series(1, 1200) n where c.id = $1::text::uuid";
    assert_eq!(database.execute(long, &[&talk.id]).unwrap(), 1200);
    assert_eq!(Call::new("GET", &picture_url).send().status, 200);

    webhook(
        "user.deleted",
        &json!({ "object": "user", "id": person.id, "deleted": true }),
    );
    for route in ROUTES {
        let answer = kept.call(route).bearer(&person.token).send();
        assert_eq!(answer.status, 401, "{} {}: {}", route.0, route.1, answer.text());
    }
    // Late events, a repeated event, and the callback in another tab.
    webhook("user.updated", &renamed(&person, "Late", 60_000));
    webhook("user.created", &person.user);
    webhook(
        "user.deleted",
        &json!({ "object": "user", "id": person.id, "deleted": true }),
    );
    let _ = person.open("/auth/callback");
    eventually("rows are deleted", || rows(&mut database, &person.id) == 0);
    eventually("the picture is deleted", || {
        Call::new("GET", &picture_url).send().status == 404
    });
    let named =
        "select count(*) from users where clerk_id = $1 and (display_name <> '' or email is not null)";
    assert_eq!(
        database.query_one(named, &[&person.id]).unwrap().get::<_, i64>(0),
        0
    );

    // The next event of any user, at least a minute later, finishes the erasure.
    let aged = "update deleted_users set deleted_at = now() - interval '2 minutes', claimed_at = null where clerk_id = $1";
    assert_eq!(database.execute(aged, &[&person.id]).unwrap(), 1);
    webhook("session.ended", &ended("sess_unknown"));
    eventually("the user's row is deleted", || {
        let row = "select count(*) from users where clerk_id = $1";
        database.query_one(row, &[&person.id]).unwrap().get::<_, i64>(0) == 0
    });
    webhook("user.updated", &renamed(&person, "Later", 120_000));
    let answer = person.get("/api/me");
    let _ = answer.problem(401, "unauthenticated");
    assert_eq!(rows(&mut database, &person.id), 0);
    assert_eq!(
        stays.get(&kept.path("/api/personas/{persona}")).status,
        200,
        "other users are unaffected"
    );
}
