//! The result of authenticating a request.

use crate::claims::Claims;
use crate::reason::{AuthReason, RefreshFailure, TokenError};

/// A response header that the host must send. Several may have one name (`set-cookie`).
pub type HeaderLine = (&'static str, String);

/// The result of authenticating a request.
#[derive(Debug, Clone)]
pub enum RequestState {
    /// The session token is valid. The session may still be pending: see [`Claims::session`].
    SignedIn(SignedIn),
    /// There is no valid session token.
    SignedOut(SignedOut),
    /// The state cannot be decided locally: redirect the browser to Clerk, which redirects it back.
    Handshake(Handshake),
}

/// A valid session token.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The claims of the token.
    pub claims: Claims,
    /// The token.
    pub token: String,
    /// Headers of the response. If `location` is among them, respond with that redirect.
    pub headers: Vec<HeaderLine>,
}

/// No valid session token.
#[derive(Debug, Clone)]
pub struct SignedOut {
    /// A stable code.
    pub reason: AuthReason,
    /// Details for the log.
    pub message: Option<String>,
    /// Headers of the response. If `location` is among them, respond with that redirect.
    pub headers: Vec<HeaderLine>,
    /// The browser was redirected three times without a result. Causes are wrong clocks, keys of
    /// different instances and blocked cookies. Respond with an error instead of another redirect.
    pub redirect_loop: bool,
}

/// The browser must be redirected to Clerk.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// A stable code.
    pub reason: AuthReason,
    /// Details for the log.
    pub message: Option<String>,
    /// Headers of the redirect, with `location`.
    pub headers: Vec<HeaderLine>,
}

impl RequestState {
    /// `signed-in`, `signed-out` or `handshake`.
    pub fn status(&self) -> &'static str {
        match self {
            Self::SignedIn(_) => "signed-in",
            Self::SignedOut(_) => "signed-out",
            Self::Handshake(_) => "handshake",
        }
    }

    /// Headers of the response.
    pub fn headers(&self) -> &[HeaderLine] {
        match self {
            Self::SignedIn(state) => &state.headers,
            Self::SignedOut(state) => &state.headers,
            Self::Handshake(state) => &state.headers,
        }
    }

    /// The target of a 307 redirect, in any state. Without one, the request is handled normally.
    pub fn location(&self) -> Option<&str> {
        self.headers()
            .iter()
            .find(|(name, _)| *name == "location")
            .map(|(_, value)| value.as_str())
    }

    /// The reason for a state other than signed in.
    pub fn reason(&self) -> Option<&AuthReason> {
        match self {
            Self::SignedIn(_) => None,
            Self::SignedOut(state) => Some(&state.reason),
            Self::Handshake(state) => Some(&state.reason),
        }
    }

    /// Details of the reason, for the log.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::SignedIn(_) => None,
            Self::SignedOut(state) => state.message.as_deref(),
            Self::Handshake(state) => state.message.as_deref(),
        }
    }

    /// The `x-clerk-auth-*` headers of Clerk's SDK, for states other than signed in. The message
    /// quotes claims, so send them in development only.
    pub fn debug_headers(&self) -> Vec<HeaderLine> {
        let Some(reason) = self.reason() else {
            return Vec::new();
        };
        let message = self
            .message()
            .filter(|message| !message.is_empty() && !message.chars().any(char::is_control));
        let message = message.map(|message| ("x-clerk-auth-message", message.to_owned()));
        let rest = [
            ("x-clerk-auth-reason", reason.to_string()),
            ("x-clerk-auth-status", self.status().to_owned()),
        ];
        message.into_iter().chain(rest).collect()
    }
}

/// A request cannot be authenticated. All but the handshake errors are configuration errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// There is no secret key.
    #[error(
        "Missing Clerk Secret Key. Go to https://dashboard.clerk.com and get your key for your instance."
    )]
    MissingSecretKey,
    /// A satellite in development needs a sign-in URL.
    #[error("Missing signInUrl. Pass a signInUrl for dev instances if an app is satellite")]
    MissingSignInUrl,
    /// The sign-in URL of a satellite is not absolute.
    #[error("The signInUrl needs to have a absolute url format.")]
    SignInUrlNotAbsolute,
    /// The sign-in URL of a satellite is on its own origin.
    #[error("The signInUrl needs to be on a different origin than your satellite application.")]
    SignInUrlOnSatellite,
    /// A satellite has neither a domain nor a proxy URL.
    #[error("Missing domain and proxyUrl. A satellite application needs to specify a domain or a proxyUrl")]
    MissingDomain,
    /// The configured Frontend API is not a URL.
    #[error("The address of the Frontend API is not a URL.")]
    FrontendApi,
    /// Development only: the handshake was signed by another instance.
    #[error(
        "Clerk: Handshake token verification failed due to an invalid signature. If you have switched Clerk keys locally, clear your cookies and try again."
    )]
    HandshakeSignature,
    /// Development only: the handshake token is invalid.
    #[error("Clerk: Handshake token verification failed: {0}.")]
    HandshakeToken(String),
}

/// The reason of a request whose session token failed verification.
pub(crate) fn reason_of(error: &TokenError, refresh: RefreshFailure) -> AuthReason {
    use crate::reason::TokenReason;
    match error.reason {
        TokenReason::Expired => AuthReason::SessionTokenExpired(refresh),
        TokenReason::NotActiveYet => AuthReason::SessionTokenNbf,
        TokenReason::IatInTheFuture => AuthReason::SessionTokenIatInTheFuture,
        TokenReason::Unexpected => AuthReason::Unexpected,
        other => AuthReason::Token(other),
    }
}
