//! Verifies a session token and prints its user and session.
//! `cargo run -p persona-clerk --example verify_token -- key.pem pk_test_… <token>`
//!
//! A minimal host: a key, RS256 verification and a clock.

use std::{
    error::Error,
    pin::pin,
    task::{Context, Poll, Waker},
    time::{SystemTime, UNIX_EPOCH},
};

use clerk::{Jwk, PublishableKey, SignatureCheck, TokenError, TokenOptions, Verifier, verify_token};
use rsa::{BigUint, RsaPublicKey, pkcs1v15, sha2::Sha256, signature::Verifier as _};

struct PemVerifier(Jwk);

impl Verifier for PemVerifier {
    async fn key(&self, _kid: Option<&str>) -> Result<Jwk, TokenError> {
        Ok(self.0.clone())
    }

    async fn verify(&self, key: &Jwk, signing_input: &[u8], signature: &[u8]) -> SignatureCheck {
        let numbers = key.modulus().zip(key.exponent());
        let public = numbers.and_then(|(n, e)| {
            RsaPublicKey::new(BigUint::from_bytes_be(&n), BigUint::from_bytes_be(&e)).ok()
        });
        let Some(public) = public else {
            return SignatureCheck::Failed("The key is not an RSA key.".into());
        };
        let result = pkcs1v15::Signature::try_from(signature).and_then(|signature| {
            pkcs1v15::VerifyingKey::<Sha256>::new(public).verify(signing_input, &signature)
        });
        if result.is_ok() {
            SignatureCheck::Valid
        } else {
            SignatureCheck::Invalid
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a native program may read the system clock"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("usage: verify_token key.pem pk_… token");
    let verifier = PemVerifier(Jwk::from_pem(&std::fs::read_to_string(next()?)?)?);
    let instance = PublishableKey::parse(&next()?)?;
    let token = next()?;

    let now_ms = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let options = TokenOptions::at(now_ms).issuers(instance.issuers(None));
    // The verifier does no I/O, so the future is ready at the first poll.
    let verified =
        pin!(verify_token(&token, &verifier, &options)).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(claims) = verified else {
        return Err("the future is pending".into());
    };
    let session = claims?.session().map_err(|reason| format!("{reason:?}"))?;
    println!("{} in {}", session.user_id, session.session_id);
    Ok(())
}
