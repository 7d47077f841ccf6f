//! Arbitrary requests: only a token signed by the instance signs in, no redirect leaves the origin,
//! and redirects do not loop.
//!
//! Input: an instance, then lines: method and path, headers, and after an empty line the status and
//! body of every Backend API response. Without those the Backend API is unreachable.

#![no_main]

use arbitrary::Arbitrary;
use clerk::{ApiResponse, COOKIE_HEADER_BYTES_MAX, RequestHead, RequestState, authenticate_request};
use harness::{Instance, StubBackend, check_state, ready};
use libfuzzer_sys::fuzz_target;

/// The largest number of consecutive redirects.
const REDIRECTS_MAX: usize = 3;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    production: bool,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let instance = Instance::get(input.production);
    let text = instance.expand(input.text);
    let (head, answer) = match text.split_once("\n\n") {
        Some((head, answer)) => (head, read_response(answer)),
        None => (text.as_str(), None),
    };
    let mut lines = head.lines();
    let (method, path) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or(("GET", "/"));
    let url = format!(
        "{}{}{path}",
        instance.origin,
        if path.starts_with('/') { "" } else { "/" }
    );
    let headers: Vec<(&str, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.to_owned()))
        .collect();
    let state = authenticate(instance, method, &url, &headers, answer.as_ref());
    // A request that sets the redirect count itself, or exceeds the cookie limit, can redirect forever.
    if !text.contains("redirect_count") && text.len() < COOKIE_HEADER_BYTES_MAX {
        follow(instance, method, &url, headers, answer.as_ref(), state);
    }
});

fn read_response(text: &str) -> Option<ApiResponse> {
    let (status, body) = text.split_once('\n')?;
    Some(ApiResponse {
        status: status.trim().parse().ok()?,
        body: body.as_bytes().to_vec(),
    })
}

/// `None` if, in development, a handshake token was rejected.
fn authenticate(
    instance: &Instance,
    method: &str,
    url: &str,
    headers: &[(&str, String)],
    answer: Option<&ApiResponse>,
) -> Option<RequestState> {
    let request = RequestHead::new(method, url, headers.iter().map(|(name, value)| (*name, value))).ok()?;
    let backend = StubBackend::new(instance, answer.cloned());
    match ready(authenticate_request(
        &request,
        &instance.request_options(),
        &backend,
    )) {
        Ok(state) => {
            check_state(instance, &request, &state, &backend, &[]);
            Some(state)
        }
        Err(error) => {
            let message = error.to_string();
            let is_handshake_error = message.starts_with("Clerk: Handshake token verification failed");
            assert!(is_handshake_error && instance.is_development(), "{message}");
            None
        }
    }
}

/// Repeats the request like a browser that returns from handshakes without a result.
fn follow(
    instance: &Instance,
    method: &str,
    url: &str,
    mut headers: Vec<(&str, String)>,
    answer: Option<&ApiResponse>,
    mut state: Option<RequestState>,
) {
    for _ in 0..REDIRECTS_MAX {
        let Some(RequestState::Handshake(handshake)) = &state else {
            return;
        };
        let cookie = handshake.headers.iter().find(|(name, _)| *name == "set-cookie");
        let (_, cookie) = cookie.unwrap_or_else(|| panic!("the redirect does not set the redirect count"));
        let count = cookie.split(';').next().unwrap_or_default();
        match headers
            .iter_mut()
            .find(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        {
            Some((_, value)) => *value = format!("{count}; {value}"),
            None => headers.push(("cookie", count.to_owned())),
        }
        state = authenticate(instance, method, url, &headers, answer);
    }
    assert!(
        !matches!(state, Some(RequestState::Handshake(_))),
        "{url} redirects in a loop"
    );
}
