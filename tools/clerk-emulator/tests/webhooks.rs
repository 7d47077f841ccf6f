//! Events are delivered signed and in order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use clerk_emulator::webhooks::signature;
use common::{Emulator, ORIGIN};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn user_and_session_events_are_delivered_with_valid_signatures() {
    let (sender, mut received) = mpsc::unbounded_channel();
    let hook = move |headers: HeaderMap, body: String| async move {
        let _ = sender.send((headers, body));
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(hook))).await });

    let emulator = Emulator::start();
    let answer = emulator
        .control(
            "POST",
            "/_emulator/webhooks",
            json!({ "url": url, "secret": SECRET }),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let user = emulator
        .control("POST", "/_emulator/users", json!({ "phone": "+12015550100" }))
        .await
        .body;
    let body = json!({ "user_id": user["id"], "origin": ORIGIN });
    let session = emulator.control("POST", "/_emulator/sessions", body).await.body;
    let id = session["session_id"].as_str().unwrap();
    emulator
        .control("POST", &format!("/_emulator/sessions/{id}/revoke"), json!({}))
        .await;
    emulator
        .control(
            "DELETE",
            &format!("/_emulator/users/{}", user["id"].as_str().unwrap()),
            json!({}),
        )
        .await;

    let mut kinds = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    while kinds.len() < 4 {
        let (headers, body): (HeaderMap, String) = received.recv().await.unwrap();
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        let timestamp = header("svix-timestamp").parse().unwrap();
        assert_eq!(
            signature(SECRET, &header("svix-id"), timestamp, &body).unwrap(),
            header("svix-signature")
        );
        ids.insert(header("svix-id"));
        let event: Value = serde_json::from_str(&body).unwrap();
        kinds.push(event["type"].as_str().unwrap().to_owned());
        if event["type"] == "session.revoked" {
            assert_eq!(
                (&event["data"]["id"], &event["data"]["status"]),
                (&json!(id), &json!("revoked"))
            );
        }
    }
    assert_eq!(
        kinds,
        [
            "user.created",
            "session.created",
            "session.revoked",
            "user.deleted"
        ]
    );
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn an_invalid_target_is_rejected() {
    let emulator = Emulator::start();
    for (url, secret) in [
        ("http://127.0.0.1:1/", "whsec_***"),
        ("https://x.org/", SECRET),
        ("x", SECRET),
    ] {
        let answer = emulator
            .control(
                "POST",
                "/_emulator/webhooks",
                json!({ "url": url, "secret": secret }),
            )
            .await;
        assert_eq!(answer.status, 422, "{url} {secret}");
    }
}
