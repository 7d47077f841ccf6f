//! Tokens.

use crate::*;

#[test]
fn the_token_that_all_others_vary_is_accepted() {
    let session = verdict(&token(&header(), &claims().to_string())).unwrap();
    assert_eq!(
        (session.user_id.as_str(), session.session_id.as_str()),
        ("user_1", "sess_1")
    );
}

#[test]
fn alg_none_is_refused_in_every_spelling() {
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
            refused("token-invalid-algorithm"),
            "{alg}"
        );
    }
}

#[test]
fn hs256_with_the_public_key_is_refused() {
    assert_eq!(
        with_header("alg", json!("HS256")),
        refused("token-invalid-algorithm")
    );
}

#[test]
fn only_rs256_is_verified() {
    for alg in ["RS384", "RS512"] {
        assert_eq!(
            with_header("alg", json!(alg)),
            refused("token-verification-failed")
        );
    }
}

#[test]
fn a_foreign_kid_is_refused() {
    for kid in [json!("ins_2"), json!(""), Value::Null, json!(1), json!({"a": 1})] {
        assert_eq!(with_header("kid", kid), refused("jwk-kid-mismatch"));
    }
}

#[test]
fn a_machines_token_is_refused() {
    assert_eq!(
        with_header("cat", json!("cl_B7d4PD333AAA")),
        refused("token-invalid")
    );
    assert_eq!(with_header("typ", json!("at+jwt")), refused("token-invalid"));
}

#[test]
fn a_foreign_issuer_is_refused() {
    for iss in [
        json!("https://evil.clerk.accounts.dev"),
        json!(""),
        Value::Null,
        json!([ISSUER]),
    ] {
        assert_eq!(with_claim("iss", iss), refused("token-invalid-issuer"));
    }
}

#[test]
fn a_foreign_party_is_refused() {
    for azp in [
        json!("http://localhost:8788"),
        json!("http://localhost:8787/"),
        json!(""),
        Value::Null,
        json!([ORIGIN]),
    ] {
        assert_eq!(
            with_claim("azp", azp),
            refused("token-invalid-authorized-parties")
        );
    }
}

#[test]
fn a_token_that_never_expires_is_refused() {
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
            refused("token-verification-failed"),
            "{exp}"
        );
    }
    for name in ["nbf", "iat"] {
        assert_eq!(
            with_claim(name, json!(-1e300)),
            refused("token-verification-failed")
        );
    }
}

#[test]
fn pending_sessions_and_template_tokens_do_not_act() {
    assert_eq!(
        with_claim("sts", json!("pending")),
        refused("The session is pending.")
    );
    assert_eq!(
        with_claim("sid", Value::Null),
        refused("The token names no session.")
    );
}

#[test]
fn a_claim_that_is_named_twice_is_refused() {
    let twice = claims().to_string().replacen('{', r#"{"sub":"user_2","#, 1);
    assert_eq!(verdict(&token(&header(), &twice)), refused("token-invalid"));
}

#[test]
fn an_oversized_token_is_refused_before_it_is_decoded() {
    let mut claims = claims();
    claims["padding"] = json!("x".repeat(TOKEN_BYTES_MAX));
    assert_eq!(
        verdict(&token(&header(), &claims.to_string())),
        refused("token-invalid")
    );
    assert_eq!(verdict(&".".repeat(10_000_000)), refused("token-invalid"));
}

#[test]
fn a_token_replayed_after_it_expired_is_refused() {
    let old = TokenOptions {
        now_ms: (NOW_S + 65) * 1000,
        ..options()
    };
    let result = ready(verify_token(
        &token(&header(), &claims().to_string()),
        &Gullible,
        &old,
    ));
    assert_eq!(result.unwrap_err().reason, TokenReason::Expired);
}
