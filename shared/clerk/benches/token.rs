//! The time to parse, check and verify a session token.
//!
//! `cargo bench -p persona-clerk`. "parse, signature, claims" is the work of an API route for a new
//! token with a cached key. Its difference to "parse, claims" is RSA, here of the RustCrypto crates;
//! on Workers, WebCrypto checks the signature.
#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark may panic")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk::{
    Claims, Jwk, SignatureCheck, TokenCache, TokenError, TokenOptions, UnverifiedToken, Verifier,
    verify_token,
};
use criterion::{Criterion, criterion_group, criterion_main};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer, Verifier as _};
use rsa::traits::PublicKeyParts;
use serde_json::json;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const NOW_S: i64 = 1_767_225_600;
const ORIGIN: &str = "https://persona.example";
const ISSUER: &str = "https://clerk.persona.example";
const KID: &str = "ins_bench";
/// The size of Clerk's keys.
const KEY_BITS: usize = 2048;

/// A host with a cached key.
struct Host {
    key: Jwk,
    verifying: VerifyingKey<Sha256>,
}

impl Verifier for Host {
    async fn key(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        clerk::find_key(std::slice::from_ref(&self.key), kid)
    }

    async fn verify(&self, _: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
        let is_valid = Signature::try_from(signature)
            .is_ok_and(|signature| self.verifying.verify(signing_input, &signature).is_ok());
        if is_valid {
            SignatureCheck::Valid
        } else {
            SignatureCheck::Invalid
        }
    }
}

/// A host and a valid token: version 2 of Clerk's tokens, with an organization.
fn host_and_token() -> (Host, String) {
    // Generated from a seed, so that no private key is in the repository.
    let private = rsa::RsaPrivateKey::new(&mut ChaCha8Rng::seed_from_u64(1), KEY_BITS).expect("a key");
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let header = json!({"alg": "RS256", "cat": "cl_B7d4PD111AAA", "kid": KID, "typ": "JWT"});
    let claims = json!({
        "azp": ORIGIN, "exp": NOW_S + 50, "fva": [0, -1], "iat": NOW_S - 10, "iss": ISSUER,
        "jti": "0123456789abcdef0123", "nbf": NOW_S - 20, "sid": "sess_2bK0rEwqXn1a3v5x7z9B1D3F5H7",
        "sts": "active", "sub": "user_2bK0rEwqXn1a3v5x7z9B1D3F5H7", "v": 2, "fea": "o:posts,u:mail",
        "o": {"id": "org_2bK0rEwqXn1a3v5x7z9B1D3F5H7", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3"},
    });
    let input = format!(
        "{}.{}",
        part(header.to_string().as_bytes()),
        part(claims.to_string().as_bytes())
    );
    let key = Jwk {
        kty: "RSA".into(),
        kid: Some(KID.into()),
        n: part(&private.n().to_bytes_be()),
        e: part(&private.e().to_bytes_be()),
        alg: Some("RS256".into()),
    };
    let verifying = VerifyingKey::new(private.to_public_key());
    let signature = SigningKey::<Sha256>::new(private).sign(input.as_bytes()).to_vec();
    (Host { key, verifying }, format!("{input}.{}", part(&signature)))
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the verifier does no I/O"),
    }
}

fn session_token(criterion: &mut Criterion) {
    let (host, token) = host_and_token();
    let options = TokenOptions::at(NOW_S * 1000)
        .authorized_parties([ORIGIN])
        .issuers([ISSUER]);
    let parse = |token: &str| UnverifiedToken::parse(token).map(drop);
    let claims = |token: &str| -> Result<Claims, TokenError> {
        UnverifiedToken::parse(token)?.accept(SignatureCheck::Valid, &options)
    };
    let verify = |token: &str| ready(verify_token(token, &host, &options));
    let mut cache = TokenCache::new();
    cache.insert(
        &token,
        &verify(&token).expect("the token is valid"),
        options.now_ms,
    );

    let mut group = criterion.benchmark_group("session token");
    group.bench_function("parse", |bencher| bencher.iter(|| parse(black_box(&token))));
    group.bench_function("parse, claims", |bencher| {
        bencher.iter(|| claims(black_box(&token)));
    });
    group.bench_function("parse, signature, claims", |bencher| {
        bencher.iter(|| verify(black_box(&token)));
    });
    group.bench_function("cached", |bencher| {
        bencher.iter(|| cache.get(black_box(&token), &options));
    });
    group.finish();
}

criterion_group!(benches, session_token);
criterion_main!(benches);
