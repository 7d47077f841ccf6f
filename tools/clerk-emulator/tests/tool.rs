//! The control API, files from npm, and the state file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::path::PathBuf;

use axum::body::Body;
use axum::http::Request;
use clerk_emulator::config::{Config, PUBLISHABLE_KEY, SECRET_KEY};
use clerk_emulator::keys::KeyRing;
use clerk_emulator::state::{Data, Store};
use common::{Emulator, claims, nothing};
use serde_json::{Value, json};

#[tokio::test]
async fn the_control_api_signs_any_token() {
    let emulator = Emulator::start();
    let session = emulator.signed_in().await;
    let body = json!({
        "session_id": session["session_id"], "origin": "http://evil.example", "iat": 1000, "ttl_s": -1,
        "claims": { "sts": "pending", "sid": null },
    });
    let claims = claims(
        emulator.control("POST", "/_emulator/tokens", body).await.body["jwt"]
            .as_str()
            .unwrap(),
    );
    assert_eq!(
        (&claims["iat"], &claims["exp"], &claims["sts"]),
        (&json!(1000), &json!(999), &json!("pending"))
    );
    assert_eq!(claims["azp"], "http://evil.example");
    assert!(claims.get("sid").is_none());
}

#[tokio::test]
async fn keys_rotate_with_and_without_the_old_ones() {
    let emulator = Emulator::start();
    let count = |body: &Value| body["jwks"]["keys"].as_array().unwrap().len();
    let first = emulator.control("GET", "/_emulator/keys", nothing()).await.body;
    let second = emulator
        .control("POST", "/_emulator/keys/rotate", nothing())
        .await
        .body;
    let third = emulator
        .control("POST", "/_emulator/keys/rotate", json!({ "drop_old": true }))
        .await
        .body;
    assert_eq!((count(&first), count(&second), count(&third)), (1, 2, 1));
    assert_eq!(second["jwks"]["keys"][1], first["jwks"]["keys"][0]);
    assert_eq!(
        emulator.backend("GET", "/v1/jwks", nothing()).await.body,
        third["jwks"]
    );
}

#[tokio::test]
async fn a_fault_applies_the_given_number_of_times() {
    let emulator = Emulator::start();
    let fault = json!({ "path": "/.well-known/jwks.json", "status": 503, "times": 1 });
    emulator.control("POST", "/_emulator/faults", fault).await;
    let jwks = || {
        Request::get("/.well-known/jwks.json")
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(emulator.send(jwks()).await.status, 503);
    assert_eq!(emulator.send(jwks()).await.status, 200);
}

/// The paused clock of tokio advances only while the test waits.
#[tokio::test(start_paused = true)]
async fn a_delayed_endpoint_responds_after_the_delay() {
    let emulator = Emulator::start();
    let fault = json!({ "path": "/v1/client*", "delay_ms": 4_000, "times": 1 });
    emulator.control("POST", "/_emulator/faults", fault).await;
    let begun = tokio::time::Instant::now();
    let late = emulator.browser().await.fapi("GET", "/v1/client", &[]).await;
    assert_eq!(late.status, 200, "{}", late.text);
    assert!(begun.elapsed().as_millis() >= 4_000, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_control_api_is_not_available_through_the_proxy() {
    let emulator = Emulator::start();
    let request = Request::get("/_emulator/keys").header("clerk-proxy-url", "http://localhost:1/__clerk");
    assert_eq!(
        emulator.send(request.body(Body::empty()).unwrap()).await.status,
        404
    );
}

#[tokio::test]
async fn only_files_of_the_two_packages_are_served() {
    let root = std::env::temp_dir().join(clerk_emulator::id::new("clerk-emulator-npm"));
    let package = root.join("@clerk/clerk-js");
    std::fs::create_dir_all(package.join("dist")).unwrap();
    std::fs::write(package.join("package.json"), r#"{"version":"6.40.0"}"#).unwrap();
    std::fs::write(package.join("dist/clerk.browser.js"), "0").unwrap();
    std::fs::write(package.join("dist/1_clerk_6.40.0.js"), "1").unwrap();
    std::fs::write(root.join("@clerk/secret.js"), "2").unwrap();
    let mut config = Config::new(PUBLISHABLE_KEY, SECRET_KEY).unwrap();
    config.npm_root = Some(PathBuf::from(&root));
    let emulator = Emulator::with(config);
    let mut seen = Vec::new();
    for path in [
        "clerk-js@6/dist/clerk.browser.js",
        "clerk-js@6.40.0/dist/1_clerk_6.40.0.js",
        "clerk-js@5/dist/clerk.browser.js",
        "clerk-js@6/dist/..%2fpackage.json",
        "clerk-js@6/dist/..%2f..%2fsecret.js",
        "backend@6/dist/clerk.browser.js",
    ] {
        let request = Request::get(format!("/npm/@clerk/{path}"))
            .body(Body::empty())
            .unwrap();
        let answer = emulator.send(request).await;
        let cache = answer
            .headers
            .get("cache-control")
            .map(|cache| cache.to_str().unwrap().contains("immutable"));
        seen.push((answer.status, cache));
    }
    std::fs::remove_dir_all(&root).unwrap();
    assert_eq!(
        seen,
        [
            (200, Some(false)),
            (200, Some(true)),
            (404, None),
            (404, None),
            (404, None),
            (404, None)
        ]
    );
}

#[tokio::test]
async fn the_state_survives_a_restart() {
    let folder = std::env::temp_dir().join(clerk_emulator::id::new("clerk-emulator-restart"));
    let keys = KeyRing::generate(1024).unwrap();
    let store = Store::open(&folder).unwrap();
    store
        .lock()
        .create_client("dvb_1", clerk_emulator::clock::now_ms());
    store.save().unwrap();
    let config = Config::new(PUBLISHABLE_KEY, SECRET_KEY).unwrap();
    let app = clerk_emulator::app::App::start(config, Store::open(&folder).unwrap(), keys, folder.clone());
    let known = app.store.lock().browsers.contains_key("dvb_1");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(known);
}

#[test]
fn an_invalid_state_file_is_reported_and_kept() {
    let folder = std::env::temp_dir().join(clerk_emulator::id::new("clerk-emulator-broken"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("state.json"), "{\"users\": 1}").unwrap();
    let error = Store::open(&folder).unwrap_err().to_string();
    assert!(
        error.contains("state.json") && error.contains("remove it"),
        "{error}"
    );
    assert_eq!(
        std::fs::read_to_string(folder.join("state.json")).unwrap(),
        "{\"users\": 1}"
    );
    std::fs::remove_dir_all(&folder).unwrap();
    // Every member has a default, so an empty object is an empty state.
    assert!(serde_json::from_str::<Data>("{}").is_ok());
}
