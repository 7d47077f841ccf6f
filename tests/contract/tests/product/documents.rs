//! Pages: access, headers, content.

use contract::{Answer, Call, Person, product};
use serde_json::{Value, json};

const PUBLIC: [&str; 5] = [
    "/",
    "/sign-in",
    "/sign-in/factor-one",
    "/sign-up",
    "/sso-callback",
];
const PROTECTED: [&str; 6] = [
    "/dashboard",
    "/personas/new",
    "/personas/0199d2a0-0000-7000-8000-000000000001",
    "/talk/0199d2a0-0000-7000-8000-000000000001",
    "/account",
    "/account/security",
];

fn open(path: &str) -> Answer {
    Call::new("GET", path).header("accept", "text/html").send()
}

/// The page's settings.
fn config(html: &str) -> Value {
    let start = r#"<script type="application/json" id="persona-config">"#;
    let (_, rest) = html.split_once(start).expect("the page has its settings");
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[track_caller]
fn assert_document(answer: &Answer, path: &str) {
    assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert!(!answer.header("referrer-policy").is_empty(), "{path}");
    assert!(!answer.header("permissions-policy").is_empty(), "{path}");
    let policy = answer.header("content-security-policy");
    let directive = |name: &str| {
        let found = policy
            .split(';')
            .map(str::trim)
            .find_map(|part| part.strip_prefix(name));
        found
            .unwrap_or_else(|| panic!("{path}: no {name} in {policy}"))
            .trim()
            .to_owned()
    };
    assert_eq!(directive("default-src"), "'self'", "{path}");
    assert_eq!(directive("frame-ancestors"), "'none'", "{path}");
    assert_eq!(directive("object-src"), "'none'", "{path}");
    assert!(
        ["'self'", "'none'"].contains(&directive("base-uri").as_str()),
        "{path}"
    );
    let scripts = directive("script-src");
    assert!(
        !scripts.contains("'unsafe-inline'") && !scripts.contains("'unsafe-eval'"),
        "{path}: {scripts}"
    );
}

/// The policy forbids inline scripts, so a page must not contain any.
fn assert_no_inline_script(html: &str, path: &str) {
    for tag in html
        .split("<script")
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap().0)
    {
        assert!(
            tag.contains("src=") || tag.contains("application/json"),
            "{path}: <script{tag}>"
        );
    }
    for handler in [" onclick=", " onload=", " onerror=", "javascript:"] {
        assert!(!html.contains(handler), "{path}: {handler}");
    }
}

#[test]
fn public_pages_need_no_session() {
    let person = Person::new();
    for path in PUBLIC {
        for answer in [open(path), person.open(path)] {
            let answer = answer.expect(200);
            assert_document(&answer, path);
            let html = answer.text();
            assert_no_inline_script(&html, path);
            assert_eq!(config(&html)["clerk"]["proxyUrl"], "/__clerk", "{path}");
            assert!(
                config(&html)["clerk"]["publishableKey"]
                    .as_str()
                    .unwrap()
                    .starts_with("pk_"),
                "{path}"
            );
            assert!(
                !html.contains("sk_test") && !html.contains("whsec_"),
                "{path} contains a secret"
            );
        }
    }
    let landing = open("/").text();
    assert!(landing.contains("<h1"), "the landing page is prerendered");
}

#[test]
fn protected_pages_redirect_to_sign_in_without_a_session() {
    let person = Person::new();
    let expired = person.token(&json!({ "iat": 1_700_000_000 }));
    for path in PROTECTED {
        let with_query = format!("{path}?tab=1");
        for (asked, cookie) in [
            (path, String::new()),
            (&with_query, String::new()),
            (path, format!("__session={expired}")),
        ] {
            let answer = Call::new("GET", asked)
                .header("cookie", cookie)
                .send()
                .expect(307);
            let back = asked.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
            let location = answer.header("location");
            let location = location.strip_prefix(&product().origin).unwrap_or(location);
            assert_eq!(location, format!("/sign-in?redirect_url={back}"));
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        let answer = person.open(path).expect(200);
        assert_document(&answer, path);
        assert_no_inline_script(&answer.text(), path);
    }
}

#[test]
fn an_unknown_page_is_a_404_page() {
    for path in [
        "/nowhere",
        "/personas",
        "/talk",
        "/index.html",
        "/app.html",
        "/dashboard/more",
        "/assets/nothing.js",
        "/.env",
        "/wrangler.toml",
    ] {
        let answer = open(path).expect(404);
        assert_document(&answer, path);
    }
}

#[test]
fn pages_accept_get_and_head_only() {
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = Call::new(method, "/dashboard").send();
        let _ = answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD");
    }
    for path in ["/dashboard", "/", "/nowhere"] {
        let page = Call::new("POST", path)
            .header("accept", "text/html")
            .send()
            .expect(405);
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(page.header("allow"), "GET, HEAD", "{path}");
        assert_no_inline_script(&page.text(), path);
    }
    let head = Call::new("HEAD", "/").send().expect(200);
    assert!(head.body.is_empty() && head.header("content-type").starts_with("text/html"));
}

#[test]
fn assets_with_a_hash_are_immutable() {
    let html = open("/sign-in").text();
    let assets: Vec<_> = html
        .split(['"', '\''])
        .filter(|text| text.starts_with("/assets/"))
        .collect();
    assert!(
        assets.iter().any(|path| path.ends_with(".js")) && assets.iter().any(|path| path.ends_with(".css")),
        "{assets:?}"
    );
    for path in assets {
        let answer = open(path).expect(200);
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let kind = answer.header("content-type");
        let expected = ["javascript", "css", "font", "svg", "image"];
        assert!(expected.iter().any(|part| kind.contains(part)), "{path}: {kind}");
    }
}

#[test]
fn every_response_has_its_request_id() {
    let person = Person::new();
    for answer in [
        open("/"),
        open("/nowhere"),
        person.get("/api/me"),
        person.open("/auth/callback"),
        open("/api/me"),
        open("/auth"),
    ] {
        let id = answer.header("x-request-id");
        assert_eq!(id.len(), 36, "{}: {id:?}", answer.status);
    }
}
