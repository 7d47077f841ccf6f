//! What becomes of a request.

use crate::claims::Claims;
use crate::reason::{AuthReason, RefreshFailure, TokenError};

/// A response header that the host must send. Several may have one name (`set-cookie`).
pub type HeaderLine = (&'static str, String);

/// What becomes of a request.
#[derive(Debug, Clone)]
pub enum RequestState {
    /// Somebody is signed in, though perhaps pending: ask [`Claims::session`].
    SignedIn(SignedIn),
    /// Nobody is.
    SignedOut(SignedOut),
    /// Only Clerk knows: send the visitor there. They come back at once.
    Handshake(Handshake),
}

/// Somebody is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the token says.
    pub claims: Claims,
    /// The token.
    pub token: String,
    /// Headers to send with whatever is answered; may hold a `location`, which is then the answer.
    pub headers: Vec<HeaderLine>,
}

/// Nobody is signed in.
#[derive(Debug, Clone)]
pub struct SignedOut {
    /// Why.
    pub reason: AuthReason,
    /// Why, in a sentence for the log.
    pub message: Option<String>,
    /// Headers to send with whatever is answered; may hold a `location`, which is then the answer.
    pub headers: Vec<HeaderLine>,
    /// Clerk and we disagree again and again; the visitor was redirected three times. Clocks, mixed
    /// keys and blocked cookies do that. Say so instead of redirecting once more.
    pub redirect_loop: bool,
}

/// The visitor must ask Clerk.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// Why.
    pub reason: AuthReason,
    /// Why, in a sentence for the log.
    pub message: Option<String>,
    /// Headers to send with the redirect, `location` among them.
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

    /// Headers to send.
    pub fn headers(&self) -> &[HeaderLine] {
        match self {
            Self::SignedIn(state) => &state.headers,
            Self::SignedOut(state) => &state.headers,
            Self::Handshake(state) => &state.headers,
        }
    }

    /// Where to redirect with 307, whatever the state; a request without one is answered.
    pub fn location(&self) -> Option<&str> {
        self.headers()
            .iter()
            .find(|(name, _)| *name == "location")
            .map(|(_, value)| value.as_str())
    }

    /// Why nobody is signed in (yet).
    pub fn reason(&self) -> Option<&AuthReason> {
        match self {
            Self::SignedIn(_) => None,
            Self::SignedOut(state) => Some(&state.reason),
            Self::Handshake(state) => Some(&state.reason),
        }
    }

    /// The same in a sentence, for the log.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::SignedIn(_) => None,
            Self::SignedOut(state) => state.message.as_deref(),
            Self::Handshake(state) => state.message.as_deref(),
        }
    }

    /// What Clerk's SDK tells developers in `x-clerk-auth-*`, where nobody is signed in. The message
    /// quotes claims, so it is not for everyone.
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

/// A request cannot be judged. All but the handshake's are mistakes of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// There is no secret key.
    #[error(
        "Missing Clerk Secret Key. Go to https://dashboard.clerk.com and get your key for your instance."
    )]
    MissingSecretKey,
    /// A satellite in development does not know where people sign in.
    #[error("Missing signInUrl. Pass a signInUrl for dev instances if an app is satellite")]
    MissingSignInUrl,
    /// It knows no URL for it.
    #[error("The signInUrl needs to have a absolute url format.")]
    SignInUrlNotAbsolute,
    /// It would be itself.
    #[error("The signInUrl needs to be on a different origin than your satellite application.")]
    SignInUrlOnSatellite,
    /// A satellite does not know itself.
    #[error("Missing domain and proxyUrl. A satellite application needs to specify a domain or a proxyUrl")]
    MissingDomain,
    /// The Frontend API has no usable address.
    #[error("The address of the Frontend API is not a URL.")]
    FrontendApi,
    /// In development: a handshake was signed for another instance.
    #[error(
        "Clerk: Handshake token verification failed due to an invalid signature. If you have switched Clerk keys locally, clear your cookies and try again."
    )]
    HandshakeSignature,
    /// In development: a handshake's token is not valid.
    #[error("Clerk: Handshake token verification failed: {0}.")]
    HandshakeToken(String),
}

/// Which reason an unverifiable session token gives a request.
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
