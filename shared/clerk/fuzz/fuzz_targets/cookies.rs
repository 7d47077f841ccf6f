//! A whole request, as any client may write it: nobody is signed in but by a token that the instance
//! has signed, nobody is led elsewhere or in circles.
//!
//! Input: an instance, then lines: method and path, headers, and after an empty line the status and
//! the body with which Clerk's Backend API answers every call. Without those it is down.

#![no_main]

use arbitrary::Arbitrary;
use clerk::{ApiAnswer, COOKIE_HEADER_BYTES_MAX, Request, RequestState, authenticate_request};
use harness::{Answers, World, judgement_holds, ready};
use libfuzzer_sys::fuzz_target;

/// After so many redirects in a row a visitor must get an answer.
const REDIRECTS_MAX: usize = 3;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    production: bool,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let world = World::of(input.production);
    let text = world.expand(input.text);
    let (head, answer) = match text.split_once("\n\n") {
        Some((head, answer)) => (head, read_answer(answer)),
        None => (text.as_str(), None),
    };
    let mut lines = head.lines();
    let (method, path) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or(("GET", "/"));
    let url = format!(
        "{}{}{path}",
        world.origin,
        if path.starts_with('/') { "" } else { "/" }
    );
    let headers: Vec<(&str, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.to_owned()))
        .collect();
    let state = judge(world, method, &url, &headers, answer.as_ref());
    // A visitor who brings a count of their own counts for themselves, and one with more cookies than
    // are read cannot be counted at all.
    if !text.contains("redirect_count") && text.len() < COOKIE_HEADER_BYTES_MAX {
        follow(world, method, &url, headers, answer.as_ref(), state);
    }
});

fn read_answer(text: &str) -> Option<ApiAnswer> {
    let (status, body) = text.split_once('\n')?;
    Some(ApiAnswer {
        status: status.trim().parse().ok()?,
        body: body.as_bytes().to_vec(),
    })
}

/// `None`: in development, the answer of a foreign handshake.
fn judge(
    world: &World,
    method: &str,
    url: &str,
    headers: &[(&str, String)],
    answer: Option<&ApiAnswer>,
) -> Option<RequestState> {
    let request = Request::new(method, url, headers.iter().map(|(name, value)| (*name, value))).ok()?;
    let answers = Answers::new(world, answer.cloned());
    match ready(authenticate_request(&request, &world.request_options(), &answers)) {
        Ok(state) => {
            judgement_holds(world, &request, &state, &answers, &[]);
            Some(state)
        }
        Err(error) => {
            let message = error.to_string();
            let foreign = message.starts_with("Clerk: Handshake token verification failed");
            assert!(foreign && world.is_development(), "{message}");
            None
        }
    }
}

/// A browser that comes back again and again from a handshake that changes nothing.
fn follow(
    world: &World,
    method: &str,
    url: &str,
    mut headers: Vec<(&str, String)>,
    answer: Option<&ApiAnswer>,
    mut state: Option<RequestState>,
) {
    for _ in 0..REDIRECTS_MAX {
        let Some(RequestState::Handshake(handshake)) = &state else {
            return;
        };
        let cookie = handshake.headers.iter().find(|(name, _)| *name == "set-cookie");
        let (_, cookie) = cookie.unwrap_or_else(|| panic!("this redirect is not counted"));
        let count = cookie.split(';').next().unwrap_or_default();
        match headers
            .iter_mut()
            .find(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        {
            Some((_, value)) => *value = format!("{count}; {value}"),
            None => headers.push(("cookie", count.to_owned())),
        }
        state = judge(world, method, url, &headers, answer);
    }
    assert!(
        !matches!(state, Some(RequestState::Handshake(_))),
        "{url} leads in circles"
    );
}
