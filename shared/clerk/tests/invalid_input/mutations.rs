//! Random mutations of valid input.

use crate::requests::authenticate;
use crate::*;

/// xorshift64*: the same bytes in every run.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % end.max(1)
    }

    /// The text with a few characters replaced, removed or inserted.
    fn mutate(&mut self, text: &str) -> String {
        const INTERESTING: [&str; 16] = [
            "",
            ".",
            "=",
            ";",
            "%",
            "%2",
            "\0",
            "é",
            "\"",
            "{",
            "[",
            "-",
            "_",
            " ",
            "\\u0000",
            "9999999999999999999",
        ];
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(characters.len() + 1);
            let end = (at + self.below(8)).min(characters.len());
            let put = INTERESTING[self.below(INTERESTING.len())];
            characters.splice(at..end, put.chars());
        }
        characters.into_iter().collect()
    }
}

#[test]
fn mutated_tokens_cookies_handshakes_and_webhooks_never_panic() {
    let mut rng = Rng(0x9E37_79B9_7F4A_7C15);
    let good = token(&header(), &claims().to_string());
    for _ in 0..3000 {
        let mutated = rng.mutate(&claims().to_string());
        let text = if rng.below(2) == 0 {
            token(&header(), &mutated)
        } else {
            rng.mutate(&good)
        };
        if let Ok(session) = verify(&text) {
            assert!(session.expires_at_ms > (NOW_S - 5) * 1000, "{text}");
        }
        let cookie = rng.mutate(&format!(
            "__session={text}; __client_uat={NOW_S}; __clerk_db_jwt=x; __clerk_handshake={text}"
        ));
        let address = rng.mutate("/talk/1?__clerk_handshake_nonce=n&__clerk_synced=false#x");
        let headers = [
            ("cookie", cookie.as_str()),
            ("sec-fetch-dest", "document"),
            ("referer", &address),
            ("authorization", &address),
        ];
        let _ = authenticate(&format!("{ORIGIN}/{address}"), &headers[..rng.below(4) + 1]);
        let signature = rng.mutate("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,x");
        let stamp = rng.mutate(&NOW_S.to_string());
        let webhook = webhook::SvixHeaders {
            id: Some("msg"),
            timestamp: Some(&stamp),
            signature: Some(&signature),
        };
        assert!(webhook::verify(&["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], webhook, b"{}", NOW_S).is_err());
        let target = rng.mutate("https://app.example/a?b=c#d");
        if let Some(url) = safe_redirect(&target, "https://app.example", &[]) {
            assert!(url.starts_with("https://app.example/"), "{target:?} led to {url}");
        }
        let _ = Jwk::from_pem(&rng.mutate(
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        ));
        let _ = PublishableKey::parse(&rng.mutate(KEY));
        let _ = Pattern::parse(&rng.mutate("/orgs/:id/(.*)?"));
    }
}
