//! What a hostile client can send: nothing of it panics and nothing of it is accepted.
//!
//! The verifier of these tests believes every signature, so that whatever is refused here is
//! refused without the help of cryptography.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong"
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

struct Gullible;

impl Verifier for Gullible {
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

    async fn verify(&self, _: &Jwk, _: &[u8], _: &[u8]) -> SignatureAnswer {
        SignatureAnswer::Valid
    }
}

impl Backend for Gullible {
    async fn call(&self, request: ApiRequest) -> Result<ApiAnswer, Unreachable> {
        let body = json!({"directives": ["__session=x\r\nevil: 1", "__client_uat=1"], "cookies": []});
        match request.method {
            "GET" => Ok(ApiAnswer {
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
        Poll::Pending => panic!("nothing here waits"),
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

fn verdict(text: &str) -> Result<Session, String> {
    let claims =
        ready(verify_token(text, &Gullible, &options())).map_err(|error| error.reason.to_string())?;
    claims.session().map_err(|error| error.to_string())
}

fn with_header(name: &str, value: Value) -> Result<Session, String> {
    let mut header = header();
    header[name] = value;
    verdict(&token(&header, &claims().to_string()))
}

fn with_claim(name: &str, value: Value) -> Result<Session, String> {
    let mut claims = claims();
    claims[name] = value;
    verdict(&token(&header(), &claims.to_string()))
}

fn refused(reason: &str) -> Result<Session, String> {
    Err(reason.to_owned())
}
