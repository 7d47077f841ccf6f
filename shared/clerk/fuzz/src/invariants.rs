//! Invariants of every authentication result.

use clerk::{HeaderLine, RequestHead, RequestState, SignedIn};
use url::Url;

use crate::backend::StubBackend;
use crate::instance::Instance;
use crate::tokens::Validity;

/// The headers that a result may contain.
const HEADERS: [&str; 5] = [
    "location",
    "cache-control",
    "set-cookie",
    "access-control-allow-origin",
    "access-control-allow-credentials",
];
/// The cookie that counts redirects, the only one that persona-clerk creates.
const REDIRECT_COUNT: &str = "__clerk_redirect_count=";

/// Panics if a result signs in without a valid token, redirects to another origin, starts a
/// handshake for a request that is not a document, or sets cookies of unsigned handshakes.
/// `lines`: the cookies of a handshake that the fuzz target signed.
pub fn check_state(
    instance: &Instance,
    request: &RequestHead,
    state: &RequestState,
    backend: &StubBackend<'_>,
    lines: &[String],
) {
    check_header_values(state.headers());
    check_header_values(&state.debug_headers());
    for (name, value) in state.headers() {
        assert!(HEADERS.contains(name), "unexpected header {name}");
        if *name == "set-cookie" && !value.starts_with(REDIRECT_COUNT) {
            let is_signed = backend.lines().iter().chain(lines).any(|line| line == value)
                || instance.handshake_lines().any(|line| line == value);
            assert!(is_signed, "the cookie {value:?} comes from no signed handshake");
        }
    }
    if let Some(location) = state.location() {
        check_location(instance, state, location);
    }
    match state {
        RequestState::SignedIn(signed_in) => check_signed_in(instance, signed_in),
        RequestState::Handshake(_) => {
            assert!(
                is_document(request),
                "a handshake for a request that is not a document"
            );
            assert!(state.location().is_some(), "a handshake without a location");
        }
        RequestState::SignedOut(_) => {}
    }
    for call in backend.calls() {
        let allowed = match call.method {
            "GET" => call.path.starts_with("/v1/clients/handshake_payload?nonce="),
            "POST" => call.path.starts_with("/v1/sessions/") && call.path.split('/').count() == 5,
            _ => false,
        };
        assert!(
            allowed && call.path.is_ascii(),
            "unexpected call {} {}",
            call.method,
            call.path
        );
    }
}

/// Panics if a value contains control characters.
pub fn check_header_values(headers: &[HeaderLine]) {
    for (name, value) in headers {
        assert!(
            !value.chars().any(char::is_control),
            "{name}: {value:?} contains control characters"
        );
    }
}

fn check_signed_in(instance: &Instance, signed_in: &SignedIn) {
    let token = instance.token(&signed_in.token);
    let token = token.unwrap_or_else(|| panic!("{} was never signed", signed_in.token));
    // Only a handshake sets this header.
    let by_handshake = signed_in
        .headers
        .iter()
        .any(|(name, _)| *name == "access-control-allow-origin");
    match token.validity {
        Validity::Valid => {}
        Validity::DatesOff => assert!(
            by_handshake && instance.is_development(),
            "{} is expired or not active yet",
            token.name
        ),
        Validity::Invalid => panic!("the token {} is invalid", token.name),
    }
    assert_eq!(
        *signed_in.claims.as_map(),
        token.claims,
        "the claims differ from those of the token"
    );
    if let Ok(session) = signed_in.claims.session() {
        assert!(
            !["pending", "template"].contains(&token.name),
            "{} has no active session",
            token.name
        );
        assert!(matches!(session.user_id.as_str(), "user_1" | "user_2"));
    }
}

fn check_location(instance: &Instance, state: &RequestState, location: &str) {
    let url = Url::parse(location).unwrap_or_else(|_| panic!("{location:?} is not an absolute URL"));
    assert_eq!(
        url.origin().ascii_serialization(),
        instance.origin,
        "{location:?} is on another origin"
    );
    if matches!(state, RequestState::Handshake(_)) {
        assert_eq!(
            url.path(),
            "/__clerk/v1/client/handshake",
            "{location:?} is not Clerk's handshake endpoint"
        );
    } else {
        assert!(
            instance.is_development(),
            "only development instances remove handshake parameters"
        );
        assert!(
            !url.query_pairs().any(|(name, _)| name == "__clerk_handshake"),
            "{location:?} contains a handshake parameter"
        );
    }
}

/// Whether a browser navigates when it receives a redirect to this request.
fn is_document(request: &RequestHead) -> bool {
    request.method() == "GET"
        && match request.header("sec-fetch-dest") {
            Some(destination) => destination == "document" || destination == "iframe",
            None => request
                .header("accept")
                .is_some_and(|accept| accept.starts_with("text/html")),
        }
}
