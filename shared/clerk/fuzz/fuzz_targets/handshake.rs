//! What a browser brings back from a handshake, in each of the ways it can: cookies and sessions come
//! only from a payload that the instance has signed or that Clerk's Backend API answers.
//!
//! Input: an instance, how the payload comes, then lines: path, `Cookie` header, payload.

#![no_main]

use arbitrary::Arbitrary;
use clerk::{ApiAnswer, AuthError, Request, RequestState, authenticate_request};
use harness::{Answers, KID, World, judgement_holds, ready};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

const TOKEN: &str = "__clerk_handshake";
const NONCE: &str = "__clerk_handshake_nonce";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    production: bool,
    carrier: u8,
    text: &'a str,
}

/// How a payload comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    /// Signed by the instance.
    Signed,
    /// Signed by somebody else.
    Forged,
    /// It is the token, as it stands.
    Raw,
    /// Under a nonce; Clerk answers.
    Nonce,
    /// Under a nonce; Clerk refuses.
    Refused,
}

impl Carrier {
    const ALL: [Self; 5] = [Self::Signed, Self::Forged, Self::Raw, Self::Nonce, Self::Refused];

    fn of(byte: u8) -> Self {
        // Digits come first, so that seeds can be written by hand.
        let ours = usize::from(byte.wrapping_sub(b'0') / 2) % Self::ALL.len();
        Self::ALL.into_iter().nth(ours).unwrap_or(Self::Raw)
    }
}

fuzz_target!(|input: Input<'_>| {
    let world = World::of(input.production);
    let carrier = Carrier::of(input.carrier);
    let text = world.expand(input.text);
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (path, cookie, payload) = (line(), line(), line());

    let (name, value, status) = match carrier {
        Carrier::Signed => (TOKEN, world.key.sign(&header(), &payload), 0),
        Carrier::Forged => (TOKEN, world.stranger.sign(&header(), &payload), 0),
        Carrier::Raw => (TOKEN, payload.clone(), 0),
        Carrier::Nonce => (NONCE, "nonce".to_owned(), 200),
        Carrier::Refused => (NONCE, "nonce".to_owned(), 404),
    };
    let answer = (status != 0).then(|| ApiAnswer {
        status,
        body: payload.clone().into_bytes(),
    });
    let answers = Answers::new(world, answer);
    let Some(request) = request(
        world,
        &path,
        &cookie,
        name,
        &value,
        input.carrier.is_multiple_of(2),
    ) else {
        return;
    };
    match ready(authenticate_request(&request, &world.request_options(), &answers)) {
        Ok(state) => {
            let brought = if carrier == Carrier::Signed {
                handshake_lines(&payload)
            } else {
                Vec::new()
            };
            judgement_holds(world, &request, &state, &answers, &brought);
            cookies_come_together(&state);
        }
        Err(AuthError::HandshakeSignature | AuthError::HandshakeToken(_)) => {
            assert!(
                world.is_development(),
                "in production a bad handshake is as good as none"
            );
        }
        Err(misconfigured) => panic!("{misconfigured}"),
    }
});

fn header() -> String {
    json!({"alg": "RS256", "kid": KID, "typ": "JWT"}).to_string()
}

/// A document with the payload in its address, or else in a cookie.
fn request(
    world: &World,
    path: &str,
    cookie: &str,
    name: &str,
    value: &str,
    in_address: bool,
) -> Option<Request> {
    let mut url = format!("{}/{path}", world.origin);
    let mut cookies = cookie.to_owned();
    if in_address {
        let value: String = byte_serialize(value.as_bytes()).collect();
        let start = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{start}{name}={value}");
    } else {
        cookies = format!("{cookies}; {name}={value}");
    }
    let headers = [("sec-fetch-dest", "document"), ("cookie", cookies.as_str())];
    Request::new("GET", &url, headers).ok()
}

/// What a payload that the instance has signed may set.
fn handshake_lines(payload: &str) -> Vec<String> {
    // Tokens may begin with a byte order mark, as they may for Clerk's SDK.
    let payload = payload.strip_prefix('\u{feff}').unwrap_or(payload);
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let lines = payload.get("handshake").and_then(Value::as_array);
    lines
        .into_iter()
        .flatten()
        .filter_map(|line| line.as_str().map(str::to_owned))
        .collect()
}

/// Who is signed in by a handshake gets the cookie that says so.
fn cookies_come_together(state: &RequestState) {
    let RequestState::SignedIn(signed_in) = state else {
        return;
    };
    if signed_in.headers.iter().any(|(name, _)| *name == "set-cookie") {
        let set = signed_in.headers.iter().any(|(name, value)| {
            *name == "set-cookie" && value.starts_with("__session") && value.contains(&signed_in.token)
        });
        assert!(set, "nothing sets the session {}", signed_in.token);
    }
}
