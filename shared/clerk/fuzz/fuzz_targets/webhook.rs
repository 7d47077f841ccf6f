//! Webhooks: a message is accepted if and only if it was signed recently with one of the secrets.
//!
//! Input: the signer, the age (seconds), a position to change, then lines: `svix-id`,
//! `svix-timestamp` (of unsigned messages), `svix-signature` (`{v1}` stands for the valid
//! signature), and the body.

#![no_main]

use arbitrary::Arbitrary;
use clerk::webhook::{SvixHeaders, TOLERANCE_S, WebhookError, signature, verify};
use harness::NOW_S;
use libfuzzer_sys::fuzz_target;

/// Two, as during a rotation.
const SECRETS: [&str; 2] = ["whsec_ZnV6ei1zZWNyZXQtb25l", "whsec_ZnV6ei1zZWNyZXQtdHdv"];
const OTHER_SECRET: &str = "whsec_c29tZWJvZHktZWxzZXM=";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    signer: u8,
    age_s: i16,
    at: u16,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let mut lines = input.text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (id, timestamp, signatures, body) = (line(), line(), line(), line().as_bytes());
    match SECRETS.get(usize::from(input.signer % 4)) {
        Some(secret) => signed(secret, id, signatures, body, &input),
        None if input.signer % 4 == 2 => {
            let made = signature(OTHER_SECRET, id, NOW_S, body).expect("the secret is valid");
            let taken = verify_headers(id, &NOW_S.to_string(), &signatures.replace("{v1}", &made), body);
            assert!(
                taken.is_err(),
                "a message signed with another secret was accepted"
            );
        }
        None => assert!(
            verify_headers(id, timestamp, signatures, body).is_err(),
            "an unsigned message was accepted"
        ),
    }
});

fn verify_headers(id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> Result<i64, WebhookError> {
    let headers = SvixHeaders {
        id: Some(id),
        timestamp: Some(timestamp),
        signature: Some(signatures),
    };
    verify(&SECRETS, headers, body, NOW_S).map(|message| {
        assert_eq!(message.id, id.trim());
        message.timestamp_s
    })
}

fn signed(secret: &str, id: &str, signatures: &str, body: &[u8], input: &Input<'_>) {
    let id = id.trim();
    let signed_s = NOW_S - i64::from(input.age_s);
    let timestamp = signed_s.to_string();
    let made = signature(secret, id, signed_s, body).expect("the secret is valid");
    let is_recent = i64::from(input.age_s).abs() <= TOLERANCE_S;
    assert_eq!(
        verify_headers(id, &timestamp, &made, body).is_ok(),
        is_recent && !id.is_empty(),
        "{id:?} of {timestamp}"
    );
    let in_list = verify_headers(id, &timestamp, &signatures.replace("{v1}", &made), body);
    if let Ok(accepted_s) = in_list {
        assert_eq!(accepted_s, signed_s);
        assert!(
            is_recent && signatures.contains("{v1}"),
            "{signatures:?} does not contain the signature"
        );
    }

    let mut changed = body.to_vec();
    match changed.len() {
        0 => changed.push(b'x'),
        length => changed[usize::from(input.at) % length] ^= 1,
    }
    assert!(
        verify_headers(id, &timestamp, &made, &changed).is_err(),
        "another body was accepted"
    );
    assert!(
        verify_headers(&format!("{id}x"), &timestamp, &made, body).is_err(),
        "another id was accepted"
    );
    let other_time = signed_s.saturating_add(1).to_string();
    assert!(
        verify_headers(id, &other_time, &made, body).is_err(),
        "another timestamp was accepted"
    );
}
