//! Authentication and authorization: every route requires a session of this instance and origin, and shows a user's
//! resources to that user only.

use contract::{Answer, Call, Person, persona_body, product};
use serde_json::json;

use crate::routes::{ROUTES, Takes, Things, routes_with_an_id};

fn assert_signed_out(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    let _ = answer.problem(401, "unauthenticated");
    assert!(answer.header("www-authenticate").starts_with("Bearer"), "{what}");
}

/// A token with one letter of its signature changed.
fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut letters: Vec<char> = signature.chars().collect();
    letters[0] = if letters[0] == 'A' { 'B' } else { 'A' };
    format!("{signed}.{}", letters.iter().collect::<String>())
}

/// A token with the claims of another token and its own signature.
fn with_claims_of(token: &str, other: &str) -> String {
    let signature = token.rsplit_once('.').unwrap().1;
    let claims = other.rsplit_once('.').unwrap().0;
    format!("{claims}.{signature}")
}

/// `{"alg":"none","typ":"JWT"}`
const ALG_NONE: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";

#[test]
fn every_route_is_401_without_a_session() {
    let person = Person::new();
    let things = Things::of(&person);
    for route in ROUTES {
        let answer = things.call(route).send();
        assert_signed_out(&answer, &format!("{} {}", route.0, route.1));
    }
    assert_eq!(
        person.get(&things.path("/api/personas/{persona}")).status,
        200,
        "nothing was deleted"
    );
}

#[test]
fn invalid_tokens_are_rejected() {
    let person = Person::new();
    let other = Person::new();
    let things = Things::of(&person);
    let token = &person.token;
    let claims = token.split('.').nth(1).unwrap();
    let header = |value: &str| ("authorization", value.to_owned());
    let minted = |options| header(&format!("Bearer {}", person.token(&options)));
    let table = [
        ("another scheme", header(&format!("Basic {token}"))),
        ("no token after the scheme", header("Bearer ")),
        ("garbage", header("Bearer garbage")),
        ("garbage in three parts", header("Bearer a.b.c")),
        (
            "a very long token",
            header(&format!("Bearer {}", "a".repeat(6_000))),
        ),
        ("a forged signature", header(&format!("Bearer {}", forged(token)))),
        (
            "another user's claims",
            header(&format!("Bearer {}", with_claims_of(token, &other.token))),
        ),
        ("no signature", header(&format!("Bearer {ALG_NONE}.{claims}."))),
        (
            "an expired token",
            minted(json!({ "iat": 1_700_000_000, "ttl_s": 60 })),
        ),
        (
            "a token from the future",
            minted(json!({ "iat": 4_000_000_000_i64, "ttl_s": 60 })),
        ),
        (
            "a foreign issuer",
            minted(json!({ "claims": { "iss": "https://clerk.evil.example" } })),
        ),
        (
            "a foreign origin",
            minted(json!({ "origin": "https://evil.example" })),
        ),
        (
            "a pending session",
            minted(json!({ "claims": { "sts": "pending" } })),
        ),
        ("no subject", minted(json!({ "claims": { "sub": null } }))),
        ("only the cookie", ("cookie", person.cookie())),
    ];
    // One route of each function, and the two routes to a conversation's owner.
    for template in [
        "/api/me",
        "/api/personas/{persona}",
        "/api/conversations/{conversation}",
        "/api/generations/{generation}/events",
    ] {
        for (what, (name, value)) in &table {
            let answer = Call::new("GET", &things.path(template))
                .header(name, value)
                .send();
            assert_signed_out(&answer, &format!("{what} at {template}"));
        }
        assert_eq!(person.get(&things.path(template)).status, 200, "{template}");
    }
}

#[test]
fn another_users_resources_are_not_found() {
    let person = Person::new();
    let stranger = Person::new();
    let things = Things::of(&person);
    let conversation = || {
        person
            .get(&things.path("/api/conversations/{conversation}"))
            .json_of(200)
    };
    let persona = || person.get(&things.path("/api/personas/{persona}")).json_of(200);
    let before = (conversation(), persona());
    for route in routes_with_an_id() {
        let answer = things.call(route).bearer(&stranger.token).send();
        assert_eq!(answer.status, 404, "{} {}: {}", route.0, route.1, answer.text());
        let _ = answer.problem(404, "not-found");
    }
    let filtered = stranger
        .get(&things.path("/api/dashboard/conversations?persona_id={persona}"))
        .json_of(200);
    assert_eq!(filtered["items"], json!([]));
    assert_eq!((conversation(), persona()), before);
}

#[test]
fn unknown_and_invalid_ids_are_not_found() {
    let person = Person::new();
    let unknown = Things::unknown();
    let odd = |id: &str| Things {
        persona: id.into(),
        conversation: id.into(),
        generation: id.into(),
        head: id.into(),
    };
    for route in routes_with_an_id() {
        let answer = unknown.call(route).bearer(&person.token).send();
        assert_eq!(answer.status, 404, "{} {}: {}", route.0, route.1, answer.text());
        let _ = answer.problem(404, "not-found");
        for id in [
            "1",
            "nobody",
            "%00",
            "..%2f..%2fme",
            "0199d2a0-0000-7000-8000-00000000000g",
            &"9".repeat(500),
        ] {
            let mut call = Call::new(route.0, &odd(id).path(route.1)).bearer(&person.token);
            if route.2 == Takes::Json {
                call = call.json(&unknown.body(route.1));
            }
            let answer = call.send();
            assert_eq!(
                answer.status,
                404,
                "{} {} with {id}: {}",
                route.0,
                route.1,
                answer.text()
            );
        }
    }
}

#[test]
fn another_users_ids_cannot_be_reused() {
    let person = Person::new();
    let stranger = Person::new();
    let things = Things::of(&person);
    let own = stranger.talk(&json!({ "name": "Own", "first_mes": "Hi." }));

    let _ = stranger
        .post(
            "/api/personas",
            &persona_body(&json!({ "id": things.persona, "name": "Taken" })),
        )
        .problem(404, "not-found");
    let with_foreign = json!({ "id": contract::new_id(), "persona_id": things.persona });
    let _ = stranger
        .post("/api/conversations", &with_foreign)
        .problem(404, "not-found");
    let taken = json!({ "id": things.conversation, "persona_id": own.persona });
    let answer = stranger.post("/api/conversations", &taken);
    let _ = answer.problem(404, "not-found");

    let mut body = own.send_body("[[count 1]]");
    body["id"] = things.generation.clone().into();
    let answer = own.post(&body);
    let _ = answer.problem(404, "not-found");
    assert_eq!(own.lines(), ["assistant done: Hi."]);
    assert_eq!(
        person.get(&things.path("/api/personas/{persona}")).json_of(200)["card"]["name"],
        "Mira"
    );
}

#[test]
fn a_token_is_valid_for_its_own_origin_only() {
    let person = Person::new();
    let nowhere = person.token(&json!({ "claims": { "azp": null } }));
    assert_signed_out(&Call::new("GET", "/api/me").bearer(&nowhere).send(), "no origin");
    let port = product().origin.rsplit_once(':').unwrap().1;
    for origin in [
        format!("https://localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
        "http://localhost".into(),
    ] {
        let token = person.token(&json!({ "origin": origin }));
        assert_signed_out(&Call::new("GET", "/api/me").bearer(&token).send(), &origin);
    }
}
