//! `/auth/callback`: the redirect after sign-in.

use std::time::{Duration, Instant};

use contract::person::control;
use contract::{Answer, Call, Person, product};
use serde_json::json;

/// The redirect's target: a path of the product, or a URL of another origin.
fn target(answer: &Answer) -> String {
    let location = answer.header("location");
    location
        .strip_prefix(&product().origin)
        .unwrap_or(location)
        .to_owned()
}

/// Percent-encodes a query value.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[test]
fn the_callback_stores_the_profile_and_is_idempotent() {
    let person = Person::known_as("Ada", "Lovelace");
    let me = person.get("/api/me").json_of(200);
    assert_eq!(me["id"], person.id);
    assert_eq!(me["name"], "Ada Lovelace");
    assert_eq!(me["email"], person.user["email_addresses"][0]["email_address"]);
    assert!(
        me["picture_url"].as_str().is_some_and(|url| !url.is_empty()),
        "{me}"
    );

    let _ = person.open("/auth/callback").expect(303);
    assert_eq!(person.get("/api/me").json_of(200), me);
    assert_eq!(person.get("/api/dashboard").json_of(200)["me"], me);
}

#[test]
fn the_api_works_before_the_callback() {
    let person = Person::new();
    let me = person.get("/api/me").json_of(200);
    assert_eq!(
        (me["id"].as_str(), me["name"].as_str()),
        (Some(person.id.as_str()), Some(""))
    );
    let _ = person.persona(&json!({ "name": "Early" }));
    let _ = person.open("/auth/callback").expect(303);
    assert_eq!(
        person.get("/api/dashboard").json_of(200)["personas"]["items"][0]["name"],
        "Early"
    );
}

#[test]
fn the_callback_redirects_to_the_requested_page() {
    let person = Person::new();
    for safe in [
        "/dashboard",
        "/personas/new",
        "/talk/0199d2a0-0000-7000-8000-000000000001?x=1#end",
        "/",
    ] {
        let answer = person
            .open(&format!("/auth/callback?redirect_url={}", encoded(safe)))
            .expect(303);
        assert_eq!(target(&answer), safe);
    }
    let whole = format!("{}/personas/new", product().origin);
    let answer = person
        .open(&format!("/auth/callback?redirect_url={}", encoded(&whole)))
        .expect(303);
    assert_eq!(target(&answer), "/personas/new");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn the_callback_never_redirects_to_another_origin() {
    let person = Person::new();
    let host = product().origin.rsplit_once("//").unwrap().1.to_owned();
    let long = format!("/{}", "a".repeat(8_000));
    let table = [
        "",
        " ",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:evil.example",
        "https:/evil.example",
        &format!("http://{host}@evil.example/"),
        &format!("http://{host}.evil.example/"),
        &format!("http://user:word@{host}/"),
        "//localhost",
        "/%5Cevil.example/..//",
        "ftp://localhost/",
        &long,
    ];
    for unsafe_target in table {
        let answer = person
            .open(&format!("/auth/callback?redirect_url={}", encoded(unsafe_target)))
            .expect(303);
        let target = target(&answer);
        let stays = target.starts_with('/') && !target.starts_with("//") && !target.contains('\\');
        assert!(stays, "{unsafe_target:?} led to {target}");
        if !unsafe_target.starts_with("/%5C") {
            assert_eq!(target, "/dashboard", "{unsafe_target:?}");
        }
    }
}

#[test]
fn without_a_session_the_callback_redirects_to_sign_in() {
    let person = Person::new();
    let expired = person.token(&json!({ "iat": 1_700_000_000 }));
    let foreign = person.token(&json!({ "origin": "https://evil.example" }));
    let cookies = [
        String::new(),
        "__session=garbage".into(),
        format!("__session={expired}"),
        format!("__session={foreign}"),
    ];
    for cookie in cookies {
        let call = Call::new("GET", "/auth/callback?redirect_url=%2Fpersonas%2Fnew")
            .header("cookie", cookie.clone());
        let answer = call.send().expect(303);
        let target = target(&answer);
        let (page, query) = target.split_once('?').unwrap_or((&target, ""));
        assert_eq!(page, "/sign-in", "{cookie}");
        assert!(
            query.starts_with("redirect_url=") && query.ends_with("%2Fpersonas%2Fnew"),
            "{target}"
        );
    }
}

#[test]
fn the_callback_works_without_clerks_backend_api() {
    for fault in [
        json!({ "status": 500 }),
        json!({ "status": 401 }),
        json!({ "delay_ms": 20_000 }),
    ] {
        let person = Person::new();
        let mut fault = fault;
        fault["path"] = format!("/v1/users/{}", person.id).into();
        fault["times"] = 1.into();
        let _ = control("faults", &fault);
        let begun = Instant::now();
        let answer = person.open("/auth/callback").expect(303);
        assert_eq!(target(&answer), "/dashboard", "{fault}");
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "{fault}: {:?}",
            begun.elapsed()
        );
        let _ = person.get("/api/dashboard").expect(200);
        // The next visit stores the profile.
        let _ = person.open("/auth/callback").expect(303);
        let me = person.get("/api/me").json_of(200);
        assert_eq!(
            me["email"], person.user["email_addresses"][0]["email_address"],
            "{fault}"
        );
    }
}

#[test]
fn errors_under_auth_are_pages_for_browsers() {
    for (method, path, status) in [
        ("GET", "/auth", 404),
        ("GET", "/auth/", 404),
        ("GET", "/auth/nothing", 404),
        ("POST", "/auth/callback", 405),
        ("GET", "/auth/webhooks/clerk", 405),
    ] {
        let call = Call::new(method, path);
        let page = call.clone().header("accept", "text/html").send().expect(status);
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{method} {path}"
        );
        assert!(page.text().contains("<h1>"), "{method} {path}: {}", page.text());
        assert_eq!(page.header("cache-control"), "no-store", "{method} {path}");
        let problem = call.header("accept", "application/json").send().expect(status);
        assert_eq!(
            problem.header("content-type"),
            "application/problem+json",
            "{method} {path}"
        );
    }
}
