//! How a host wants tokens and requests to be judged.

use crate::organization::Pattern;
use crate::publishable_key::PublishableKey;

/// Leeway for clocks that differ, in milliseconds; Clerk's default.
pub const SKEW_MS: i64 = 5_000;

/// Leeway after a handshake in development, where the clock of a laptop may be a day off. Milliseconds.
pub(crate) const HANDSHAKE_DEVELOPMENT_SKEW_MS: i64 = 86_400_000;

/// What a session token must satisfy. Make one with [`TokenOptions::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOptions {
    /// The present, in milliseconds since 1970.
    pub now_ms: i64,
    /// Leeway in milliseconds.
    pub skew_ms: i64,
    /// `azp` must be one of these, exactly. Empty: not checked.
    pub authorized_parties: Vec<String>,
    /// `iss` must be one of these, exactly. Empty: not checked, as Clerk's SDK does by default;
    /// [`PublishableKey::issuers`] names the right ones.
    pub issuers: Vec<String>,
    /// `aud`, if the token has one, must name one of these. Empty: not checked.
    pub audience: Vec<String>,
    /// `typ` must be one of these. `None`: absent or `JWT`.
    pub types: Option<Vec<String>>,
}

impl TokenOptions {
    /// Clerk's defaults at this moment.
    pub fn at(now_ms: i64) -> Self {
        Self {
            now_ms,
            skew_ms: SKEW_MS,
            authorized_parties: Vec::new(),
            issuers: Vec::new(),
            audience: Vec::new(),
            types: None,
        }
    }

    /// Accepts tokens for these parties only.
    #[must_use]
    pub fn authorized_parties(self, parties: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            authorized_parties: parties.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// Accepts tokens of these issuers only.
    #[must_use]
    pub fn issuers(self, issuers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            issuers: issuers.into_iter().map(Into::into).collect(),
            ..self
        }
    }
}

/// How requests are judged. Make one with [`RequestOptions::new`].
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// The instance.
    pub publishable_key: PublishableKey,
    /// Whether a secret key is there; its value is the host's affair. Development by its prefix.
    pub secret_key: SecretKey,
    /// What tokens must satisfy.
    pub token: TokenOptions,
    /// Where the Frontend API is reached through this site: absolute, or a path of this origin.
    pub proxy_url: Option<String>,
    /// This application's domain, for satellites.
    pub domain: Option<String>,
    /// Whether another domain of the instance holds the session.
    pub is_satellite: bool,
    /// Whether a satellite asks the primary domain even without cookies.
    pub satellite_auto_sync: bool,
    /// Where people sign in; absolute for satellites.
    pub sign_in_url: Option<String>,
    /// Paths that ask for an organization.
    pub organization_patterns: Vec<Pattern>,
    /// Paths that ask for the personal account.
    pub personal_account_patterns: Vec<Pattern>,
    /// Whether `Host` and `X-Forwarded-*` may change the request's URL, as Clerk's SDK lets them.
    /// Only behind a proxy that sets them: a client can otherwise name any origin.
    pub trust_forwarded: bool,
    /// Whether a development instance answers `__clerk_redirect_url`, with which a satellite asks for
    /// the browser's token. It sends that token to any address, so only where there are satellites.
    pub answers_satellites: bool,
    /// Whether the host can refresh sessions at the Backend API.
    pub can_refresh: bool,
}

/// What is known of the secret key without holding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKey {
    /// Not configured.
    Missing,
    /// `sk_test_…`
    Development,
    /// Anything else.
    Other,
}

impl SecretKey {
    /// Classifies a secret key by its prefix.
    pub fn classify(key: &str) -> Self {
        if key.is_empty() {
            Self::Missing
        } else if key.starts_with("sk_test_") || key.starts_with("test_") {
            Self::Development
        } else {
            Self::Other
        }
    }
}

impl RequestOptions {
    /// A primary application without proxy, satellites or organizations.
    pub fn new(publishable_key: PublishableKey, secret_key: &str, token: TokenOptions) -> Self {
        Self {
            publishable_key,
            secret_key: SecretKey::classify(secret_key),
            token,
            proxy_url: None,
            domain: None,
            is_satellite: false,
            satellite_auto_sync: false,
            sign_in_url: None,
            organization_patterns: Vec::new(),
            personal_account_patterns: Vec::new(),
            trust_forwarded: false,
            answers_satellites: false,
            can_refresh: true,
        }
    }
}
