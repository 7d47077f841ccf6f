//! Verification of Svix signatures, which Clerk's webhooks carry.
//!
//! Checks signature and age. Svix guarantees neither single delivery nor order: de-duplicate on
//! [`Message::id`], and expect an update after a deletion.

use crate::number::leading_integer;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The largest accepted difference between a message's timestamp and now, in seconds, inclusive.
pub const TOLERANCE_S: i64 = 5 * 60;
/// The number of signatures read from a header; a sender adds one for each of its keys.
pub const SIGNATURES_MAX: usize = 16;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a message is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No usable secret is configured: a configuration error of the server.
    #[error("There is no usable webhook secret.")]
    Secret,
    /// A header is missing or empty.
    #[error("Missing required webhook header: {0}")]
    MissingHeader(&'static str),
    /// The timestamp is not a number.
    #[error("Invalid Signature Headers")]
    Timestamp,
    /// Older than the tolerance.
    #[error("Message timestamp too old")]
    TooOld,
    /// Newer than the tolerance.
    #[error("Message timestamp too new")]
    TooNew,
    /// No signature matches any secret.
    #[error("No matching signature found")]
    NoMatch,
}

/// A verified message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// `svix-id`: the same for each delivery of one message.
    pub id: &'a str,
    /// When it was signed, in seconds since 1970.
    pub timestamp_s: i64,
}

/// The signature headers of a message, unverified.
#[derive(Debug, Clone, Copy, Default)]
pub struct SvixHeaders<'a> {
    /// `svix-id`
    pub id: Option<&'a str>,
    /// `svix-timestamp`
    pub timestamp: Option<&'a str>,
    /// `svix-signature`
    pub signature: Option<&'a str>,
}

/// Verifies a message: a signature of version 1 must be HMAC-SHA256 over `id.timestamp.body` under
/// one of the secrets (`whsec_` and base64; several while one is being rotated). The comparison
/// takes the same time for every signature of the right length.
///
/// # Errors
/// See [`WebhookError`]. Only [`WebhookError::Secret`] is the server's fault.
pub fn verify<'a>(
    secrets: &[&str],
    headers: SvixHeaders<'a>,
    body: &[u8],
    now_s: i64,
) -> Result<Message<'a>, WebhookError> {
    let keys: Vec<Vec<u8>> = secrets.iter().filter_map(|secret| key(secret)).collect();
    if keys.is_empty() {
        return Err(WebhookError::Secret);
    }
    let id = required(headers.id, "svix-id")?;
    let timestamp = required(headers.timestamp, "svix-timestamp")?;
    let signatures = required(headers.signature, "svix-signature")?;
    let timestamp_s = leading_integer(timestamp).ok_or(WebhookError::Timestamp)?;
    if now_s.saturating_sub(timestamp_s) > TOLERANCE_S {
        return Err(WebhookError::TooOld);
    }
    if timestamp_s > now_s.saturating_add(TOLERANCE_S) {
        return Err(WebhookError::TooNew);
    }
    let expected: Vec<String> = keys
        .iter()
        .filter_map(|key| sign(key, id, timestamp_s, body))
        .collect();
    let genuine = signatures.split(' ').take(SIGNATURES_MAX).any(|versioned| {
        let mut fields = versioned.split(',');
        let (version, signature) = (fields.next(), fields.next().unwrap_or_default());
        version == Some("v1")
            && expected.iter().fold(false, |found, expected| {
                found | bool::from(expected.as_bytes().ct_eq(signature.as_bytes()))
            })
    });
    if genuine {
        Ok(Message { id, timestamp_s })
    } else {
        Err(WebhookError::NoMatch)
    }
}

/// Signs a message, for tests and the emulator: the value of `svix-signature`.
pub fn signature(secret: &str, id: &str, timestamp_s: i64, body: &[u8]) -> Option<String> {
    sign(&key(secret)?, id, timestamp_s, body).map(|signature| format!("v1,{signature}"))
}

fn required<'a>(header: Option<&'a str>, name: &'static str) -> Result<&'a str, WebhookError> {
    header
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .ok_or(WebhookError::MissingHeader(name))
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
    LENIENT.decode(encoded).ok().filter(|key| !key.is_empty())
}

fn sign(key: &[u8], id: &str, timestamp_s: i64, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const NOW_S: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn verify_at(
        secrets: &[&str],
        timestamp: &str,
        signature: &str,
        now_s: i64,
    ) -> Result<i64, WebhookError> {
        let headers = SvixHeaders {
            id: Some("msg_1"),
            timestamp: Some(timestamp),
            signature: Some(signature),
        };
        verify(secrets, headers, BODY, now_s).map(|message| message.timestamp_s)
    }

    #[test]
    fn a_message_signed_with_any_of_the_secrets_is_accepted() {
        let good = signature(SECRET, "msg_1", NOW_S, BODY).unwrap();
        let now = NOW_S.to_string();
        assert_eq!(verify_at(&[SECRET], &now, &good, NOW_S), Ok(NOW_S));
        assert_eq!(
            verify_at(&[OTHER, SECRET], &now, &good, NOW_S),
            Ok(NOW_S),
            "while rotating"
        );
        assert_eq!(
            verify_at(&[SECRET], &now, &format!("v1,AAAA v1a,x {good}"), NOW_S),
            Ok(NOW_S)
        );
        assert_eq!(
            verify_at(&[OTHER], &now, &good, NOW_S),
            Err(WebhookError::NoMatch)
        );
        assert_eq!(verify_at(&[], &now, &good, NOW_S), Err(WebhookError::Secret));
        assert_eq!(
            verify_at(&["whsec_", "whsec_!"], &now, &good, NOW_S),
            Err(WebhookError::Secret)
        );
        let flood = format!("{}{good}", "v1,x ".repeat(SIGNATURES_MAX));
        assert_eq!(
            verify_at(&[SECRET], &now, &flood, NOW_S),
            Err(WebhookError::NoMatch)
        );
    }

    #[test]
    fn timestamps_up_to_five_minutes_off_are_accepted() {
        let good = signature(SECRET, "msg_1", NOW_S, BODY).unwrap();
        let now = NOW_S.to_string();
        assert_eq!(verify_at(&[SECRET], &now, &good, NOW_S + TOLERANCE_S), Ok(NOW_S));
        assert_eq!(
            verify_at(&[SECRET], &now, &good, NOW_S + TOLERANCE_S + 1),
            Err(WebhookError::TooOld)
        );
        assert_eq!(verify_at(&[SECRET], &now, &good, NOW_S - TOLERANCE_S), Ok(NOW_S));
        assert_eq!(
            verify_at(&[SECRET], &now, &good, NOW_S - TOLERANCE_S - 1),
            Err(WebhookError::TooNew)
        );
    }

    #[test]
    fn a_timestamp_that_is_not_a_number_is_rejected() {
        for timestamp in ["hello", "-", "+", "9999999999999999999999"] {
            assert_eq!(
                verify_at(&[SECRET], timestamp, "v1,x", NOW_S),
                Err(WebhookError::Timestamp),
                "{timestamp}"
            );
        }
        assert_eq!(
            verify_at(&[SECRET], "-9223372036854775807", "v1,x", NOW_S),
            Err(WebhookError::TooOld)
        );
    }

    #[test]
    fn each_header_is_required() {
        let all = SvixHeaders {
            id: Some("a"),
            timestamp: Some("1"),
            signature: Some("v1,x"),
        };
        for (headers, name) in [
            (SvixHeaders { id: None, ..all }, "svix-id"),
            (
                SvixHeaders {
                    timestamp: Some(" "),
                    ..all
                },
                "svix-timestamp",
            ),
            (
                SvixHeaders {
                    signature: None,
                    ..all
                },
                "svix-signature",
            ),
        ] {
            assert_eq!(
                verify(&[SECRET], headers, b"", 0),
                Err(WebhookError::MissingHeader(name))
            );
        }
    }
}
