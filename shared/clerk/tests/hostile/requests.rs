//! Whole requests.

use crate::*;

pub fn judge(url: &str, headers: &[(&str, &str)]) -> Result<RequestState, AuthError> {
    let request = Request::new("GET", url, headers.iter().copied()).unwrap();
    let key = PublishableKey::parse(KEY).unwrap();
    let options = RequestOptions {
        proxy_url: Some("/__clerk".into()),
        ..RequestOptions::new(key, "sk_test_x", options())
    };
    ready(authenticate_request(&request, &options, &Gullible))
}

#[test]
fn a_good_cookie_does_not_rescue_a_bad_header() {
    let cookie = format!(
        "__client_uat=1; __clerk_db_jwt=x; __session={}",
        token(&header(), &claims().to_string())
    );
    let document = ("sec-fetch-dest", "empty");
    assert_eq!(
        judge(ORIGIN, &[document, ("cookie", &cookie)]).unwrap().status(),
        "signed-in"
    );
    let state = judge(
        ORIGIN,
        &[document, ("cookie", &cookie), ("authorization", "Bearer junk")],
    )
    .unwrap();
    assert_eq!(state.reason(), Some(&AuthReason::Token(TokenReason::Invalid)));
}

#[test]
fn a_handshake_cannot_inject_headers() {
    let state = judge(
        &format!("{ORIGIN}/?__clerk_handshake_nonce=n"),
        &[("sec-fetch-dest", "document")],
    )
    .unwrap();
    let cookies: Vec<&str> = state
        .headers()
        .iter()
        .filter(|(name, _)| *name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(cookies, ["__client_uat=1"]);
}

#[test]
fn nobody_is_led_elsewhere_by_host_headers_or_parameters() {
    let elsewhere = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("sec-fetch-dest", "document"),
    ];
    let url = format!("{ORIGIN}//evil.example/?__clerk_redirect_url=https%3A%2F%2Fevil.example");
    let location = judge(&url, &elsewhere).unwrap().location().unwrap().to_owned();
    assert!(
        location.starts_with(
            "http://localhost:8787/__clerk/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%3A8787%2F"
        ),
        "{location}"
    );
}

#[test]
fn the_loop_stops_at_three() {
    for (count, stops) in [
        ("2", false),
        ("3", true),
        ("03", true),
        ("inf", false),
        ("-3", false),
    ] {
        let cookie = format!("__clerk_redirect_count={count}");
        let state = judge(ORIGIN, &[("sec-fetch-dest", "document"), ("cookie", &cookie)]).unwrap();
        let stopped = matches!(
            state,
            RequestState::SignedOut(SignedOut {
                redirect_loop: true,
                ..
            })
        );
        assert_eq!(stopped, stops, "{count}");
    }
}
