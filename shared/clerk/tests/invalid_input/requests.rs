//! Requests.

use crate::*;

pub fn authenticate(url: &str, headers: &[(&str, &str)]) -> Result<RequestState, AuthError> {
    let request = RequestHead::new("GET", url, headers.iter().copied()).unwrap();
    let key = PublishableKey::parse(KEY).unwrap();
    let options = RequestOptions {
        proxy_url: Some("/__clerk".into()),
        ..RequestOptions::new(key, "sk_test_x", options())
    };
    ready(authenticate_request(&request, &options, &AcceptAllSignatures))
}

#[test]
fn a_good_cookie_does_not_rescue_a_bad_header() {
    let cookie = format!(
        "__client_uat=1; __clerk_db_jwt=x; __session={}",
        token(&header(), &claims().to_string())
    );
    let document = ("sec-fetch-dest", "empty");
    assert_eq!(
        authenticate(ORIGIN, &[document, ("cookie", &cookie)])
            .unwrap()
            .status(),
        "signed-in"
    );
    let state = authenticate(
        ORIGIN,
        &[document, ("cookie", &cookie), ("authorization", "Bearer junk")],
    )
    .unwrap();
    assert_eq!(state.reason(), Some(&AuthReason::Token(TokenReason::Invalid)));
}

#[test]
fn a_handshake_cannot_inject_headers() {
    let state = authenticate(
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
fn host_headers_and_parameters_do_not_redirect_to_another_origin() {
    let elsewhere = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("sec-fetch-dest", "document"),
    ];
    let url = format!("{ORIGIN}//evil.example/?__clerk_redirect_url=https%3A%2F%2Fevil.example");
    let location = authenticate(&url, &elsewhere)
        .unwrap()
        .location()
        .unwrap()
        .to_owned();
    assert!(
        location.starts_with(
            "http://localhost:8787/__clerk/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%3A8787%2F"
        ),
        "{location}"
    );
}

#[test]
fn the_fourth_consecutive_redirect_is_a_loop() {
    for (count, stops) in [
        ("2", false),
        ("3", true),
        ("03", true),
        ("inf", false),
        ("-3", false),
    ] {
        let cookie = format!("__clerk_redirect_count={count}");
        let state = authenticate(ORIGIN, &[("sec-fetch-dest", "document"), ("cookie", &cookie)]).unwrap();
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
