//! The two Clerk instances.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use clerk::{PublishableKey, RequestOptions, TokenOptions};

use crate::key::Key;
use crate::tokens::{self, Token};

/// The current time of every run, in seconds since 1970.
pub const NOW_S: i64 = 1_767_225_600;
/// The same in milliseconds.
pub const NOW_MS: i64 = NOW_S * 1000;

/// A Clerk instance and the application that uses it.
pub struct Instance {
    /// The instance's key.
    pub key: Key,
    /// The key of another instance with the same `kid`.
    pub other_key: Key,
    /// The origin of the application.
    pub origin: &'static str,
    /// The issuer of its tokens.
    pub issuer: String,
    publishable_key: PublishableKey,
    secret_key: &'static str,
    tokens: Vec<Token>,
}

impl Instance {
    /// The development instance or the production one.
    pub fn get(production: bool) -> &'static Self {
        static DEVELOPMENT: LazyLock<Instance> = LazyLock::new(|| {
            Instance::new(
                "http://localhost:8787",
                "pk_test_",
                "fuzz-1.clerk.accounts.dev",
                "sk_test_fuzz",
            )
        });
        static PRODUCTION: LazyLock<Instance> = LazyLock::new(|| {
            Instance::new(
                "https://persona.example",
                "pk_live_",
                "clerk.persona.example",
                "sk_live_fuzz",
            )
        });
        if production { &PRODUCTION } else { &DEVELOPMENT }
    }

    fn new(origin: &'static str, prefix: &str, frontend_api: &str, secret_key: &'static str) -> Self {
        let publishable_key = format!("{prefix}{}", STANDARD.encode(format!("{frontend_api}$")));
        let mut instance = Self {
            key: Key::new("the key of the instance"),
            other_key: Key::new("the key of another instance"),
            origin,
            issuer: format!("https://{frontend_api}"),
            publishable_key: PublishableKey::parse(&publishable_key).expect("this is a publishable key"),
            secret_key,
            tokens: Vec::new(),
        };
        instance.tokens = tokens::all(&instance);
        instance
    }

    /// What the application asks of tokens.
    pub fn token_options(&self) -> TokenOptions {
        TokenOptions::at(NOW_MS)
            .authorized_parties([self.origin])
            .issuers([self.issuer.as_str()])
    }

    /// The request options of the application.
    pub fn request_options(&self) -> RequestOptions {
        RequestOptions {
            proxy_url: Some("/__clerk".to_owned()),
            ..RequestOptions::new(
                self.publishable_key.clone(),
                self.secret_key,
                self.token_options(),
            )
        }
    }

    /// Whether this is the development instance.
    pub fn is_development(&self) -> bool {
        self.publishable_key.is_development()
    }

    /// The suffix of the instance's cookie names.
    pub fn cookie_suffix(&self) -> String {
        self.publishable_key.cookie_suffix()
    }

    /// The named token with this text, without padding.
    pub fn token(&self, text: &str) -> Option<&Token> {
        let text = text.trim_end_matches('=');
        self.tokens.iter().find(|token| token.text == text)
    }

    /// The `Set-Cookie` lines of all handshake tokens.
    pub fn handshake_lines(&self) -> impl Iterator<Item = &str> {
        self.tokens
            .iter()
            .flat_map(|token| &token.lines)
            .map(String::as_str)
    }

    /// The text with `{name}` replaced by the token of that name, `{name.0}`, `{name.1}` and
    /// `{name.2}` by its parts, and `{suffix}` by the cookie suffix. Unknown names stay.
    pub fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after
                .split_once('}')
                .and_then(|(name, behind)| Some((self.named(name)?, behind)))
            {
                Some((value, behind)) => {
                    out.push_str(&value);
                    rest = behind;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn named(&self, name: &str) -> Option<String> {
        if name == "suffix" {
            return Some(self.cookie_suffix());
        }
        let (name, part) = match name.split_once('.') {
            Some((name, part)) => (name, Some(part.parse::<usize>().ok()?)),
            None => (name, None),
        };
        let text = &self.tokens.iter().find(|token| token.name == name)?.text;
        match part {
            Some(part) => text.split('.').nth(part).map(str::to_owned),
            None => Some(text.clone()),
        }
    }
}
