//! Addresses and verification codes. Test addresses are those that Clerk documents: email addresses
//! with `+clerk_test` and the numbers +1 (XXX) 555-0100 to 555-0199. Their code is 424242, which no
//! other address accepts. Codes of other addresses are random; they are printed and listed by the
//! control API instead of being sent.

use crate::api_error::ApiError;
use crate::state::{Data, Status, Verification};

/// The code of every test address.
pub const TEST_CODE: &str = "424242";
/// The lifetime of a code, in milliseconds.
pub const CODE_MS: i64 = 10 * 60 * 1000;
const WRONG_CODES_MAX: u32 = 5;
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A normalized email address, or `None` if it is invalid.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    let is_valid = !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && text.len() <= EMAIL_CHARS_MAX
        && text.chars().all(plain);
    is_valid.then_some(text)
}

/// A phone number in E.164, or `None` if it is invalid.
pub fn phone(text: &str) -> Option<String> {
    let digits = text.trim().strip_prefix('+')?;
    let digits: String = digits.chars().filter(|c| !" -().".contains(*c)).collect();
    let is_valid = PHONE_DIGITS.contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0');
    is_valid.then(|| format!("+{digits}"))
}

/// Whether the address or number accepts [`TEST_CODE`].
pub fn is_test(address: &str) -> bool {
    if let Some((local, _)) = address.rsplit_once('@') {
        return local.contains("+clerk_test");
    }
    let Some(number) = address.strip_prefix("+1") else {
        return false;
    };
    number.len() == 10 && number.chars().skip(3).take(5).eq("55501".chars())
}

/// Starts a verification of `address` with a new code.
pub fn prepare(data: &mut Data, address: &str, strategy: &str, now: i64) -> Verification {
    let code = if is_test(address) {
        TEST_CODE.to_owned()
    } else {
        crate::id::code()
    };
    if !is_test(address) {
        println!("clerk-emulator: the code for {address} is {code}");
        data.record_message(address, &code, now);
    }
    Verification {
        strategy: Some(strategy.to_owned()),
        expire_at: Some(now.saturating_add(CODE_MS)),
        code: Some(code),
        ..Verification::default()
    }
}

/// Checks a code.
///
/// # Errors
/// If no verification was started, or the code is wrong, expired or was tried too often.
pub fn attempt(verification: &mut Verification, code: &str, now: i64) -> Result<(), ApiError> {
    if verification.status == Status::Verified {
        return Err(ApiError::new(
            400,
            "verification_already_verified",
            "This verification has already been verified.",
        ));
    }
    let Some(expected) = verification.code.as_deref() else {
        let message = "You need to send a verification code before attempting to verify.";
        return Err(ApiError::new(400, "verification_missing", message));
    };
    if verification.wrong_codes >= WRONG_CODES_MAX {
        verification.status = Status::Failed;
        let message = "Too many failed attempts. You have to try again with the same or another method.";
        return Err(ApiError::new(422, "verification_failed", message));
    }
    if verification.expire_at.is_none_or(|at| at <= now) {
        verification.status = Status::Expired;
        let message = "The verification has expired. You will have to create a new verification.";
        return Err(ApiError::new(422, "verification_expired", message));
    }
    if expected != code.trim() {
        verification.wrong_codes = verification.wrong_codes.saturating_add(1);
        return Err(ApiError::new(422, "form_code_incorrect", "is incorrect")
            .long("Incorrect code")
            .param("code"));
    }
    verification.status = Status::Verified;
    verification.code = None;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_addresses_accept_the_test_code() {
        for address in [
            "jane+clerk_test@example.com",
            "a+clerk_test1@b.co",
            "+12015550100",
            "+19995550199",
        ] {
            assert!(is_test(address), "{address}");
        }
        for address in [
            "jane@example.com",
            "jane@clerk_test.com",
            "+12015550200",
            "+442015550123",
            "+1201555010",
        ] {
            assert!(!is_test(address), "{address}");
        }
    }

    #[test]
    fn addresses_are_normalized() {
        assert_eq!(
            email(" Jane+Clerk_test@Example.com "),
            Some("jane+clerk_test@example.com".into())
        );
        assert_eq!(phone("+1 (201) 555-0123"), Some("+12015550123".into()));
        for bad in ["", "jane", "jane@", "@x.y", "jane@nodot", "a b@c.de", "a@@b.c"] {
            assert_eq!(email(bad), None, "{bad}");
        }
        for bad in ["2015550123", "+0123456789", "+1201", "+12015550123x"] {
            assert_eq!(phone(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_code_is_rejected_if_wrong_expired_or_tried_too_often() {
        let mut data = Data::default();
        let mut verification = prepare(&mut data, "jane+clerk_test@example.com", "email_code", 0);
        assert_eq!(
            attempt(&mut verification, "000000", 1).map_err(|e| e.code),
            Err("form_code_incorrect")
        );
        assert_eq!(
            attempt(&mut verification.clone(), TEST_CODE, CODE_MS).map_err(|e| e.code),
            Err("verification_expired")
        );
        assert_eq!(attempt(&mut verification.clone(), TEST_CODE, 1), Ok(()));
        for _ in 0..WRONG_CODES_MAX {
            let _ = attempt(&mut verification, "000000", 1);
        }
        assert_eq!(
            attempt(&mut verification, TEST_CODE, 1).map_err(|e| e.code),
            Err("verification_failed")
        );
    }

    #[test]
    fn codes_of_other_addresses_are_listed_as_messages() {
        let mut data = Data::default();
        let mut verification = prepare(&mut data, "jane@example.com", "email_code", 0);
        assert_eq!(
            attempt(&mut verification, TEST_CODE, 1).map_err(|e| e.code),
            Err("form_code_incorrect")
        );
        let code = data.messages[0].code.clone();
        assert_eq!(attempt(&mut verification, &code, 1), Ok(()));
    }
}
