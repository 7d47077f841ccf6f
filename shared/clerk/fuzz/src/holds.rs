//! What must hold of every judgement, whatever was asked.

use clerk::{HeaderLine, Request, RequestState, SignedIn};
use url::Url;

use crate::backend::Answers;
use crate::tokens::Worth;
use crate::world::World;

/// The headers that a judgement may ask for.
const HEADERS: [&str; 5] = [
    "location",
    "cache-control",
    "set-cookie",
    "access-control-allow-origin",
    "access-control-allow-credentials",
];
/// The cookie that counts redirects: the only one of our own making.
const REDIRECT_COUNT: &str = "__clerk_redirect_count=";

/// Panics where a judgement signs somebody in whom the instance did not, redirects elsewhere, sends
/// what cannot be redirected through a handshake, or sets cookies that nobody genuine brought.
/// `lines`: those of a handshake that the target itself has signed.
pub fn judgement_holds(
    world: &World,
    request: &Request,
    state: &RequestState,
    answers: &Answers<'_>,
    lines: &[String],
) {
    headers_are_clean(state.headers());
    headers_are_clean(&state.debug_headers());
    for (name, value) in state.headers() {
        assert!(HEADERS.contains(name), "{name} is nothing a judgement asks for");
        if *name == "set-cookie" && !value.starts_with(REDIRECT_COUNT) {
            let genuine = answers.lines().iter().chain(lines).any(|line| line == value)
                || world.handshake_lines().any(|line| line == value);
            assert!(genuine, "nobody genuine brought the cookie {value:?}");
        }
    }
    if let Some(location) = state.location() {
        location_holds(world, state, location);
    }
    match state {
        RequestState::SignedIn(signed_in) => sign_in_holds(world, signed_in),
        RequestState::Handshake(_) => {
            assert!(
                is_document(request),
                "only documents are sent through a handshake"
            );
            assert!(state.location().is_some(), "a handshake leads somewhere");
        }
        RequestState::SignedOut(_) => {}
    }
    for call in answers.calls() {
        let allowed = match call.method {
            "GET" => call.path.starts_with("/v1/clients/handshake_payload?nonce="),
            "POST" => call.path.starts_with("/v1/sessions/") && call.path.split('/').count() == 5,
            _ => false,
        };
        assert!(
            allowed && call.path.is_ascii(),
            "{} {} is no call of ours",
            call.method,
            call.path
        );
    }
}

/// Panics where a value would break out of its header.
pub fn headers_are_clean(headers: &[HeaderLine]) {
    for (name, value) in headers {
        assert!(
            !value.chars().any(char::is_control),
            "{name}: {value:?} breaks out of its header"
        );
    }
}

fn sign_in_holds(world: &World, signed_in: &SignedIn) {
    let token = world.token(&signed_in.token);
    let token = token.unwrap_or_else(|| panic!("{} was never signed", signed_in.token));
    // Only a handshake answers with this header.
    let by_handshake = signed_in
        .headers
        .iter()
        .any(|(name, _)| *name == "access-control-allow-origin");
    match token.worth {
        Worth::Genuine => {}
        Worth::Misdated => assert!(
            by_handshake && world.is_development(),
            "{} is misdated",
            token.name
        ),
        Worth::Nothing => panic!("{} signs nobody in", token.name),
    }
    assert_eq!(
        *signed_in.claims.as_map(),
        token.claims,
        "the claims are those of the token"
    );
    if let Ok(session) = signed_in.claims.session() {
        assert!(
            !["pending", "template"].contains(&token.name),
            "{} does not act",
            token.name
        );
        assert!(matches!(session.user_id.as_str(), "user_1" | "user_2"));
    }
}

fn location_holds(world: &World, state: &RequestState, location: &str) {
    let url = Url::parse(location).unwrap_or_else(|_| panic!("{location:?} is no absolute URL"));
    assert_eq!(
        url.origin().ascii_serialization(),
        world.origin,
        "{location:?} leads elsewhere"
    );
    if matches!(state, RequestState::Handshake(_)) {
        assert_eq!(
            url.path(),
            "/__clerk/v1/client/handshake",
            "{location:?} is not Clerk's"
        );
    } else {
        assert!(
            world.is_development(),
            "only a development instance cleans addresses"
        );
        assert!(
            !url.query_pairs().any(|(name, _)| name == "__clerk_handshake"),
            "{location:?} is not clean"
        );
    }
}

/// Whether a browser would follow a redirect of this request to another page.
fn is_document(request: &Request) -> bool {
    request.method() == "GET"
        && match request.header("sec-fetch-dest") {
            Some(destination) => destination == "document" || destination == "iframe",
            None => request
                .header("accept")
                .is_some_and(|accept| accept.starts_with("text/html")),
        }
}
