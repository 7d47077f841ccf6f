//! Addresses and the codes that prove them. Test credentials as Clerk documents
//! them: any address with `+clerk_test`, numbers +1 (XXX) 555-0100 to 555-0199,
//! and the code 424242, which no other address accepts. Codes of other addresses
//! are random and are never sent: they are printed and kept for the control API.

use crate::refusal::Refusal;
use crate::state::{Data, Status, Verification};

/// The code of every test address.
pub const TEST_CODE: &str = "424242";
/// A code is good for ten minutes.
pub const CODE_MS: i64 = 10 * 60 * 1000;
const WRONG_CODES_MAX: u32 = 5;
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// An address as it is stored, or None if it is none.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    let sound = !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && text.len() <= EMAIL_CHARS_MAX
        && text.chars().all(plain);
    sound.then_some(text)
}

/// A number in E.164, or None if it is none.
pub fn phone(text: &str) -> Option<String> {
    let digits = text.trim().strip_prefix('+')?;
    let digits: String = digits.chars().filter(|c| !" -().".contains(*c)).collect();
    let sound = PHONE_DIGITS.contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0');
    sound.then(|| format!("+{digits}"))
}

/// Whether the address or number is one that accepts [`TEST_CODE`].
pub fn is_test(address: &str) -> bool {
    if let Some((local, _)) = address.rsplit_once('@') {
        return local.contains("+clerk_test");
    }
    let Some(number) = address.strip_prefix("+1") else {
        return false;
    };
    number.len() == 10 && number.chars().skip(3).take(5).eq("55501".chars())
}

/// Starts a proof of `address`: a fresh code, a fresh ten minutes.
pub fn prepare(data: &mut Data, address: &str, strategy: &str, now: i64) -> Verification {
    let code = if is_test(address) {
        TEST_CODE.to_owned()
    } else {
        crate::id::code()
    };
    if !is_test(address) {
        println!("clerk-emulator: the code for {address} is {code}");
        data.post(address, &code, now);
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
/// If nothing was prepared, the code is wrong, late, or was guessed too often.
pub fn attempt(proof: &mut Verification, code: &str, now: i64) -> Result<(), Refusal> {
    if proof.status == Status::Verified {
        return Err(Refusal::new(
            400,
            "verification_already_verified",
            "This verification has already been verified.",
        ));
    }
    let Some(expected) = proof.code.as_deref() else {
        let message = "You need to send a verification code before attempting to verify.";
        return Err(Refusal::new(400, "verification_missing", message));
    };
    if proof.wrong_codes >= WRONG_CODES_MAX {
        proof.status = Status::Failed;
        let message = "Too many failed attempts. You have to try again with the same or another method.";
        return Err(Refusal::new(422, "verification_failed", message));
    }
    if proof.expire_at.is_none_or(|at| at <= now) {
        proof.status = Status::Expired;
        let message = "The verification has expired. You will have to create a new verification.";
        return Err(Refusal::new(422, "verification_expired", message));
    }
    if expected != code.trim() {
        proof.wrong_codes = proof.wrong_codes.saturating_add(1);
        return Err(Refusal::new(422, "form_code_incorrect", "is incorrect")
            .long("Incorrect code")
            .param("code"));
    }
    proof.status = Status::Verified;
    proof.code = None;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_addresses_take_the_test_code() {
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
    fn addresses_are_stored_in_one_form() {
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
    fn a_code_is_refused_when_wrong_late_or_guessed_too_often() {
        let mut data = Data::default();
        let mut proof = prepare(&mut data, "jane+clerk_test@example.com", "email_code", 0);
        assert_eq!(
            attempt(&mut proof, "000000", 1).map_err(|e| e.code),
            Err("form_code_incorrect")
        );
        assert_eq!(
            attempt(&mut proof.clone(), TEST_CODE, CODE_MS).map_err(|e| e.code),
            Err("verification_expired")
        );
        assert_eq!(attempt(&mut proof.clone(), TEST_CODE, 1), Ok(()));
        for _ in 0..WRONG_CODES_MAX {
            let _ = attempt(&mut proof, "000000", 1);
        }
        assert_eq!(
            attempt(&mut proof, TEST_CODE, 1).map_err(|e| e.code),
            Err("verification_failed")
        );
    }

    #[test]
    fn other_addresses_get_a_code_of_their_own_that_the_control_api_shows() {
        let mut data = Data::default();
        let mut proof = prepare(&mut data, "jane@example.com", "email_code", 0);
        assert_eq!(
            attempt(&mut proof, TEST_CODE, 1).map_err(|e| e.code),
            Err("form_code_incorrect")
        );
        let code = data.messages[0].code.clone();
        assert_eq!(attempt(&mut proof, &code, 1), Ok(()));
    }
}
