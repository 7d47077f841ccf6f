//! Token verification: only unmodified tokens signed by the instance are accepted.
//!
//! Input: an instance, a position and a character to put there, then either a token (one line) or
//! an arbitrary header and payload that the instance signs (two lines).

#![no_main]

use arbitrary::Arbitrary;
use clerk::{Claims, TokenCache, TokenError, TokenOptions, verify_token};
use harness::{Instance, KID, NOW_MS, StubBackend, Validity, ready};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// `cat` of a machine token.
const MACHINE: &str = "cl_B7d4PD333AAA";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    production: bool,
    at: u16,
    replacement: u8,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let instance = Instance::get(input.production);
    match input.text.split_once('\n') {
        None => unsigned(instance, &instance.expand(input.text)),
        Some((header, claims)) => signed(
            instance,
            &instance.expand(header),
            &instance.expand(claims),
            &input,
        ),
    }
});

fn verify_text(instance: &Instance, text: &str, options: &TokenOptions) -> Result<Claims, TokenError> {
    ready(verify_token(text, &StubBackend::new(instance, None), options))
}

fn unsigned(instance: &Instance, text: &str) {
    let Ok(claims) = verify_text(instance, text, &instance.token_options()) else {
        return;
    };
    let token = instance
        .token(text)
        .unwrap_or_else(|| panic!("{text} was never signed"));
    assert_eq!(token.validity, Validity::Valid, "{}", token.name);
    assert_eq!(*claims.as_map(), token.claims, "{}", token.name);
}

fn signed(instance: &Instance, header: &str, payload: &str, input: &Input<'_>) {
    let text = instance.key.sign(header, payload);
    let options = instance.token_options();
    let Ok(claims) = verify_text(instance, &text, &options) else {
        return;
    };
    check_header(&read(header));
    let signed_claims = read(payload);
    check_claims(instance, &signed_claims);
    assert_eq!(
        Some(claims.as_map()),
        signed_claims.as_object(),
        "the claims differ from the signed ones"
    );
    // Must not panic.
    let _ = (claims.session(), claims.organization());
    check_token_cache(&text, &claims, &options);
    let changed = change(&text, input);
    assert!(
        changed.trim_end_matches('=') == text || verify_text(instance, &changed, &options).is_err(),
        "{changed} was never signed; the signed token is {text}"
    );
}

/// The text with one character changed.
fn change(text: &str, input: &Input<'_>) -> String {
    let at = usize::from(input.at) % text.len();
    let change = |(i, replacement)| {
        if i == at {
            char::from(input.replacement)
        } else {
            replacement
        }
    };
    text.chars().enumerate().map(change).collect()
}

fn read(json: &str) -> Value {
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json:?} was accepted: {error}"))
}

fn check_header(header: &Value) {
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["kid"], KID);
    assert!(header.get("typ").is_none_or(|typ| typ == "JWT"), "{header}");
    assert_ne!(header["cat"], MACHINE);
}

fn check_claims(instance: &Instance, claims: &Value) {
    assert!(claims["sub"].is_string(), "{claims}");
    assert_eq!(claims["azp"], instance.origin);
    assert_eq!(claims["iss"], instance.issuer.as_str());
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

/// Panics if the cache returns other claims or an expired token.
fn check_token_cache(text: &str, claims: &Claims, options: &TokenOptions) {
    let mut cache = TokenCache::new();
    cache.insert(text, claims, NOW_MS);
    assert_eq!(cache.get(text, options).as_ref(), Some(claims));
    let mut later = options.clone();
    later.now_ms = claims.expires_at_ms().saturating_add(later.skew_ms);
    assert_eq!(cache.get(text, &later), None, "it has expired");
}
