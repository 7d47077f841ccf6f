//! `@clerk/backend` from npm takes the emulator for Clerk.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::path::Path;

use common::Emulator;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clerks_backend_sdk_accepts_the_tokens_and_completes_the_handshake() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let npm = here.join("../../node_modules");
    assert!(
        npm.join("@clerk/backend").is_dir(),
        "@clerk/backend is not installed: run `npm install` at the root"
    );
    let emulator = Emulator::start();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = emulator.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let node = npm.join(".bin/node");
    let node = if node.exists() { node } else { "node".into() };
    let script = here.join("tests/backend_sdk.mjs");
    let run = move || {
        std::process::Command::new(node)
            .arg(script)
            .arg(address)
            .arg(npm)
            .output()
    };
    let output = tokio::task::spawn_blocking(run)
        .await
        .unwrap()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("ok"));
}
