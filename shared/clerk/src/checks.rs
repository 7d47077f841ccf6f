//! Checks of single claims and header parameters.
//!
//! A claim is passed as in the token, `None` if it is absent: several checks treat an absent claim
//! and a null claim differently.

use crate::json::{stringify, truthy};
use crate::reason::{TokenError, TokenReason};
use crate::time::{numeric_date_ms, utc_string};
use serde_json::Value;

/// The algorithms with a valid name. Only RS256 is verified: see [`crate::UnverifiedToken::accept`].
const ALGORITHMS: [&str; 3] = ["RS256", "RS384", "RS512"];

/// The `typ` of a session token.
const SESSION_TYPE: &str = "JWT";

/// `typ`: absent or exactly `JWT`. With `allowed`, present and one of those.
///
/// # Errors
/// [`TokenReason::Invalid`].
pub fn check_type(typ: Option<&Value>, allowed: Option<&[String]>) -> Result<(), TokenError> {
    if typ.is_none() && allowed.is_none() {
        return Ok(());
    }
    let given = typ.and_then(Value::as_str);
    let ok = match allowed {
        None => given == Some(SESSION_TYPE),
        Some(types) => types.iter().any(|allowed| given == Some(allowed)),
    };
    if ok {
        return Ok(());
    }
    let expected = allowed.map_or_else(|| SESSION_TYPE.to_owned(), |types| types.join(", "));
    Err(TokenError::not_issued_by_clerk(
        TokenReason::Invalid,
        format!("Invalid JWT type {}. Expected \"{expected}\".", stringify(typ)),
    ))
}

/// `alg`: the exact name of an RSA PKCS #1 v1.5 algorithm.
///
/// # Errors
/// [`TokenReason::Algorithm`].
pub fn check_algorithm(alg: Option<&Value>) -> Result<(), TokenError> {
    if alg
        .and_then(Value::as_str)
        .is_some_and(|alg| ALGORITHMS.contains(&alg))
    {
        return Ok(());
    }
    Err(TokenError::not_issued_by_clerk(
        TokenReason::Algorithm,
        format!(
            "Invalid JWT algorithm {}. Supported: {}.",
            stringify(alg),
            ALGORITHMS.join(",")
        ),
    ))
}

/// `sub`: a string.
///
/// # Errors
/// [`TokenReason::VerificationFailed`].
pub fn check_subject(sub: Option<&Value>) -> Result<(), TokenError> {
    if sub.is_some_and(Value::is_string) {
        return Ok(());
    }
    Err(TokenError::not_issued_by_clerk(
        TokenReason::VerificationFailed,
        format!(
            "Subject claim (sub) is required and must be a string. Received {}.",
            stringify(sub)
        ),
    ))
}

/// `aud`: checked only if both the token and the options have one. Empty names are ignored.
///
/// # Errors
/// [`TokenReason::VerificationFailed`].
pub fn check_audience(aud: Option<&Value>, audience: &[String]) -> Result<(), TokenError> {
    let expected: Vec<&String> = audience.iter().filter(|name| !name.is_empty()).collect();
    if expected.is_empty() {
        return Ok(());
    }
    let (kind, ok) = match aud {
        Some(Value::String(name)) => (" ", name.is_empty() || expected.contains(&name)),
        Some(Value::Array(names)) => {
            let all_text = !names.is_empty() && names.iter().all(Value::is_string);
            let unset = !names.iter().any(truthy);
            let listed = names
                .iter()
                .filter_map(Value::as_str)
                .any(|n| expected.iter().any(|e| *e == n));
            (" array ", unset || !all_text || listed)
        }
        _ => ("", true),
    };
    if ok {
        return Ok(());
    }
    let expected = Value::from(expected.into_iter().cloned().collect::<Vec<_>>());
    Err(TokenError::not_issued_by_clerk(
        TokenReason::VerificationFailed,
        format!(
            "Invalid JWT audience claim{kind}(aud) {}. Is not included in \"{expected}\".",
            stringify(aud)
        ),
    ))
}

/// `azp`: exactly one of the parties. Not checked if none is configured.
///
/// # Errors
/// [`TokenReason::AuthorizedParties`].
pub fn check_authorized_party(azp: Option<&Value>, parties: &[String]) -> Result<(), TokenError> {
    if parties.is_empty() {
        return Ok(());
    }
    let given = azp.and_then(Value::as_str);
    if given.is_some_and(|azp| !azp.is_empty() && parties.iter().any(|party| party == azp)) {
        return Ok(());
    }
    Err(TokenError::new(
        TokenReason::AuthorizedParties,
        format!(
            "Invalid JWT Authorized party claim (azp) {}. Expected \"{}\".",
            stringify(azp),
            parties.join(",")
        ),
    ))
}

/// `iss`: exactly one of the issuers. Not checked if none is configured.
///
/// # Errors
/// [`TokenReason::Issuer`].
pub fn check_issuer(iss: Option<&Value>, issuers: &[String]) -> Result<(), TokenError> {
    let mut expected = issuers.iter().filter(|issuer| !issuer.is_empty()).peekable();
    if expected.peek().is_none() {
        return Ok(());
    }
    let given = iss.and_then(Value::as_str);
    if given.is_some_and(|iss| issuers.iter().any(|issuer| !issuer.is_empty() && issuer == iss)) {
        return Ok(());
    }
    let expected: Vec<&str> = expected.map(String::as_str).collect();
    Err(TokenError::not_issued_by_clerk(
        TokenReason::Issuer,
        format!(
            "Invalid JWT issuer claim (iss) {}. Expected \"{}\".",
            stringify(iss),
            expected.join(",")
        ),
    ))
}

/// `exp`: a date, expired if `exp <= now - skew`. Milliseconds.
///
/// # Errors
/// [`TokenReason::Expired`]; [`TokenReason::VerificationFailed`] if it is not a date.
pub fn check_expiry(exp: Option<&Value>, now_ms: i64, skew_ms: i64) -> Result<(), TokenError> {
    let exp_ms = date(exp, "expiry date claim (exp)")?;
    if exp_ms > now_ms.saturating_sub(skew_ms) {
        return Ok(());
    }
    Err(TokenError::new(
        TokenReason::Expired,
        format!(
            "JWT is expired. Expiry date: {}, Current date: {}.",
            utc_string(exp_ms),
            utc_string(now_ms)
        ),
    ))
}

/// `nbf`: absent, or a date with `nbf <= now + skew`. Milliseconds.
///
/// # Errors
/// [`TokenReason::NotActiveYet`]; [`TokenReason::VerificationFailed`] if it is not a date.
pub fn check_not_before(nbf: Option<&Value>, now_ms: i64, skew_ms: i64) -> Result<(), TokenError> {
    if nbf.is_none() {
        return Ok(());
    }
    let nbf_ms = date(nbf, "not before date claim (nbf)")?;
    if nbf_ms <= now_ms.saturating_add(skew_ms) {
        return Ok(());
    }
    Err(TokenError::new(
        TokenReason::NotActiveYet,
        format!(
            "JWT cannot be used prior to not before date claim (nbf). Not before date: {}; Current date: {};",
            utc_string(nbf_ms),
            utc_string(now_ms)
        ),
    ))
}

/// `iat`: absent, or a date with `iat <= now + skew`. Milliseconds.
///
/// # Errors
/// [`TokenReason::IatInTheFuture`]; [`TokenReason::VerificationFailed`] if it is not a date.
pub fn check_issued_at(iat: Option<&Value>, now_ms: i64, skew_ms: i64) -> Result<(), TokenError> {
    if iat.is_none() {
        return Ok(());
    }
    let iat_ms = date(iat, "issued at date claim (iat)")?;
    if iat_ms <= now_ms.saturating_add(skew_ms) {
        return Ok(());
    }
    Err(TokenError::new(
        TokenReason::IatInTheFuture,
        format!(
            "JWT issued at date claim (iat) is in the future. Issued at date: {}; Current date: {};",
            utc_string(iat_ms),
            utc_string(now_ms)
        ),
    ))
}

/// A claim that must be a date, in milliseconds. Clerk's SDK accepts a number outside the range of
/// dates, because a comparison with an invalid date is false; it is rejected here.
fn date(claim: Option<&Value>, name: &str) -> Result<i64, TokenError> {
    let Some(seconds) = claim.and_then(Value::as_f64) else {
        return Err(TokenError::not_issued_by_clerk(
            TokenReason::VerificationFailed,
            format!("Invalid JWT {name} {}. Expected number.", stringify(claim)),
        ));
    };
    numeric_date_ms(seconds).ok_or_else(|| {
        TokenError::not_issued_by_clerk(
            TokenReason::VerificationFailed,
            format!("Invalid JWT {name}. Outside the range of dates."),
        )
    })
}
