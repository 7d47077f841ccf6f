//! The handshake: a redirect through Clerk that returns with fresh cookies.

use crate::api::{ApiRequest, Backend, cookie_lines, read_handshake_payload};
use crate::checks;
use crate::context::{Context, DEV_BROWSER, HANDSHAKE, HANDSHAKE_NONCE, REDIRECT_COUNT, SESSION};
use crate::machine::is_non_session_category;
use crate::options::{HANDSHAKE_DEVELOPMENT_SKEW_MS, TokenOptions};
use crate::organization::find_target;
use crate::reason::{AuthReason, Carrier, TokenError, TokenReason};
use crate::refresh::session_token_of;
use crate::request::without_params;
use crate::state::{AuthError, Handshake, HeaderLine, RequestState, SignedIn, SignedOut};
use crate::token::{SignatureCheck, UnverifiedToken, verify_token};
use url::Url;

/// The number of consecutive redirects at which a loop is reported. The cookie that counts them lives two seconds.
/// As in Clerk's SDK, the comparison is for equality.
const REDIRECTS_MAX: f64 = 3.0;
/// Query parameter of Clerk's help for developers.
const HANDSHAKE_HELP: &str = "__clerk_help";
/// The browser token of older development instances.
const LEGACY_DEV_BROWSER: &str = "__dev_session";

/// Redirects a document to a handshake; any other request is signed out. `location` overrides
/// Clerk's handshake endpoint.
pub(crate) fn start(
    context: &Context<'_>,
    reason: AuthReason,
    message: Option<String>,
    location: Option<String>,
) -> Result<RequestState, AuthError> {
    let signed_out = |redirect_loop| {
        let headers = Vec::new();
        let (reason, message) = (reason.clone(), message.clone());
        Ok(RequestState::SignedOut(SignedOut {
            reason,
            message,
            headers,
            redirect_loop,
        }))
    };
    if !context.is_eligible_for_handshake() {
        return signed_out(false);
    }
    if is_looping(context) {
        return signed_out(true);
    }
    let location = match location {
        Some(location) => location,
        None => handshake_url(context, &reason)?.to_string(),
    };
    let count = context.redirect_count + 1.0;
    let headers = vec![
        ("location", location),
        ("cache-control", "no-store".to_owned()),
        (
            "set-cookie",
            format!("{REDIRECT_COUNT}={count}; SameSite=Lax; HttpOnly; Max-Age=2"),
        ),
    ];
    Ok(RequestState::Handshake(Handshake {
        reason,
        message,
        headers,
    }))
}

/// Whether the redirect limit is reached.
pub(crate) fn is_looping(context: &Context<'_>) -> bool {
    context.redirect_count == REDIRECTS_MAX
}

/// The URL of Clerk's handshake endpoint, with the reason and the URL to return to.
fn handshake_url(context: &Context<'_>, reason: &AuthReason) -> Result<Url, AuthError> {
    let api = &context.frontend_api;
    let base = if api.starts_with("http") {
        api.clone()
    } else {
        format!("https://{api}")
    };
    let mut url = Url::parse(&format!("{}/v1/client/handshake", base.trim_end_matches('/')))
        .map_err(|_| AuthError::FrontendApi)?;
    let return_to = without_params(&context.url, &[DEV_BROWSER, LEGACY_DEV_BROWSER]);
    let suffixed = if context.uses_suffixed_cookies {
        "true"
    } else {
        "false"
    };
    let mut query = url.query_pairs_mut();
    query
        .append_pair("redirect_url", return_to.as_str())
        .append_pair("__clerk_api_version", crate::api::API_VERSION)
        .append_pair("suffixed_cookies", suffixed)
        .append_pair("__clerk_hs_reason", &reason.as_str())
        .append_pair("format", "nonce");
    if let Some(token) = context.any_session_token() {
        query.append_pair(SESSION, token);
    }
    if let Some(token) = context
        .dev_browser
        .as_deref()
        .filter(|_| context.is_development())
    {
        query.append_pair(DEV_BROWSER, token);
    }
    let options = context.options;
    let target = find_target(
        &options.organization_patterns,
        &options.personal_account_patterns,
        context.url.path(),
    );
    if let Some(target) = target {
        query.append_pair("organization_id", target.parameter());
    }
    drop(query);
    Ok(url)
}

/// Why a finished handshake does not authenticate the request.
pub(crate) enum Unresolved {
    /// The handshake token is invalid.
    Token(TokenError),
    /// The session token it set is invalid.
    Session(String),
}

/// Applies a finished handshake, by its nonce or else its token. Its cookies are set, and the
/// session token among them authenticates the request. In development one more redirect removes
/// the handshake parameters from the URL.
pub(crate) async fn resolve(
    context: &Context<'_>,
    backend: &impl Backend,
) -> Result<RequestState, Unresolved> {
    let lines = cookies(context, backend).await?;
    let token = session_token_of(&lines);
    let mut headers: Vec<HeaderLine> = vec![
        ("access-control-allow-origin", "null".to_owned()),
        ("access-control-allow-credentials", "true".to_owned()),
    ];
    headers.extend(lines.into_iter().map(|line| ("set-cookie", line)));
    if context.is_development() {
        let clean = without_params(
            &context.url,
            &[HANDSHAKE, HANDSHAKE_HELP, DEV_BROWSER, HANDSHAKE_NONCE],
        );
        headers.push(("location", clean.to_string()));
        headers.push(("cache-control", "no-store".to_owned()));
    }
    if token.is_empty() {
        let reason = AuthReason::SessionTokenMissing;
        return Ok(RequestState::SignedOut(SignedOut {
            reason,
            message: None,
            headers,
            redirect_loop: false,
        }));
    }
    let options = &context.options.token;
    let mut verified = verify_token(&token, backend, options).await;
    if let Err(error) = &verified
        && context.is_development()
        && matches!(
            error.reason,
            TokenReason::Expired | TokenReason::NotActiveYet | TokenReason::IatInTheFuture
        )
    {
        backend.warn(&format!(
            "Clock skew detected. Check the clock of this machine. {}",
            error.full_message(Carrier::Cookie)
        ));
        let lenient = TokenOptions {
            skew_ms: HANDSHAKE_DEVELOPMENT_SKEW_MS,
            ..options.clone()
        };
        verified = verify_token(&token, backend, &lenient).await;
    }
    match verified {
        Ok(claims) => Ok(RequestState::SignedIn(SignedIn {
            claims,
            token,
            headers,
        })),
        Err(error) => Err(Unresolved::Session(error.message)),
    }
}

/// Handles an unresolved handshake. In development an invalid handshake token is an error for the
/// developer; otherwise the handshake is ignored.
pub(crate) fn check_unresolved(
    unresolved: Unresolved,
    context: &Context<'_>,
    backend: &impl Backend,
) -> Result<(), AuthError> {
    match unresolved {
        Unresolved::Token(error) if context.is_development() && error.reason != TokenReason::Unexpected => {
            Err(match error.reason {
                TokenReason::Signature => AuthError::HandshakeSignature,
                _ => AuthError::HandshakeToken(handshake_message(&error)),
            })
        }
        Unresolved::Token(error) => {
            backend.warn(&format!("Invalid handshake token ignored: {error}"));
            Ok(())
        }
        Unresolved::Session(why) => {
            backend.warn(&format!("Handshake without a valid session token ignored: {why}"));
            Ok(())
        }
    }
}

/// The full message of a handshake token error; Clerk's SDK has no carrier for it.
fn handshake_message(error: &TokenError) -> String {
    let action = error
        .action
        .map(|action| format!(" {}", action.as_str()))
        .unwrap_or_default();
    format!(
        "{}{action} (reason={}, token-carrier=undefined)",
        error.message, error.reason
    )
}

/// The `Set-Cookie` lines of a handshake.
async fn cookies(context: &Context<'_>, backend: &impl Backend) -> Result<Vec<String>, Unresolved> {
    if let Some(nonce) = &context.handshake_nonce {
        let answer = backend.call(ApiRequest::handshake_payload(nonce)).await;
        let lines = answer
            .map_err(|error| error.to_string())
            .and_then(|answer| read_handshake_payload(&answer));
        return Ok(lines.unwrap_or_else(|why| {
            backend.warn(&format!("Failed to fetch the handshake payload: {why}"));
            Vec::new()
        }));
    }
    let Some(token) = &context.handshake_token else {
        return Ok(Vec::new());
    };
    verify(token, backend).await.map_err(Unresolved::Token)
}

/// Verifies a handshake token and returns its `Set-Cookie` lines. The token has no dates; those of
/// the session token in it are checked.
async fn verify(text: &str, backend: &impl Backend) -> Result<Vec<String>, TokenError> {
    let token = UnverifiedToken::parse(text)?;
    if token.header_json().is_null() {
        return Err(TokenError::new(
            TokenReason::Unexpected,
            "Invalid JWT header null.",
        ));
    }
    let key = backend.key(token.kid().as_deref()).await?;
    checks::check_type(token.header("typ"), None)?;
    checks::check_algorithm(token.header("alg"))?;
    if is_non_session_category(token.header("cat")) {
        return Err(TokenError::not_issued_by_clerk(
            TokenReason::Invalid,
            "Invalid handshake token category.",
        ));
    }
    let answer = if token.header("alg").and_then(|alg| alg.as_str()) == Some("RS256") {
        backend
            .verify(&key, token.signing_input(), token.signature())
            .await
    } else {
        SignatureCheck::Failed("JWK \"alg\" does not match the requested algorithm".to_owned())
    };
    match answer {
        SignatureCheck::Valid => Ok(cookie_lines(token.claim("handshake"))),
        SignatureCheck::Invalid => Err(TokenError::new(
            TokenReason::Signature,
            "Handshake signature is invalid.",
        )),
        SignatureCheck::Failed(why) => Err(TokenError::new(
            TokenReason::VerificationFailed,
            format!("Error verifying handshake token. Error: {why}"),
        )),
    }
}
