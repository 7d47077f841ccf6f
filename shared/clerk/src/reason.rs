//! Why a token or a request is not accepted, under names that stay the same.

use std::borrow::Cow;
use std::fmt;

/// Why a token is refused. The names are those of Clerk's SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenReason {
    /// Not a session token: form, type, category or size.
    Invalid,
    /// Signed by an algorithm that we never accept.
    Algorithm,
    /// The signature does not belong to these bytes and this key.
    Signature,
    /// A claim is missing or of the wrong type, or the signature could not be checked.
    VerificationFailed,
    /// Made for another party (`azp`).
    AuthorizedParties,
    /// Made by another issuer (`iss`).
    Issuer,
    /// `exp` has passed.
    Expired,
    /// `nbf` is still to come.
    NotActiveYet,
    /// `iat` is still to come.
    IatInTheFuture,
    /// No key of that `kid`.
    KidMismatch,
    /// The key set could not be fetched.
    RemoteKeysFailedToLoad,
    /// There is no source of keys.
    KeyFailedToResolve,
    /// The local key is empty.
    LocalKeyMissing,
    /// Clerk does not know our secret key.
    SecretKeyInvalid,
    /// Something else; never the client's doing alone.
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

    /// Whether the fault is on our side or Clerk's, so that the client should be told to try
    /// again (503) rather than to sign in (401).
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
    /// The token is at fault.
    Token(TokenReason),
    /// Nobody is signed in here.
    SessionTokenAndUatMissing,
    /// A handshake ended without a session.
    SessionTokenMissing,
    /// Someone is signed in, but their session token is missing.
    ClientUatWithoutSessionToken,
    /// A session token without the sign of a client.
    SessionTokenWithoutClientUat,
    /// The token is older than the client's last change.
    SessionTokenIatBeforeClientUat,
    /// The token has expired; what became of the refresh.
    SessionTokenExpired(RefreshFailure),
    /// The token is not active yet.
    SessionTokenNbf,
    /// The token is from the future.
    SessionTokenIatInTheFuture,
    /// A development instance without its browser token.
    DevBrowserMissing,
    /// A development browser token arrived in the URL.
    DevBrowserSync,
    /// A satellite asks the primary domain.
    SatelliteNeedsSyncing,
    /// The primary domain answers a satellite.
    PrimaryRespondsToSyncing,
    /// The visitor comes from another origin and may have changed there.
    PrimaryDomainCrossOriginSync,
    /// The URL asks for another organization than the active one.
    ActiveOrganizationMismatch,
    /// The token is not a session's.
    TokenTypeMismatch,
    /// Something else.
    Unexpected,
}

impl AuthReason {
    /// The stable name. Only that of an expired token is put together.
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

/// Why an expired session was not refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshFailure {
    /// No refresh cookie.
    NoCookie,
    /// Only GET is refreshed.
    NonGet,
    /// The host has no way to ask Clerk.
    NoApiClient,
    /// There is no token to refresh.
    MissingSessionToken,
    /// The expired token cannot be read.
    DecodeFailed,
    /// The expired token names no session.
    MissingSid,
    /// Clerk could not be reached.
    Fetch,
    /// Clerk refused, by this code.
    Refused(String),
    /// Clerk answered something else.
    UnexpectedAnswer,
    /// The answer held no cookies.
    NoCookies,
    /// The refreshed token is not valid either.
    InvalidSessionToken,
    /// The failure did not allow a refresh at all.
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
            Self::UnexpectedAnswer => "unexpected-bapi-error",
            Self::NoCookies => "unexpected-sdk-error",
            Self::InvalidSessionToken => "invalid-session-token",
            Self::NotTried => "null",
        }
    }
}

/// What to do about it, in Clerk's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The token is not one of Clerk's.
    EnsureClerkJwt,
    /// `CLERK_JWT_KEY` is missing.
    SetJwtKey,
    /// Something is wrong between Clerk and our configuration.
    ContactSupport,
    /// The keys of two instances are mixed.
    ValidateKeys,
}

impl Action {
    /// The sentence.
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

/// A token was refused. The message is for the log and may quote the token's claims.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TokenError {
    /// Why, in a name that stays.
    pub reason: TokenReason,
    /// Why, in a sentence; the same as Clerk's SDK says.
    pub message: String,
    /// What to do about it.
    pub action: Option<Action>,
}

/// Where a token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization`.
    Header,
    /// A session cookie.
    Cookie,
}

impl TokenError {
    /// An error with nothing to do about it.
    pub fn new(reason: TokenReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            action: None,
        }
    }

    /// Names what to do.
    #[must_use]
    pub fn with_action(self, action: Action) -> Self {
        Self {
            action: Some(action),
            ..self
        }
    }

    /// An error that a Clerk-made token never causes.
    pub(crate) fn not_clerks(reason: TokenReason, message: impl Into<String>) -> Self {
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
