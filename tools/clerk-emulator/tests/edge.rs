//! The endpoints for servers: handshake, refresh, Backend API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clerk_emulator::config::{Config, SECRET_KEY};
use common::{Emulator, JANE, ORIGIN, claims, error, nothing};
use serde_json::{Value, json};
use url::Url;

const PAGE: &str = "http%3A%2F%2Flocalhost%3A4336%2Fdashboard%3Fx%3D1";

async fn handshake(emulator: &Emulator, query: &str) -> Url {
    let uri = format!("/v1/client/handshake?redirect_url={PAGE}{query}");
    let answer = emulator
        .send(Request::get(uri).body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, 307, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    Url::parse(answer.headers["location"].to_str().unwrap()).unwrap()
}

fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn cookie(lines: &Value, name: &str) -> Option<String> {
    let lines = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap());
    let pairs = lines.map(|line| line.split(';').next().unwrap().split_once('=').unwrap());
    pairs
        .into_iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[tokio::test]
async fn a_handshake_nonce_returns_the_cookies_of_the_session() {
    let emulator = Emulator::start();
    let session = emulator.signed_in().await;
    let browser = session["cookies"]["__clerk_db_jwt"].as_str().unwrap();
    let url = handshake(&emulator, &format!("&format=nonce&__clerk_db_jwt={browser}")).await;
    assert_eq!(param(&url, "x").as_deref(), Some("1"));
    let nonce = param(&url, "__clerk_handshake_nonce").unwrap();
    let answer = emulator
        .backend(
            "GET",
            &format!("/v1/clients/handshake_payload?nonce={nonce}"),
            nothing(),
        )
        .await;
    let lines = &answer.body["directives"];
    let token = claims(&cookie(lines, "__session").unwrap());
    assert_eq!(
        (&token["sid"], &token["azp"]),
        (&session["session_id"], &json!(ORIGIN))
    );
    let suffix = &emulator.app.config.cookie_suffix;
    assert_eq!(
        cookie(lines, &format!("__session_{suffix}")),
        cookie(lines, "__session")
    );
    let uat: i64 = cookie(lines, "__client_uat").unwrap().parse().unwrap();
    assert!(uat > 0 && uat <= token["iat"].as_i64().unwrap());
    assert_eq!(cookie(lines, "__clerk_db_jwt").as_deref(), Some(browser));
    let answer = emulator
        .backend("GET", "/v1/clients/handshake_payload?nonce=other", nothing())
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_handshake_of_a_new_browser_creates_a_client_without_a_session() {
    let emulator = Emulator::start();
    let url = handshake(&emulator, "").await;
    let payload = claims(&param(&url, "__clerk_handshake").unwrap());
    let lines = &payload["handshake"];
    assert_eq!(cookie(lines, "__session").as_deref(), Some(""));
    assert_eq!(cookie(lines, "__client_uat").as_deref(), Some("0"));
    assert!(cookie(lines, "__clerk_db_jwt").unwrap().starts_with("dvb_"));
}

#[tokio::test]
async fn a_handshake_redirects_to_http_urls_only() {
    let emulator = Emulator::start();
    for url in ["", "javascript:alert(1)", "/dashboard", "ftp://x.org/"] {
        let uri = format!("/v1/client/handshake?redirect_url={url}");
        let answer = emulator
            .send(Request::get(uri).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, 422, "{url}");
    }
}

#[tokio::test]
async fn the_refresh_cookie_gives_new_tokens_until_the_session_is_revoked() {
    let emulator = Emulator::start();
    let session = emulator.signed_in().await;
    let id = session["session_id"].as_str().unwrap();
    let name = format!("__refresh_{}", emulator.app.config.cookie_suffix);
    let path = format!("/v1/sessions/{id}/refresh");
    let ask = |token: Value| json!({ "format": "cookie", "refresh_token": token, "request_origin": ORIGIN });
    let answer = emulator
        .backend("POST", &path, ask(session["cookies"][&name].clone()))
        .await;
    assert_eq!(
        claims(&cookie(&answer.body["cookies"], "__session").unwrap())["sid"],
        id
    );
    assert_eq!(
        error(&emulator.backend("POST", &path, ask(json!("rt_guess"))).await),
        (400, "refresh_token_invalid")
    );
    emulator
        .backend("POST", &format!("/v1/sessions/{id}/revoke"), nothing())
        .await;
    let answer = emulator
        .backend("POST", &path, ask(session["cookies"][&name].clone()))
        .await;
    assert_eq!(error(&answer), (400, "session_inactive"));
}

#[tokio::test]
async fn the_backend_api_requires_the_secret_key() {
    let emulator = Emulator::start();
    for bearer in [None, Some("Bearer sk_test_other"), Some("sk_test_persona_local")] {
        let mut request = Request::get("/v1/users");
        if let Some(bearer) = bearer {
            request = request.header(header::AUTHORIZATION, bearer);
        }
        let answer = emulator.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(error(&answer), (401, "clerk_key_invalid"));
    }
    assert_eq!(emulator.backend("GET", "/v1/users", nothing()).await.status, 200);
}

#[tokio::test]
async fn the_backend_api_reads_lists_updates_and_deletes_users() {
    let emulator = Emulator::start();
    let body = json!({ "email_address": [JANE], "first_name": "Jane" });
    let user = emulator.backend("POST", "/v1/users", body.clone()).await.body;
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    assert_eq!(user["email_addresses"][0]["email_address"], JANE);
    assert_eq!(
        error(&emulator.backend("POST", "/v1/users", body).await),
        (422, "form_identifier_exists")
    );
    let changed = emulator
        .backend("PATCH", &path, json!({ "public_metadata": { "plan": "a" } }))
        .await;
    assert_eq!(changed.body["public_metadata"]["plan"], "a");
    let listed = emulator
        .backend("GET", "/v1/users?email_address=nobody@x.org", nothing())
        .await;
    assert_eq!(listed.body, json!([]));
    assert_eq!(emulator.backend("DELETE", &path, nothing()).await.status, 200);
    assert_eq!(emulator.backend("GET", &path, nothing()).await.status, 404);
}

#[tokio::test]
async fn a_production_instance_identifies_the_browser_by_a_cookie() {
    let key = format!("pk_live_{}", STANDARD.encode("clerk.example.com$"));
    let emulator = Emulator::with(Config::new(&key, SECRET_KEY).unwrap());
    let get = |cookie: String| {
        let request = Request::get("/v1/client").header("clerk-proxy-url", "https://app.example.com/__clerk");
        request
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap()
    };
    let answer = emulator.send(get(String::new())).await;
    let lines: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect();
    let client = lines.iter().find(|line| line.starts_with("__client=")).unwrap();
    assert!(
        client.contains("HttpOnly") && client.contains("Secure"),
        "{client}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("__client_uat=0;") && line.contains("Domain=example.com"))
    );
    let again = emulator
        .send(get(client.split(';').next().unwrap().to_owned()))
        .await;
    assert_eq!(again.body["response"]["id"], answer.body["response"]["id"]);
}
