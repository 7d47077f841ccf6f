//! Malicious input is rejected and never panics.
//!
//! The verifier of these tests accepts every signature, so that rejections come from the other checks.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod mutations;
mod requests;
mod tokens;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk::*;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};

const NOW_S: i64 = 1_767_225_600;
const KEY: &str = "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ";
const ISSUER: &str = "https://persona-local-1.clerk.accounts.dev";
const ORIGIN: &str = "http://localhost:8787";

struct AcceptAllSignatures;

impl Verifier for AcceptAllSignatures {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        let key = Jwk {
            kty: "RSA".into(),
            kid: Some("ins_1".into()),
            n: "AQAB".into(),
            e: "AQAB".into(),
            alg: None,
        };
        find_key(&[key], kid)
    }

    async fn verify(&self, _: &Jwk, _: &[u8], _: &[u8]) -> SignatureCheck {
        SignatureCheck::Valid
    }
}

impl Backend for AcceptAllSignatures {
    async fn call(&self, request: ApiRequest) -> Result<ApiResponse, Unreachable> {
        let body = json!({"directives": ["__session=x\r\nevil: 1", "__client_uat=1"], "cookies": []});
        match request.method {
            "GET" => Ok(ApiResponse {
                status: 200,
                body: body.to_string().into_bytes(),
            }),
            _ => Err(Unreachable("down".into())),
        }
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the verifier does no I/O"),
    }
}

fn options() -> TokenOptions {
    TokenOptions::at(NOW_S * 1000)
        .authorized_parties([ORIGIN])
        .issuers([ISSUER])
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT"})
}

fn claims() -> Value {
    json!({"azp": ORIGIN, "iss": ISSUER, "sub": "user_1", "sid": "sess_1", "sts": "active",
           "exp": NOW_S + 60, "nbf": NOW_S - 10, "iat": NOW_S, "v": 2})
}

fn token(header: &Value, claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!(
        "{}.{}.{}",
        part(&header.to_string()),
        part(claims),
        part("signature")
    )
}

fn verify(text: &str) -> Result<Session, String> {
    let claims = ready(verify_token(text, &AcceptAllSignatures, &options()))
        .map_err(|error| error.reason.to_string())?;
    claims.session().map_err(|error| error.to_string())
}

fn with_header(name: &str, value: Value) -> Result<Session, String> {
    let mut header = header();
    header[name] = value;
    verify(&token(&header, &claims().to_string()))
}

fn with_claim(name: &str, value: Value) -> Result<Session, String> {
    let mut claims = claims();
    claims[name] = value;
    verify(&token(&header(), &claims.to_string()))
}

fn rejected(reason: &str) -> Result<Session, String> {
    Err(reason.to_owned())
}
