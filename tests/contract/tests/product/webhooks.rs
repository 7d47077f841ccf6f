//! `POST /auth/webhooks/clerk`: events of Clerk, signed like Svix.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::{Answer, Call, Person, product};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const PATH: &str = "/auth/webhooks/clerk";

pub fn now_s() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

pub fn signature(secret: &str, id: &str, at_s: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{at_s}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

pub fn deliver(id: &str, at_s: i64, signature: &str, body: &str) -> Answer {
    Call::new("POST", PATH)
        .header("svix-id", id)
        .header("svix-timestamp", at_s.to_string())
        .header("svix-signature", signature)
        .body("application/json", body)
        .send()
}

/// Sends an event with a valid signature.
pub fn send_event(kind: &str, data: &Value) -> Answer {
    let body = json!({ "object": "event", "type": kind, "data": data }).to_string();
    let (id, at_s) = (format!("msg_{}", contract::new_id()), now_s());
    deliver(
        &id,
        at_s,
        &signature(&product().webhook_secret, &id, at_s, &body),
        &body,
    )
}

/// The user object after a change of the name.
pub fn renamed(person: &Person, name: &str, later_ms: i64) -> Value {
    let mut user = person.user.clone();
    user["first_name"] = name.into();
    user["last_name"] = Value::Null;
    user["updated_at"] = (user["updated_at"].as_i64().unwrap() + later_ms).into();
    user
}

pub fn name(person: &Person) -> String {
    person.get("/api/me").json_of(200)["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_signed_event_is_applied_and_a_second_delivery_is_not() {
    let person = Person::new();
    let body = json!({ "object": "event", "type": "user.created", "data": renamed(&person, "Grace", 1) })
        .to_string();
    let (id, at_s) = (format!("msg_{}", contract::new_id()), now_s());
    let signature = signature(&product().webhook_secret, &id, at_s, &body);
    for _ in 0..2 {
        let answer = deliver(&id, at_s, &signature, &body);
        assert!((200..300).contains(&answer.status), "{}", answer.text());
        assert_eq!(name(&person), "Grace");
    }
    let several = format!("v1,{} {signature} v2,x", STANDARD.encode([7; 32]));
    assert!(
        deliver(&id, at_s, &several, &body).status < 300,
        "one of several signatures is enough"
    );
}

#[test]
fn an_older_event_never_overwrites_a_newer_one() {
    let person = Person::new();
    assert!(send_event("user.updated", &renamed(&person, "Newer", 2_000)).status < 300);
    assert!(
        send_event("user.updated", &renamed(&person, "Older", 1_000)).status < 300,
        "it is accepted without effect"
    );
    assert_eq!(name(&person), "Newer");
}

#[test]
fn an_event_without_a_valid_signature_is_rejected() {
    let person = Person::new();
    let body =
        json!({ "object": "event", "type": "user.updated", "data": renamed(&person, "Mallory", 1_000) })
            .to_string();
    let (id, now, secret) = ("msg_1", now_s(), &product().webhook_secret);
    let good = |at_s: i64| signature(secret, id, at_s, &body);
    let other_secret = format!("whsec_{}", STANDARD.encode(b"another secret with 32 bytes 123"));
    let table = [
        (
            "a tampered body",
            deliver(id, now, &good(now), &body.replace("Mallory", "Malory")),
        ),
        ("another id", deliver("msg_2", now, &good(now), &body)),
        ("another time", deliver(id, now - 1, &good(now), &body)),
        (
            "a replay after an hour",
            deliver(id, now - 3_600, &good(now - 3_600), &body),
        ),
        (
            "a future time",
            deliver(id, now + 3_600, &good(now + 3_600), &body),
        ),
        (
            "another secret",
            deliver(id, now, &signature(&other_secret, id, now, &body), &body),
        ),
        (
            "another version",
            deliver(id, now, &good(now).replace("v1,", "v2,"), &body),
        ),
        ("no signature", deliver(id, now, "", &body)),
        ("garbage", deliver(id, now, "garbage", &body)),
        (
            "no headers at all",
            Call::new("POST", PATH)
                .body("application/json", body.clone())
                .send(),
        ),
    ];
    for (what, answer) in table {
        assert!(
            [400, 401].contains(&answer.status),
            "{what}: {} {}",
            answer.status,
            answer.text()
        );
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{what}"
        );
    }
    assert_ne!(name(&person), "Mallory");
}

#[test]
fn unknown_events_are_accepted_and_malformed_ones_are_not() {
    let accepted = send_event(
        "session.created",
        &json!({ "id": "sess_1", "anything": [1, 2, 3] }),
    );
    assert!((200..300).contains(&accepted.status), "{}", accepted.text());
    let accepted = send_event("unknown.event", &json!(null));
    assert!((200..300).contains(&accepted.status), "{}", accepted.text());

    for body in [
        "",
        "{",
        "[]",
        "\"text\"",
        r#"{"type":"user.created"}"#,
        r#"{"type":"user.created","data":7}"#,
    ] {
        let (id, at_s) = ("msg_1", now_s());
        let answer = deliver(
            id,
            at_s,
            &signature(&product().webhook_secret, id, at_s, body),
            body,
        );
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
    }
    for user in [
        json!({}),
        json!({ "id": "not a user" }),
        json!({ "id": "user_1", "first_name": "\u{0}" }),
    ] {
        let answer = send_event("user.created", &user);
        assert!(answer.status < 500, "{user}: {} {}", answer.status, answer.text());
    }
}

#[test]
fn unusual_accounts_are_stored() {
    let stars = "\u{1f600}".repeat(5_000);
    for (first, last, expected) in [
        (Value::Null, Value::Null, String::new()),
        (Value::Null, json!("Lune"), "Lune".to_owned()),
        (json!(stars), Value::Null, "\u{1f600}".repeat(200)),
        (
            json!("Ann\u{200b}\u{0}"),
            json!("B\n{{char}}"),
            "Ann\u{200b} B {{char}}".to_owned(),
        ),
    ] {
        let person = Person::new();
        let mut user = renamed(&person, "x", 1);
        user["first_name"] = first;
        user["last_name"] = last;
        user["username"] = Value::Null;
        let _ = send_event("user.created", &user).expect(204);
        assert_eq!(name(&person), expected);
    }
    let person = Person::new();
    let mut user = renamed(&person, "Odd", 1);
    user["updated_at"] = Value::Null;
    user["primary_email_address_id"] = json!("idn_4");
    user["email_addresses"] =
        json!([{ "id": "idn_4", "email_address": "y@example.org", "verification": null, "reserved": true }]);
    let _ = send_event("user.created", &user).expect(204);
    user["email_addresses"] = Value::Null;
    let _ = send_event("user.updated", &user).expect(204);
    let _ = send_event("waitlistEntry.created", &json!({})).expect(204);
    let _ = send_event(
        "user.deleted",
        &json!({ "object": "user", "deleted": true, "slug": null }),
    )
    .problem(400, "malformed");
}
