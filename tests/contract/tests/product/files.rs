//! Pictures: upload, delivery, ownership.

use contract::{Answer, Call, Person, new_id, persona_body};
use serde_json::{Value, json};

pub const PNG: &[u8] = include_bytes!("../../fixtures/portrait.png");
const JPEG: &[u8] = include_bytes!("../../fixtures/portrait.jpg");
const WEBP: &[u8] = include_bytes!("../../fixtures/portrait.webp");
const GIF: &[u8] = include_bytes!("../../fixtures/portrait.gif");
/// `api::limits::AVATAR_BYTES_MAX`.
const BYTES_MAX: usize = 5 * 1_048_576;

fn upload(person: &Person, kind: &str, bytes: &[u8]) -> Answer {
    person.call("POST", "/api/files").body(kind, bytes).send()
}

fn url(file: &Value) -> &str {
    file["url"].as_str().unwrap()
}

/// A PNG padded to this size. Bytes after the picture are ignored.
fn png_of(bytes: usize) -> Vec<u8> {
    let mut picture = PNG.to_vec();
    picture.resize(bytes, 0);
    picture
}

/// A PNG with this width and height in its header.
fn png_sized(width: u32, height: u32) -> Vec<u8> {
    let mut picture = PNG.to_vec();
    picture[16..20].copy_from_slice(&width.to_be_bytes());
    picture[20..24].copy_from_slice(&height.to_be_bytes());
    picture
}

#[test]
fn the_content_decides_the_type_and_only_browsers_cache() {
    let person = Person::new();
    for (bytes, mime) in [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")] {
        // The declared type is ignored.
        for claim in [mime, "text/html", "application/octet-stream"] {
            let file = upload(&person, claim, bytes).json_of(201);
            assert_eq!(
                (&file["mime"], &file["width"], &file["height"]),
                (&json!(mime), &json!(96), &json!(64))
            );
            assert_eq!(file["bytes"], bytes.len());
            assert_eq!(url(&file), format!("/api/files/{}", file["id"].as_str().unwrap()));

            let served = Call::new("GET", url(&file)).send().expect(200);
            assert_eq!(served.body, bytes);
            assert_eq!(served.header("content-type"), mime);
            let caching = served.header("cache-control");
            assert_eq!(caching, "private, max-age=300, must-revalidate");
            assert_eq!(served.header("x-content-type-options"), "nosniff");
            assert!(served.header("content-security-policy").contains("sandbox"));
        }
    }
    let unclaimed = person.call("POST", "/api/files").bytes(PNG).send().json_of(201);
    assert_eq!(unclaimed["mime"], "image/png");
}

#[test]
fn a_cached_picture_is_revalidated() {
    let person = Person::new();
    let file = upload(&person, "image/png", PNG).json_of(201);
    let served = Call::new("GET", url(&file)).send().expect(200);
    let etag = served.header("etag");
    assert!(etag.starts_with('"') && etag.len() > 2, "{etag}");
    for known in [etag.to_owned(), format!("W/{etag}"), format!("\"other\", {etag}")] {
        let answer = Call::new("GET", url(&file))
            .header("if-none-match", known)
            .send()
            .expect(304);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), etag);
    }
    let _ = Call::new("GET", url(&file))
        .header("if-none-match", "\"other\"")
        .send()
        .expect(200);
    // HEAD leaves the stored object's stream unread, which must not block later reads.
    for _ in 0..20 {
        let head = Call::new("HEAD", url(&file)).send().expect(200);
        assert!(head.body.is_empty());
    }
    let _ = Call::new("GET", url(&file)).send().expect(200);
    let _ = Call::new("GET", &format!("/api/files/{}", new_id()))
        .send()
        .problem(404, "not-found");
    let _ = Call::new("GET", "/api/files/portrait.png")
        .send()
        .problem(404, "not-found");
}

#[test]
fn files_that_are_not_pictures_are_rejected() {
    let person = Person::new();
    let html = b"<!doctype html><script>alert(1)</script>";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let in_front = [html.as_slice(), PNG].concat();
    let table: [(&str, &[u8]); 10] = [
        ("HTML", html),
        ("SVG", svg),
        (
            "SVG after an XML declaration",
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        ("GIF", GIF),
        ("PDF", b"%PDF-1.7\n"),
        ("nothing", b""),
        ("the first bytes of a PNG", &PNG[..8]),
        ("the first bytes of a JPEG", &JPEG[..4]),
        ("the first bytes of a WebP", &WEBP[..12]),
        ("HTML before a PNG", &in_front),
    ];
    for (what, bytes) in table {
        for claim in ["image/png", "image/webp"] {
            let answer = upload(&person, claim, bytes);
            assert_eq!(answer.status, 415, "{what} as {claim}: {}", answer.text());
            let _ = answer.problem(415, "unsupported-media-type");
        }
    }
    for (width, height) in [(0, 64), (96, 0), (8_193, 64), (96, 100_000), (u32::MAX, u32::MAX)] {
        let answer = upload(&person, "image/png", &png_sized(width, height));
        assert!(
            [413, 415, 422].contains(&answer.status),
            "{width} x {height}: {}",
            answer.text()
        );
    }
    let _ = upload(&person, "image/png", &png_sized(8_192, 8_192)).expect(201);
}

#[test]
fn a_picture_over_five_megabytes_is_rejected() {
    let person = Person::new();
    let largest = upload(&person, "image/png", &png_of(BYTES_MAX)).json_of(201);
    assert_eq!(largest["bytes"], BYTES_MAX);
    assert_eq!(
        Call::new("GET", url(&largest)).send().expect(200).body.len(),
        BYTES_MAX
    );
    let large = png_of(BYTES_MAX + 1);
    let _ = upload(&person, "image/png", &large).problem(413, "too-large");
    let _ = person
        .call("POST", "/api/files")
        .body("image/png", large)
        .chunked()
        .send()
        .problem(413, "too-large");
}

#[test]
fn an_avatar_must_be_a_picture_of_the_same_user() {
    let person = Person::new();
    let stranger = Person::new();
    let own = upload(&person, "image/png", PNG).json_of(201)["id"].clone();
    let foreign = upload(&stranger, "image/png", PNG).json_of(201)["id"].clone();

    let persona = person.persona(&json!({ "name": "Mira", "avatar_id": own }));
    assert_eq!(persona["avatar_id"], own);
    let path = format!("/api/personas/{}", persona["id"].as_str().unwrap());
    for unknown in [foreign, json!(new_id())] {
        let body = persona_body(&json!({ "name": "Mira", "avatar_id": unknown }));
        assert_eq!(
            person.post("/api/personas", &body).field_errors(),
            ["avatar_id unknown"]
        );
        assert_eq!(person.put(&path, &body).field_errors(), ["avatar_id unknown"]);
    }
    assert_eq!(person.get(&path).json_of(200), persona);
    let summary = person.get("/api/dashboard").json_of(200)["personas"]["items"][0].clone();
    assert_eq!(summary["avatar_id"], own);
    assert_eq!(
        person
            .put(&path, &persona_body(&json!({ "name": "Mira" })))
            .json_of(200)["avatar_id"],
        Value::Null
    );
}
