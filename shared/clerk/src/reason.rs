//! Stable codes for rejected tokens and requests.

use std::borrow::Cow;
use std::fmt;

/// Why a token is rejected. The names are those of Clerk's SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenReason {
    /// Not a session token: form, type, category or size.
    Invalid,
    /// An algorithm that is never accepted.
    Algorithm,
    /// The signature does not match.
    Signature,
    /// A claim is missing or of the wrong type, or the signature could not be checked.
    VerificationFailed,
    /// Issued to another party (`azp`).
    AuthorizedParties,
    /// Issued by another issuer (`iss`).
    Issuer,
    /// `exp` is in the past.
    Expired,
    /// `nbf` is in the future.
    NotActiveYet,
    /// `iat` is in the future.
    IatInTheFuture,
    /// No key has this `kid`.
    KidMismatch,
    /// The key set could not be fetched.
    RemoteKeysFailedToLoad,
    /// No source of keys is configured.
    KeyFailedToResolve,
    /// The local key is empty.
    LocalKeyMissing,
    /// Clerk rejected the configured secret key.
    SecretKeyInvalid,
    /// Any other failure.
    Unexpected,
}

impl TokenReason {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "token-invalid",
            Self::Algorithm => "token-invalid-algorithm",
            Self::Signature => "token-invalid-signature",
            Self::VerificationFailed => "token-verification-failed",
            Self::AuthorizedParties => "token-invalid-authorized-parties",
            Self::Issuer => "token-invalid-issuer",
            Self::Expired => "token-expired",
            Self::NotActiveYet => "token-not-active-yet",
            Self::IatInTheFuture => "token-iat-in-the-future",
            Self::KidMismatch => "jwk-kid-mismatch",
            Self::RemoteKeysFailedToLoad => "jwk-remote-failed-to-load",
            Self::KeyFailedToResolve => "jwk-failed-to-resolve",
            Self::LocalKeyMissing => "jwk-local-missing",
            Self::SecretKeyInvalid => "secret-key-invalid",
            Self::Unexpected => "unexpected-error",
        }
    }

    /// Whether the server or Clerk is at fault, so that the response should be 503 rather than 401.
    pub fn is_ours(self) -> bool {
        matches!(
            self,
            Self::RemoteKeysFailedToLoad
                | Self::KeyFailedToResolve
                | Self::LocalKeyMissing
                | Self::SecretKeyInvalid
                | Self::Unexpected
        )
    }
}

impl fmt::Display for TokenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a request is signed out or sent through a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthReason {
    /// The token was rejected.
    Token(TokenReason),
    /// There is neither a session token nor a `__client_uat` cookie.
    SessionTokenAndUatMissing,
    /// A handshake ended without a session.
    SessionTokenMissing,
    /// `__client_uat` is set, but the session token is missing.
    ClientUatWithoutSessionToken,
    /// A session token without `__client_uat`.
    SessionTokenWithoutClientUat,
    /// The token was issued before the client's last change.
    SessionTokenIatBeforeClientUat,
    /// The token has expired and was not refreshed.
    SessionTokenExpired(RefreshFailure),
    /// `nbf` is in the future.
    SessionTokenNbf,
    /// `iat` is in the future.
    SessionTokenIatInTheFuture,
    /// The browser token of a development instance is missing.
    DevBrowserMissing,
    /// The URL contains a development browser token.
    DevBrowserSync,
    /// A satellite must sync with the primary domain.
    SatelliteNeedsSyncing,
    /// The primary domain responds to a satellite.
    PrimaryRespondsToSyncing,
    /// The navigation came from another origin, where the session may have changed.
    PrimaryDomainCrossOriginSync,
    /// The URL names an organization other than the active one.
    ActiveOrganizationMismatch,
    /// The token is not a session token.
    TokenTypeMismatch,
    /// Any other failure.
    Unexpected,
}

impl AuthReason {
    /// The stable name. That of an expired token includes the refresh failure.
    pub fn as_str(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Token(reason) => reason.as_str(),
            Self::SessionTokenAndUatMissing => "session-token-and-uat-missing",
            Self::SessionTokenMissing => "session-token-missing",
            Self::ClientUatWithoutSessionToken => "client-uat-but-no-session-token",
            Self::SessionTokenWithoutClientUat => "session-token-but-no-client-uat",
            Self::SessionTokenIatBeforeClientUat => "session-token-iat-before-client-uat",
            Self::SessionTokenExpired(refresh) => {
                return Cow::Owned(format!("session-token-expired-refresh-{}", refresh.as_str()));
            }
            Self::SessionTokenNbf => "session-token-nbf",
            Self::SessionTokenIatInTheFuture => "session-token-iat-in-the-future",
            Self::DevBrowserMissing => "dev-browser-missing",
            Self::DevBrowserSync => "dev-browser-sync",
            Self::SatelliteNeedsSyncing => "satellite-needs-syncing",
            Self::PrimaryRespondsToSyncing => "primary-responds-to-syncing",
            Self::PrimaryDomainCrossOriginSync => "primary-domain-cross-origin-sync",
            Self::ActiveOrganizationMismatch => "active-organization-mismatch",
            Self::TokenTypeMismatch => "token-type-mismatch",
            Self::Unexpected => "unexpected-error",
        })
    }
}

impl fmt::Display for AuthReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str())
    }
}

/// Why an expired session token was not refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshFailure {
    /// There is no refresh cookie.
    NoCookie,
    /// The request is not a GET.
    NonGet,
    /// The host has no Backend API client.
    NoApiClient,
    /// There is no token to refresh.
    MissingSessionToken,
    /// The expired token cannot be parsed.
    DecodeFailed,
    /// The expired token has no `sid`.
    MissingSid,
    /// The Backend API could not be reached.
    Fetch,
    /// The Backend API returned this error code.
    Refused(String),
    /// The Backend API returned an unexpected response.
    UnexpectedResponse,
    /// The response set no cookies.
    NoCookies,
    /// The new token is invalid.
    InvalidSessionToken,
    /// No refresh was tried, because the token did not expire.
    NotTried,
}

impl RefreshFailure {
    /// The stable name, or Clerk's own error code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::NoCookie => "non-eligible-no-refresh-cookie",
            Self::NonGet => "non-eligible-non-get",
            Self::NoApiClient => "missing-api-client",
            Self::MissingSessionToken => "missing-session-token",
            Self::DecodeFailed => "expired-session-token-decode-failed",
            Self::MissingSid => "expired-session-token-missing-sid-claim",
            Self::Fetch => "fetch-error",
            Self::Refused(code) => code,
            Self::UnexpectedResponse => "unexpected-bapi-error",
            Self::NoCookies => "unexpected-sdk-error",
            Self::InvalidSessionToken => "invalid-session-token",
            Self::NotTried => "null",
        }
    }
}

/// The suggested fix, in the wording of Clerk's SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The token was not issued by Clerk.
    EnsureClerkJwt,
    /// `CLERK_JWT_KEY` is missing.
    SetJwtKey,
    /// Clerk and the configuration disagree.
    ContactSupport,
    /// The keys belong to different instances.
    ValidateKeys,
}

impl Action {
    /// The text of the suggestion.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EnsureClerkJwt => "Make sure that this is a valid Clerk-generated JWT.",
            Self::SetJwtKey => "Set the CLERK_JWT_KEY environment variable.",
            Self::ContactSupport => "Contact support@clerk.com",
            Self::ValidateKeys => {
                "Go to your Dashboard and validate your secret and public keys are correct. Contact support@clerk.com if the issue persists."
            }
        }
    }
}

/// A rejected token. The message is for the log and may quote the token's claims.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TokenError {
    /// A stable code.
    pub reason: TokenReason,
    /// A message, worded as in Clerk's SDK.
    pub message: String,
    /// The suggested fix.
    pub action: Option<Action>,
}

/// The part of the request that carried a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization`.
    Header,
    /// A session cookie.
    Cookie,
}

impl TokenError {
    /// An error without a suggested fix.
    pub fn new(reason: TokenReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            action: None,
        }
    }

    /// Adds a suggested fix.
    #[must_use]
    pub fn with_action(self, action: Action) -> Self {
        Self {
            action: Some(action),
            ..self
        }
    }

    /// An error that a token issued by Clerk never causes.
    pub(crate) fn not_issued_by_clerk(reason: TokenReason, message: impl Into<String>) -> Self {
        Self::new(reason, message).with_action(Action::EnsureClerkJwt)
    }

    /// Message, action, reason and carrier in one line, as Clerk's SDK reports them.
    pub fn full_message(&self, carrier: Carrier) -> String {
        let action = self
            .action
            .map(|action| format!(" {}", action.as_str()))
            .unwrap_or_default();
        let carrier = match carrier {
            Carrier::Header => "header",
            Carrier::Cookie => "cookie",
        };
        format!(
            "{}{action} (reason={}, token-carrier={carrier})",
            self.message, self.reason
        )
    }
}
