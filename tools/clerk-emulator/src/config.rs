//! The configuration of the emulator.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};
use sha1::{Digest as _, Sha1};

/// `pk_test_` + base64 of `persona-local-1.clerk.accounts.dev$`. The host must end in one of Clerk's
/// development suffixes, or ClerkJS creates no dev browser.
pub const PUBLISHABLE_KEY: &str = "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=";
/// The default secret key of the Backend API.
pub const SECRET_KEY: &str = "sk_test_persona_local";
/// The length of the cookie suffix.
const SUFFIX_CHARS: usize = 8;

/// A publishable key without a host.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a publishable key: pk_test_ or pk_live_ and base64 of \"<host>$\"")]
pub struct BadKey(String);

/// The emulated instance.
#[derive(Clone, Debug)]
pub struct Config {
    /// `pk_…`
    pub publishable_key: String,
    /// `sk_…`
    pub secret_key: String,
    /// `https://` + the host in the publishable key: `iss` of every token.
    pub issuer: String,
    /// Whether the key is a `pk_test_` one: dev browsers instead of a `__client` cookie.
    pub development: bool,
    /// The suffix of cookie names, as in `__session_<suffix>`.
    pub cookie_suffix: String,
    /// The application's name in the components.
    pub application_name: String,
    /// A `node_modules` folder with `@clerk/clerk-js` and `@clerk/ui`.
    pub npm_root: Option<PathBuf>,
    /// Whether one browser may hold several signed-in sessions.
    pub multi_session: bool,
}

impl Config {
    /// The instance of a pair of keys.
    ///
    /// # Errors
    /// If the publishable key contains no host.
    pub fn new(publishable_key: &str, secret_key: &str) -> Result<Self, BadKey> {
        let bad = || BadKey(publishable_key.to_owned());
        let (development, encoded) = match publishable_key.strip_prefix("pk_test_") {
            Some(encoded) => (true, encoded),
            None => (false, publishable_key.strip_prefix("pk_live_").ok_or_else(bad)?),
        };
        let host = STANDARD_NO_PAD
            .decode(encoded.trim_end_matches('='))
            .map_err(|_| bad())?;
        let host = String::from_utf8(host).map_err(|_| bad())?;
        let host = host
            .strip_suffix('$')
            .filter(|host| host.contains('.'))
            .ok_or_else(bad)?;
        Ok(Self {
            publishable_key: publishable_key.to_owned(),
            secret_key: secret_key.to_owned(),
            issuer: format!("https://{host}"),
            development,
            cookie_suffix: cookie_suffix(publishable_key),
            application_name: "Persona".to_owned(),
            npm_root: None,
            multi_session: false,
        })
    }
}

/// First characters of url-safe base64(SHA-1(publishable key)).
fn cookie_suffix(publishable_key: &str) -> String {
    let encoded = URL_SAFE.encode(Sha1::digest(publishable_key.as_bytes()));
    encoded.chars().take(SUFFIX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_and_cookie_suffix_come_from_the_publishable_key() {
        let config = Config::new(PUBLISHABLE_KEY, SECRET_KEY).unwrap();
        assert_eq!(config.issuer, "https://persona-local-1.clerk.accounts.dev");
        assert!(config.development);
        assert_eq!(config.cookie_suffix.len(), SUFFIX_CHARS);
    }

    #[test]
    fn the_cookie_suffix_matches_the_conformance_cases() {
        // From `conformance/clerk/handshake_cases.json`.
        assert_eq!(
            cookie_suffix("pk_live_Y2xlcmsuY29uZm9ybWFuY2UuZXhhbXBsZS5jb20k"),
            "10KPk5w2"
        );
    }

    #[test]
    fn a_key_without_a_host_is_rejected() {
        for key in ["", "pk_test_", "sk_test_x", "pk_test_bm9kb3Qk", "pk_live_%%%"] {
            assert!(Config::new(key, SECRET_KEY).is_err(), "{key}");
        }
    }
}
