//! `@clerk/backend` works against the emulator.

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
async fn the_backend_sdk_accepts_tokens_and_completes_handshakes() {
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
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("ok"));
}
