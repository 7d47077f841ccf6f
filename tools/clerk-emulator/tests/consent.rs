//! The account page of the emulated Google.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use common::{Emulator, ORIGIN};
use serde_json::json;

#[tokio::test]
async fn recent_accounts_come_first_and_names_are_escaped() {
    let emulator = Emulator::start();
    for number in 1..=6 {
        let body = json!({
            "email": format!("p{number}@x.org"), "first_name": format!("<b>{number}"), "last_name": "O'Hara",
        });
        emulator.control("POST", "/_emulator/users", body).await;
    }
    let browser = emulator.browser().await;
    browser.sign_up("newest+clerk_test@x.org").await;
    let other = emulator.browser().await;
    let answer = other
        .fapi(
            "POST",
            "/v1/client/sign_ins",
            &[
                ("strategy", "oauth_google"),
                ("redirect_url", &format!("{ORIGIN}/sso-callback")),
            ],
        )
        .await;
    let proof = &answer.body["response"]["first_factor_verification"];
    let url = proof["external_verification_redirect_url"].as_str().unwrap();
    let page = other
        .fapi(
            "GET",
            url.strip_prefix(&format!("{ORIGIN}/__clerk")).unwrap(),
            &[],
        )
        .await;
    let offered: Vec<&str> = page
        .text
        .split("name=\"email\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(offered[0], "newest+clerk_test@x.org");
    assert_eq!(offered.len(), 4, "{offered:?}");
    assert!(page.text.contains("&lt;b&gt;"), "{}", page.text);
    assert!(!page.text.contains("<b><b>"), "{}", page.text);
}
