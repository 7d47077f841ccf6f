//! A token from text to claims: only what the instance has signed is ever accepted, and only as it
//! was signed.
//!
//! Input: an instance, a place and a letter to change it to, then either a token (one line) or the
//! header and claims of one that the instance signs, whatever they are (two lines).

#![no_main]

use arbitrary::Arbitrary;
use clerk::{Claims, TokenError, TokenMemory, TokenOptions, verify_token};
use harness::{Answers, KID, NOW_MS, World, Worth, ready};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// `cat` of a machine's token.
const MACHINE: &str = "cl_B7d4PD333AAA";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    production: bool,
    at: u16,
    letter: u8,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let world = World::of(input.production);
    match input.text.split_once('\n') {
        None => unsigned(world, &world.expand(input.text)),
        Some((header, claims)) => signed(world, &world.expand(header), &world.expand(claims), &input),
    }
});

fn judge(world: &World, text: &str, options: &TokenOptions) -> Result<Claims, TokenError> {
    ready(verify_token(text, &Answers::new(world, None), options))
}

fn unsigned(world: &World, text: &str) {
    let Ok(claims) = judge(world, text, &world.token_options()) else {
        return;
    };
    let token = world
        .token(text)
        .unwrap_or_else(|| panic!("{text} was never signed"));
    assert_eq!(token.worth, Worth::Genuine, "{}", token.name);
    assert_eq!(*claims.as_map(), token.claims, "{}", token.name);
}

fn signed(world: &World, header: &str, payload: &str, input: &Input<'_>) {
    let text = world.key.sign(header, payload);
    let options = world.token_options();
    let Ok(claims) = judge(world, &text, &options) else {
        return;
    };
    header_holds(&read(header));
    let said = read(payload);
    claims_hold(world, &said);
    assert_eq!(
        Some(claims.as_map()),
        said.as_object(),
        "the claims are those that were signed"
    );
    // What may be asked of claims must have an answer.
    let _ = (claims.session(), claims.organization());
    memory_holds(&text, &claims, &options);
    let changed = change(&text, input);
    assert!(
        changed.trim_end_matches('=') == text || judge(world, &changed, &options).is_err(),
        "{changed} was never signed, {text} was"
    );
}

/// The text with one letter changed.
fn change(text: &str, input: &Input<'_>) -> String {
    let at = usize::from(input.at) % text.len();
    let change = |(i, letter)| if i == at { char::from(input.letter) } else { letter };
    text.chars().enumerate().map(change).collect()
}

fn read(json: &str) -> Value {
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json:?} was accepted: {error}"))
}

fn header_holds(header: &Value) {
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["kid"], KID);
    assert!(header.get("typ").is_none_or(|typ| typ == "JWT"), "{header}");
    assert_ne!(header["cat"], MACHINE);
}

fn claims_hold(world: &World, claims: &Value) {
    assert!(claims["sub"].is_string(), "{claims}");
    assert_eq!(claims["azp"], world.origin);
    assert_eq!(claims["iss"], world.issuer.as_str());
    let skew_s = (clerk::SKEW_MS / 1000) as f64;
    let now_s = (NOW_MS / 1000) as f64;
    let expiry = claims["exp"].as_f64().unwrap_or(f64::NAN);
    assert!(expiry.trunc() > now_s - skew_s, "{claims}");
    for name in ["nbf", "iat"] {
        if let Some(date) = claims.get(name) {
            assert!(
                date.as_f64().unwrap_or(f64::NAN).trunc() <= now_s + skew_s,
                "{claims}"
            );
        }
    }
}

/// What is remembered of a token is what it said, and not beyond its end.
fn memory_holds(text: &str, claims: &Claims, options: &TokenOptions) {
    let mut memory = TokenMemory::new();
    memory.remember(text, claims, NOW_MS);
    assert_eq!(memory.recall(text, options).as_ref(), Some(claims));
    let mut later = options.clone();
    later.now_ms = claims.expires_at_ms().saturating_add(later.skew_ms);
    assert_eq!(memory.recall(text, &later), None, "it has expired");
}
