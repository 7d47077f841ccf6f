//! The publishable key, which identifies the Clerk instance and its cookies.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use sha1::{Digest, Sha1};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The length of a cookie suffix, in characters of the hash.
const COOKIE_SUFFIX_CHARS: usize = 8;

/// The kind of instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceType {
    /// `pk_test_`
    Development,
    /// `pk_live_`
    Production,
}

/// A valid publishable key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishableKey {
    text: String,
    instance_type: InstanceType,
    frontend_api: String,
}

/// A text is not a publishable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublishableKeyError {
    /// Empty.
    #[error("Publishable key is missing.")]
    Missing,
    /// Not `pk_test_` or `pk_live_` and base64 of `<host with a dot>$`.
    #[error("Publishable key not valid (expected format: pk_test_... or pk_live_...).")]
    Invalid,
}

impl PublishableKey {
    /// Parses `pk_test_…` or `pk_live_…`.
    ///
    /// # Errors
    /// See [`PublishableKeyError`].
    pub fn parse(text: &str) -> Result<Self, PublishableKeyError> {
        if text.is_empty() {
            return Err(PublishableKeyError::Missing);
        }
        let (instance_type, encoded) = if let Some(encoded) = text.strip_prefix("pk_live_") {
            (InstanceType::Production, encoded)
        } else if let Some(encoded) = text.strip_prefix("pk_test_") {
            (InstanceType::Development, encoded)
        } else {
            return Err(PublishableKeyError::Invalid);
        };
        let frontend_api = LENIENT
            .decode(encoded)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|decoded| decoded.strip_suffix('$').map(str::to_owned))
            .filter(|host| host.contains('.') && !host.contains('$'))
            .ok_or(PublishableKeyError::Invalid)?;
        Ok(Self {
            text: text.to_owned(),
            instance_type,
            frontend_api,
        })
    }

    /// The configured key.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Development or production.
    pub fn instance_type(&self) -> InstanceType {
        self.instance_type
    }

    /// Whether this is a development instance.
    pub fn is_development(&self) -> bool {
        self.instance_type == InstanceType::Development
    }

    /// The host of the Frontend API, without scheme.
    pub fn frontend_api(&self) -> &str {
        &self.frontend_api
    }

    /// The issuers of this instance's tokens: the Frontend API, and the proxy if it is configured
    /// by an absolute URL.
    pub fn issuers(&self, proxy_url: Option<&str>) -> Vec<String> {
        let proxy = proxy_url
            .filter(|url| url.starts_with("http"))
            .map(|url| url.trim_end_matches('/').to_owned());
        std::iter::once(format!("https://{}", self.frontend_api))
            .chain(proxy)
            .collect()
    }

    /// The suffix of this instance's cookie names: eight characters of base64url(SHA-1(key)).
    pub fn cookie_suffix(&self) -> String {
        crate::json::to_base64url(&Sha1::digest(self.text.as_bytes()))
            .chars()
            .take(COOKIE_SUFFIX_CHARS)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_host_kind_and_cookie_suffix() {
        let key = PublishableKey::parse("pk_test_Y2xlcmsuY2xlcmsuZGV2JA").unwrap();
        assert_eq!(key.frontend_api(), "clerk.clerk.dev");
        assert_eq!(key.instance_type(), InstanceType::Development);
        assert_eq!(key.cookie_suffix(), "QvfNY2dr");
        assert_eq!(
            key.issuers(Some("https://a.example/__clerk/")),
            ["https://clerk.clerk.dev", "https://a.example/__clerk"]
        );
        assert_eq!(key.issuers(Some("/__clerk")), ["https://clerk.clerk.dev"]);
        let live = PublishableKey::parse("pk_live_Y2xlcmsuY2xlcmsuZGV2JA==").unwrap();
        assert_eq!(live.instance_type(), InstanceType::Production);
    }

    #[test]
    fn a_key_without_a_host_is_rejected() {
        assert_eq!(PublishableKey::parse(""), Err(PublishableKeyError::Missing));
        for text in [
            "pk_live_bad",
            "sk_test_x",
            "pk_test_",
            "pk_test_bG9jYWxob3N0JA",
            "pk_test_YS5iJCQ",
            "pk_test_YS5i",
        ] {
            assert_eq!(
                PublishableKey::parse(text),
                Err(PublishableKeyError::Invalid),
                "{text}"
            );
        }
    }
}
