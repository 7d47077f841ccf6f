//! A webhook: only what was signed with one of the secrets, minutes ago, is taken, and it is taken.
//!
//! Input: who signs, how long ago (seconds), a place to change, then lines: `svix-id`,
//! `svix-timestamp` (of what nobody signed), `svix-signature` (in which `{v1}` stands for the true
//! one), and the body.

#![no_main]

use arbitrary::Arbitrary;
use clerk::webhook::{Headers, TOLERANCE_S, WebhookError, signature, verify};
use harness::NOW_S;
use libfuzzer_sys::fuzz_target;

/// While they rotate there are two.
const SECRETS: [&str; 2] = ["whsec_ZnV6ei1zZWNyZXQtb25l", "whsec_ZnV6ei1zZWNyZXQtdHdv"];
const STRANGERS: &str = "whsec_c29tZWJvZHktZWxzZXM=";

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
        Some(secret) => genuine(secret, id, signatures, body, &input),
        None if input.signer % 4 == 2 => {
            let made = signature(STRANGERS, id, NOW_S, body).expect("this is a secret");
            let taken = judge(id, &NOW_S.to_string(), &signatures.replace("{v1}", &made), body);
            assert!(taken.is_err(), "a stranger's message was taken");
        }
        None => assert!(
            judge(id, timestamp, signatures, body).is_err(),
            "nobody signed this"
        ),
    }
});

fn judge(id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> Result<i64, WebhookError> {
    let headers = Headers {
        id: Some(id),
        timestamp: Some(timestamp),
        signature: Some(signatures),
    };
    verify(&SECRETS, headers, body, NOW_S).map(|message| {
        assert_eq!(message.id, id.trim());
        message.timestamp_s
    })
}

fn genuine(secret: &str, id: &str, signatures: &str, body: &[u8], input: &Input<'_>) {
    let id = id.trim();
    let signed_s = NOW_S - i64::from(input.age_s);
    let timestamp = signed_s.to_string();
    let made = signature(secret, id, signed_s, body).expect("this is a secret");
    let is_recent = i64::from(input.age_s).abs() <= TOLERANCE_S;
    assert_eq!(
        judge(id, &timestamp, &made, body).is_ok(),
        is_recent && !id.is_empty(),
        "{id:?} of {timestamp}"
    );
    let among = judge(id, &timestamp, &signatures.replace("{v1}", &made), body);
    if let Ok(taken_s) = among {
        assert_eq!(taken_s, signed_s);
        assert!(
            is_recent && signatures.contains("{v1}"),
            "{signatures:?} is not the signature"
        );
    }

    let mut changed = body.to_vec();
    match changed.len() {
        0 => changed.push(b'x'),
        length => changed[usize::from(input.at) % length] ^= 1,
    }
    assert!(
        judge(id, &timestamp, &made, &changed).is_err(),
        "another body was taken"
    );
    assert!(
        judge(&format!("{id}x"), &timestamp, &made, body).is_err(),
        "another id was taken"
    );
    let other_time = signed_s.saturating_add(1).to_string();
    assert!(
        judge(id, &other_time, &made, body).is_err(),
        "another time was taken"
    );
}
