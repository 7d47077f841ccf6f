//! Tokens.

use crate::*;

#[test]
fn the_unchanged_token_is_accepted() {
    let session = verify(&token(&header(), &claims().to_string())).unwrap();
    assert_eq!(
        (session.user_id.as_str(), session.session_id.as_str()),
        ("user_1", "sess_1")
    );
}

#[test]
fn alg_none_is_rejected_in_every_spelling() {
    for alg in [
        json!("none"),
        json!("None"),
        json!(""),
        Value::Null,
        json!(["RS256"]),
        json!("RS256 "),
    ] {
        assert_eq!(
            with_header("alg", alg.clone()),
            rejected("token-invalid-algorithm"),
            "{alg}"
        );
    }
}

#[test]
fn hs256_with_the_public_key_is_rejected() {
    assert_eq!(
        with_header("alg", json!("HS256")),
        rejected("token-invalid-algorithm")
    );
}

#[test]
fn only_rs256_is_verified() {
    for alg in ["RS384", "RS512"] {
        assert_eq!(
            with_header("alg", json!(alg)),
            rejected("token-verification-failed")
        );
    }
}

#[test]
fn an_unknown_kid_is_rejected() {
    for kid in [json!("ins_2"), json!(""), Value::Null, json!(1), json!({"a": 1})] {
        assert_eq!(with_header("kid", kid), rejected("jwk-kid-mismatch"));
    }
}

#[test]
fn a_machine_token_is_rejected() {
    assert_eq!(
        with_header("cat", json!("cl_B7d4PD333AAA")),
        rejected("token-invalid")
    );
    assert_eq!(with_header("typ", json!("at+jwt")), rejected("token-invalid"));
}

#[test]
fn another_issuer_is_rejected() {
    for iss in [
        json!("https://evil.clerk.accounts.dev"),
        json!(""),
        Value::Null,
        json!([ISSUER]),
    ] {
        assert_eq!(with_claim("iss", iss), rejected("token-invalid-issuer"));
    }
}

#[test]
fn another_party_is_rejected() {
    for azp in [
        json!("http://localhost:8788"),
        json!("http://localhost:8787/"),
        json!(""),
        Value::Null,
        json!([ORIGIN]),
    ] {
        assert_eq!(
            with_claim("azp", azp),
            rejected("token-invalid-authorized-parties")
        );
    }
}

#[test]
fn a_token_that_never_expires_is_rejected() {
    for exp in [
        Value::Null,
        json!("1"),
        json!(1e300),
        json!(-1e300),
        json!(8.7e12),
        json!(true),
    ] {
        assert_eq!(
            with_claim("exp", exp.clone()),
            rejected("token-verification-failed"),
            "{exp}"
        );
    }
    for name in ["nbf", "iat"] {
        assert_eq!(
            with_claim(name, json!(-1e300)),
            rejected("token-verification-failed")
        );
    }
}

#[test]
fn pending_sessions_and_template_tokens_are_not_active() {
    assert_eq!(
        with_claim("sts", json!("pending")),
        rejected("The session is pending.")
    );
    assert_eq!(
        with_claim("sid", Value::Null),
        rejected("The token names no session.")
    );
}

#[test]
fn a_duplicate_claim_is_rejected() {
    let twice = claims().to_string().replacen('{', r#"{"sub":"user_2","#, 1);
    assert_eq!(verify(&token(&header(), &twice)), rejected("token-invalid"));
}

#[test]
fn an_oversized_token_is_rejected_before_it_is_decoded() {
    let mut claims = claims();
    claims["padding"] = json!("x".repeat(TOKEN_BYTES_MAX));
    assert_eq!(
        verify(&token(&header(), &claims.to_string())),
        rejected("token-invalid")
    );
    assert_eq!(verify(&".".repeat(10_000_000)), rejected("token-invalid"));
}

#[test]
fn a_token_replayed_after_it_expired_is_rejected() {
    let old = TokenOptions {
        now_ms: (NOW_S + 65) * 1000,
        ..options()
    };
    let result = ready(verify_token(
        &token(&header(), &claims().to_string()),
        &AcceptAllSignatures,
        &old,
    ));
    assert_eq!(result.unwrap_err().reason, TokenReason::Expired);
}
