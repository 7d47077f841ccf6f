//! Finished handshakes: cookies and sessions come only from a payload that the instance signed or
//! that the Backend API returned.
//!
//! Input: an instance, the carrier of the payload, then lines: path, `Cookie` header, payload.

#![no_main]

use arbitrary::Arbitrary;
use clerk::{ApiResponse, AuthError, RequestHead, RequestState, authenticate_request};
use harness::{Instance, KID, StubBackend, check_state, ready};
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

/// How a payload is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    /// Signed by the instance.
    Signed,
    /// Signed with another key.
    Forged,
    /// The payload is the token itself.
    Raw,
    /// By a nonce, for which the Backend API returns 200.
    Nonce,
    /// By a nonce, for which the Backend API returns 404.
    Refused,
}

impl Carrier {
    const ALL: [Self; 5] = [Self::Signed, Self::Forged, Self::Raw, Self::Nonce, Self::Refused];

    fn of(byte: u8) -> Self {
        // ASCII digits select carriers, so that seeds can be written by hand.
        let index = usize::from(byte.wrapping_sub(b'0') / 2) % Self::ALL.len();
        Self::ALL.into_iter().nth(index).unwrap_or(Self::Raw)
    }
}

fuzz_target!(|input: Input<'_>| {
    let instance = Instance::get(input.production);
    let carrier = Carrier::of(input.carrier);
    let text = instance.expand(input.text);
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (path, cookie, payload) = (line(), line(), line());

    let (name, value, status) = match carrier {
        Carrier::Signed => (TOKEN, instance.key.sign(&header(), &payload), 0),
        Carrier::Forged => (TOKEN, instance.other_key.sign(&header(), &payload), 0),
        Carrier::Raw => (TOKEN, payload.clone(), 0),
        Carrier::Nonce => (NONCE, "nonce".to_owned(), 200),
        Carrier::Refused => (NONCE, "nonce".to_owned(), 404),
    };
    let answer = (status != 0).then(|| ApiResponse {
        status,
        body: payload.clone().into_bytes(),
    });
    let backend = StubBackend::new(instance, answer);
    let Some(request) = request(
        instance,
        &path,
        &cookie,
        name,
        &value,
        input.carrier.is_multiple_of(2),
    ) else {
        return;
    };
    match ready(authenticate_request(
        &request,
        &instance.request_options(),
        &backend,
    )) {
        Ok(state) => {
            let signed_lines = if carrier == Carrier::Signed {
                handshake_lines(&payload)
            } else {
                Vec::new()
            };
            check_state(instance, &request, &state, &backend, &signed_lines);
            check_session_cookie(&state);
        }
        Err(AuthError::HandshakeSignature | AuthError::HandshakeToken(_)) => {
            assert!(
                instance.is_development(),
                "in production an invalid handshake is ignored"
            );
        }
        Err(misconfigured) => panic!("{misconfigured}"),
    }
});

fn header() -> String {
    json!({"alg": "RS256", "kid": KID, "typ": "JWT"}).to_string()
}

/// A request for a document, with the payload in its URL or in a cookie.
fn request(
    instance: &Instance,
    path: &str,
    cookie: &str,
    name: &str,
    value: &str,
    in_url: bool,
) -> Option<RequestHead> {
    let mut url = format!("{}/{path}", instance.origin);
    let mut cookies = cookie.to_owned();
    if in_url {
        let value: String = byte_serialize(value.as_bytes()).collect();
        let start = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{start}{name}={value}");
    } else {
        cookies = format!("{cookies}; {name}={value}");
    }
    let headers = [("sec-fetch-dest", "document"), ("cookie", cookies.as_str())];
    RequestHead::new("GET", &url, headers).ok()
}

/// The `Set-Cookie` lines of a signed payload.
fn handshake_lines(payload: &str) -> Vec<String> {
    // Tokens may begin with a byte order mark, as in Clerk's SDK.
    let payload = payload.strip_prefix('\u{feff}').unwrap_or(payload);
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let lines = payload.get("handshake").and_then(Value::as_array);
    lines
        .into_iter()
        .flatten()
        .filter_map(|line| line.as_str().map(str::to_owned))
        .collect()
}

/// Panics if a handshake signs in without setting the session cookie.
fn check_session_cookie(state: &RequestState) {
    let RequestState::SignedIn(signed_in) = state else {
        return;
    };
    if signed_in.headers.iter().any(|(name, _)| *name == "set-cookie") {
        let set = signed_in.headers.iter().any(|(name, value)| {
            *name == "set-cookie" && value.starts_with("__session") && value.contains(&signed_in.token)
        });
        assert!(set, "no cookie for the session {}", signed_in.token);
    }
}
