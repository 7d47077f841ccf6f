//! Account flows with ClerkJS's requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use clerk_emulator::config::{Config, PUBLISHABLE_KEY, SECRET_KEY};
use common::{Browser, Emulator, JANE, ORIGIN, claims, error};
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Chooses an account at the provider and returns the URL of the final redirect.
async fn through_provider(browser: &Browser<'_>, url: &str, form: &[(&str, &str)]) -> String {
    let path = url.strip_prefix(&format!("{ORIGIN}/__clerk")).unwrap();
    let page = browser.fapi("GET", path, &[]).await;
    assert!(page.text.contains("Choose an account"), "{}", page.text);
    let decided = browser.fapi("POST", path, form).await;
    assert_eq!(decided.status, 303, "{}", decided.text);
    let back = format!("/v1/{}", decided.headers["location"].to_str().unwrap());
    browser.fapi("GET", &back, &[]).await.headers["location"]
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_taken_address_cannot_sign_up_again() {
    let emulator = Emulator::start();
    emulator.browser().await.sign_up(JANE).await;
    let answer = emulator
        .browser()
        .await
        .fapi("POST", "/v1/client/sign_ups", &[("email_address", JANE)])
        .await;
    assert_eq!(error(&answer), (422, "form_identifier_exists"));
    assert_eq!(answer.body["errors"][0]["meta"]["param_name"], "email_address");
}

#[tokio::test]
async fn an_invalid_address_is_rejected_with_its_field() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    for (path, field, value) in [
        ("/v1/client/sign_ups", "email_address", "jane"),
        ("/v1/client/sign_ups", "phone_number", "12"),
        ("/v1/client/sign_ins", "identifier", "jane"),
    ] {
        let answer = browser.fapi("POST", path, &[(field, value)]).await;
        assert_eq!(error(&answer), (422, "form_param_format_invalid"));
        assert_eq!(answer.body["errors"][0]["meta"]["param_name"], field);
    }
}

#[tokio::test]
async fn single_session_mode_allows_one_session() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    browser.sign_up(JANE).await;
    let answer = browser
        .fapi(
            "POST",
            "/v1/client/sign_ups",
            &[("email_address", "b+clerk_test@x.org")],
        )
        .await;
    assert_eq!(error(&answer), (400, "session_exists"));
}

#[tokio::test]
async fn multi_session_mode_allows_several_sessions_that_end_separately() {
    let mut config = Config::new(PUBLISHABLE_KEY, SECRET_KEY).unwrap();
    config.multi_session = true;
    let emulator = Emulator::with(config);
    let browser = emulator.browser().await;
    let first = browser.sign_up(JANE).await;
    let second = browser.sign_up("b+clerk_test@example.com").await;
    assert_ne!(first, second);
    let sessions = |client: &Value| -> Vec<String> {
        let all = client["sessions"].as_array().unwrap();
        all.iter()
            .map(|session| text(&session["id"]).to_owned())
            .collect()
    };
    let client = browser.client().await;
    assert_eq!(sessions(&client), [first.clone(), second.clone()]);
    assert_eq!(client["last_active_session_id"], second);

    let path = format!("/v1/client/sessions/{second}/remove");
    let answer = browser.fapi("POST", &path, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let client = browser.client().await;
    assert_eq!(sessions(&client), std::slice::from_ref(&first));
    let path = format!("/v1/client/sessions/{first}/tokens");
    assert_eq!(browser.fapi("POST", &path, &[]).await.status, 200);
}

#[tokio::test]
async fn a_token_contains_session_and_origin_and_lasts_a_minute() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    let session = browser.sign_up(JANE).await;
    let answer = browser
        .fapi("POST", &format!("/v1/client/sessions/{session}/tokens"), &[])
        .await;
    let claims = claims(text(&answer.body["jwt"]));
    assert_eq!(claims["sid"], session);
    assert_eq!(claims["azp"], ORIGIN);
    assert_eq!(claims["iss"], "https://persona-local-1.clerk.accounts.dev");
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        60
    );
    assert_eq!(claims["fva"], json!([0, -1]));
    assert_eq!((&claims["sts"], &claims["v"]), (&json!("active"), &json!(2)));
}

#[tokio::test]
async fn one_browser_cannot_use_the_session_or_the_attempt_of_another() {
    let emulator = Emulator::start();
    let (jane, eve) = (emulator.browser().await, emulator.browser().await);
    let session = jane.sign_up(JANE).await;
    let answer = eve
        .fapi("POST", &format!("/v1/client/sessions/{session}/tokens"), &[])
        .await;
    assert_eq!(error(&answer), (401, "authentication_invalid"));
    let attempt = eve
        .fapi("POST", "/v1/client/sign_ins", &[("identifier", JANE)])
        .await;
    let path = format!("/v1/client/sign_ins/{}", text(&attempt.body["response"]["id"]));
    assert_eq!(
        error(&jane.fapi("GET", &path, &[]).await),
        (404, "resource_not_found")
    );
    assert_eq!(eve.fapi("GET", &path, &[]).await.status, 200);
}

#[tokio::test]
async fn an_unknown_dev_browser_is_rejected() {
    let emulator = Emulator::start();
    let unknown = Browser {
        emulator: &emulator,
        token: "dvb_unknown".to_owned(),
    };
    assert_eq!(
        error(&unknown.fapi("GET", "/v1/client", &[]).await),
        (401, "dev_browser_unauthenticated")
    );
}

#[tokio::test]
async fn google_creates_a_user_and_signs_in_an_existing_one() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    let start = [
        ("strategy", "oauth_google"),
        ("redirect_url", "http://localhost:4336/sso-callback"),
    ];
    let answer = browser.fapi("POST", "/v1/client/sign_ins", &start).await;
    let url =
        text(&answer.body["response"]["first_factor_verification"]["external_verification_redirect_url"]);
    let grace = [("email", "grace@example.com"), ("first_name", "Grace")];
    assert_eq!(
        through_provider(&browser, url, &grace).await,
        "http://localhost:4336/sso-callback"
    );
    let client = browser.client().await;
    let proof = &client["sign_in"]["first_factor_verification"];
    assert_eq!(
        (&proof["status"], &proof["error"]["code"]),
        (&json!("transferable"), &json!("external_account_not_found"))
    );
    let answer = browser
        .fapi("POST", "/v1/client/sign_ups", &[("transfer", "true")])
        .await;
    assert_eq!(answer.body["response"]["status"], "complete", "{}", answer.text);
    let user = &answer.body["client"]["sessions"][0]["user"];
    assert_eq!(
        (&user["first_name"], &user["email_addresses"][0]["email_address"]),
        (&json!("Grace"), &json!("grace@example.com"))
    );

    let elsewhere = emulator.browser().await;
    let answer = elsewhere.fapi("POST", "/v1/client/sign_ups", &start).await;
    let url = text(
        &answer.body["response"]["verifications"]["external_account"]["external_verification_redirect_url"],
    );
    through_provider(&elsewhere, url, &grace).await;
    let proof = &elsewhere.client().await["sign_up"]["verifications"]["external_account"];
    assert_eq!(proof["error"]["code"], "external_account_exists");
    let answer = elsewhere
        .fapi("POST", "/v1/client/sign_ins", &[("transfer", "true")])
        .await;
    assert_eq!(answer.body["response"]["status"], "complete", "{}", answer.text);
    assert_eq!(answer.body["client"]["sessions"][0]["user"]["id"], user["id"]);
}

#[tokio::test]
async fn an_oauth_callback_works_once_and_only_with_its_code() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    let start = [
        ("strategy", "oauth_google"),
        ("redirect_url", "http://localhost:4336/sso-callback"),
    ];
    let answer = browser.fapi("POST", "/v1/client/sign_ins", &start).await;
    let url =
        text(&answer.body["response"]["first_factor_verification"]["external_verification_redirect_url"]);
    let state = url.rsplit_once('=').unwrap().1;
    let path = format!("/v1/oauth_callback?state={state}&code=guess");
    assert_eq!(browser.fapi("GET", &path, &[]).await.status, 303);
    let proof = &browser.client().await["sign_in"]["first_factor_verification"];
    assert_eq!(
        (&proof["status"], &proof["error"]["code"]),
        (&json!("failed"), &json!("oauth_access_denied"))
    );
    assert_eq!(browser.fapi("GET", &path, &[]).await.status, 400);
}

#[tokio::test]
async fn a_second_address_is_usable_once_verified_and_the_last_one_cannot_be_deleted() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    browser.sign_up(JANE).await;
    let phone = "+12015550123";
    // ClerkJS ends the path of a new address in a slash.
    let answer = browser
        .fapi("POST", "/v1/me/phone_numbers/", &[("phone_number", phone)])
        .await;
    let path = format!("/v1/me/phone_numbers/{}", text(&answer.body["response"]["id"]));
    assert_eq!(answer.body["response"]["verification"], Value::Null);
    let other = emulator.browser().await;
    let answer = other
        .fapi("POST", "/v1/client/sign_ins", &[("identifier", phone)])
        .await;
    assert_eq!(error(&answer), (422, "form_identifier_not_found"));
    let strategy = ("strategy", "phone_code");
    browser
        .fapi("POST", &format!("{path}/prepare_verification"), &[strategy])
        .await;
    let answer = browser
        .fapi(
            "POST",
            &format!("{path}/attempt_verification"),
            &[("code", "424242")],
        )
        .await;
    assert_eq!(answer.body["response"]["verification"]["status"], "verified");
    assert_eq!(
        other
            .fapi("POST", "/v1/client/sign_ins", &[("identifier", phone)])
            .await
            .status,
        200
    );
    assert_eq!(browser.fapi("DELETE", &path, &[]).await.status, 200);
    let user = &browser.client().await["sessions"][0]["user"];
    let last = format!(
        "/v1/me/email_addresses/{}",
        text(&user["primary_email_address_id"])
    );
    let answer = browser.fapi("DELETE", &last, &[]).await;
    assert_eq!(error(&answer), (400, "last_identification_deletion_failed"));
}

#[tokio::test]
async fn a_device_revokes_the_session_of_another() {
    let emulator = Emulator::start();
    let (desk, phone) = (emulator.browser().await, emulator.browser().await);
    desk.sign_up(JANE).await;
    let attempt = phone
        .fapi(
            "POST",
            "/v1/client/sign_ins",
            &[("identifier", JANE), ("strategy", "email_code")],
        )
        .await;
    let path = format!(
        "/v1/client/sign_ins/{}/attempt_first_factor",
        text(&attempt.body["response"]["id"])
    );
    let answer = phone
        .fapi("POST", &path, &[("strategy", "email_code"), ("code", "424242")])
        .await;
    let session = text(&answer.body["response"]["created_session_id"]).to_owned();

    let devices = desk.fapi("GET", "/v1/me/sessions/active", &[]).await.body;
    assert_eq!(devices.as_array().unwrap().len(), 2);
    assert_eq!(devices[0]["latest_activity"]["browser_name"], "Chrome");
    let answer = desk
        .fapi("POST", &format!("/v1/me/sessions/{session}/revoke"), &[])
        .await;
    assert_eq!(answer.body["response"]["status"], "revoked");
    let answer = phone
        .fapi("POST", &format!("/v1/client/sessions/{session}/tokens"), &[])
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(phone.client().await["sessions"], json!([]));
}

#[tokio::test]
async fn a_deleted_account_has_no_sessions_and_cannot_sign_in() {
    let emulator = Emulator::start();
    let browser = emulator.browser().await;
    browser.sign_up(JANE).await;
    let answer = browser.fapi("DELETE", "/v1/me", &[]).await;
    assert_eq!(answer.body["response"]["deleted"], true);
    assert_eq!(answer.body["client"]["sessions"], json!([]));
    let answer = browser
        .fapi("POST", "/v1/client/sign_ins", &[("identifier", JANE)])
        .await;
    assert_eq!(error(&answer), (422, "form_identifier_not_found"));
}
