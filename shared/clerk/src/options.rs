//! Options for verifying tokens and authenticating requests.

use crate::organization::Pattern;
use crate::publishable_key::PublishableKey;

/// Allowed clock skew, in milliseconds; Clerk's default.
pub const SKEW_MS: i64 = 5_000;

/// Allowed clock skew after a handshake in development, in milliseconds: the clock of a laptop may be a day off.
pub(crate) const HANDSHAKE_DEVELOPMENT_SKEW_MS: i64 = 86_400_000;

/// What a session token must satisfy. Make one with [`TokenOptions::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOptions {
    /// The current time, in milliseconds since 1970.
    pub now_ms: i64,
    /// Allowed clock skew, in milliseconds.
    pub skew_ms: i64,
    /// `azp` must be one of these, exactly. Empty: not checked.
    pub authorized_parties: Vec<String>,
    /// `iss` must be one of these, exactly. Empty: not checked, the default of Clerk's SDK.
    /// [`PublishableKey::issuers`] returns the right ones.
    pub issuers: Vec<String>,
    /// `aud`, if present, must contain one of these. Empty: not checked.
    pub audience: Vec<String>,
    /// `typ` must be one of these. `None`: absent or `JWT`.
    pub types: Option<Vec<String>>,
}

impl TokenOptions {
    /// Clerk's defaults, for this time.
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

/// Options of [`crate::authenticate_request`]. Make them with [`RequestOptions::new`].
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// The key of the instance.
    pub publishable_key: PublishableKey,
    /// The kind of secret key. Only the host holds its value.
    pub secret_key: SecretKey,
    /// What tokens must satisfy.
    pub token: TokenOptions,
    /// The proxy of the Frontend API: an absolute URL or a path of this origin.
    pub proxy_url: Option<String>,
    /// This application's domain, for satellites.
    pub domain: Option<String>,
    /// Whether another domain of the instance holds the session.
    pub is_satellite: bool,
    /// Whether a satellite syncs with the primary domain even without cookies.
    pub satellite_auto_sync: bool,
    /// The sign-in page; absolute for satellites.
    pub sign_in_url: Option<String>,
    /// Paths that require an active organization.
    pub organization_patterns: Vec<Pattern>,
    /// Paths that require the personal account.
    pub personal_account_patterns: Vec<Pattern>,
    /// Whether `Host` and `X-Forwarded-*` override the request's URL, as in Clerk's SDK. Enable it
    /// only behind a proxy that sets them: otherwise a client can choose any origin.
    pub trust_forwarded: bool,
    /// Whether a development instance responds to `__clerk_redirect_url`, with which a satellite
    /// requests the browser token. The token goes to any address, so enable it only with satellites.
    pub responds_to_satellites: bool,
    /// Whether the host can refresh sessions at the Backend API.
    pub can_refresh: bool,
}

/// The kind of a secret key, without its value.
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
            responds_to_satellites: false,
            can_refresh: true,
        }
    }
}
