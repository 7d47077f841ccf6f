//! Authentication of requests.

use crate::api::Backend;
use crate::claims::Claims;
use crate::context::{Context, DEV_BROWSER};
use crate::handshake;
use crate::json::to_number;
use crate::machine::{has_non_session_category, is_machine_jwt};
use crate::options::{RequestOptions, SecretKey};
use crate::organization::{OrganizationTarget, find_target};
use crate::reason::{AuthReason, Carrier, RefreshFailure, TokenError, TokenReason};
use crate::referrer;
use crate::refresh::refresh;
use crate::request::{RequestHead, origin_of, query_param};
use crate::state::{AuthError, RequestState, SignedIn, SignedOut, reason_of};
use crate::token::{UnverifiedToken, verify_token};
use url::Url;

/// Query parameter with the sync state between a satellite and the primary domain.
const SYNCED: &str = "__clerk_synced";
/// Query parameter with the URL to return to, set by a satellite in development.
const SATELLITE_URL: &str = "__clerk_redirect_url";

/// Authenticates a request as Clerk's backend SDK does. A token in the header takes precedence:
/// cookies are not read then, even if it is invalid. Only documents are redirected to a handshake.
///
/// # Errors
/// [`AuthError`]: the configuration is wrong, or, in development, a handshake token is invalid.
pub async fn authenticate_request(
    request: &RequestHead,
    options: &RequestOptions,
    backend: &impl Backend,
) -> Result<RequestState, AuthError> {
    let context = Context::new(request, options);
    check_configuration(&context)?;
    match &context.token_in_header {
        Some(token) => authenticate_header(&context, token, backend).await,
        None => authenticate_cookies(&context, backend).await,
    }
}

fn check_configuration(context: &Context<'_>) -> Result<(), AuthError> {
    let options = context.options;
    if options.secret_key == SecretKey::Missing {
        return Err(AuthError::MissingSecretKey);
    }
    if !options.is_satellite {
        return Ok(());
    }
    let sign_in_url = options.sign_in_url.as_deref().filter(|url| !url.is_empty());
    match (sign_in_url, context.request.header("origin")) {
        (None, _) if options.secret_key == SecretKey::Development => return Err(AuthError::MissingSignInUrl),
        (Some(url), Some(origin)) => {
            let url = Url::parse(url).map_err(|_| AuthError::SignInUrlNotAbsolute)?;
            if origin_of(&url) == origin {
                return Err(AuthError::SignInUrlOnSatellite);
            }
        }
        _ => {}
    }
    let has_domain =
        context.proxy_url.is_some() || options.domain.as_deref().is_some_and(|domain| !domain.is_empty());
    if has_domain {
        Ok(())
    } else {
        Err(AuthError::MissingDomain)
    }
}

fn signed_out(reason: AuthReason) -> RequestState {
    RequestState::SignedOut(SignedOut {
        reason,
        message: None,
        headers: Vec::new(),
        redirect_loop: false,
    })
}

fn signed_in(claims: Claims, token: &str) -> RequestState {
    RequestState::SignedIn(SignedIn {
        claims,
        token: token.to_owned(),
        headers: Vec::new(),
    })
}

fn is_not_a_session_token(token: &str) -> bool {
    is_machine_jwt(token) || has_non_session_category(token)
}

async fn authenticate_header(
    context: &Context<'_>,
    token: &str,
    backend: &impl Backend,
) -> Result<RequestState, AuthError> {
    if is_not_a_session_token(token) {
        return Ok(signed_out(AuthReason::TokenTypeMismatch));
    }
    match verify_token(token, backend, &context.options.token).await {
        Ok(claims) => Ok(signed_in(claims, token)),
        Err(error) => handle_token_error(context, &error, Carrier::Header, backend).await,
    }
}

async fn authenticate_cookies(
    context: &Context<'_>,
    backend: &impl Backend,
) -> Result<RequestState, AuthError> {
    if context.handshake_nonce.is_some() || context.handshake_token.is_some() {
        match handshake::resolve(context, backend).await {
            Ok(state) => return Ok(state),
            Err(unresolved) => handshake::check_unresolved(unresolved, context, backend)?,
        }
    }
    if let Some(state) = sync_domains(context)? {
        return Ok(state);
    }
    if context.is_development() {
        if query_param(&context.url, DEV_BROWSER).is_some() {
            return handshake::start(context, AuthReason::DevBrowserSync, None, None);
        }
        if context.dev_browser.is_none() {
            return handshake::start(context, AuthReason::DevBrowserMissing, None, None);
        }
    }
    match (context.client_uat != 0, &context.session_token) {
        (false, None) => Ok(signed_out(AuthReason::SessionTokenAndUatMissing)),
        (false, Some(_)) => handshake::start(context, AuthReason::SessionTokenWithoutClientUat, None, None),
        (true, None) => handshake::start(context, AuthReason::ClientUatWithoutSessionToken, None, None),
        (true, Some(token)) => authenticate_session_cookie(context, token, backend).await,
    }
}

/// The sync between satellites and their primary domain. `None` if none is needed.
fn sync_domains(context: &Context<'_>) -> Result<Option<RequestState>, AuthError> {
    let options = context.options;
    let synced = query_param(&context.url, SYNCED);
    let needs_sync = synced.as_deref() == Some("false");
    let has_cookies = context.session_token.is_some() || context.client_uat != 0;
    let is_document = context.is_get() && context.request.header("sec-fetch-dest") == Some("document");
    if options.is_satellite && is_document && synced.as_deref() != Some("true") {
        if !options.satellite_auto_sync && !has_cookies && !needs_sync {
            return Ok(Some(signed_out(AuthReason::SessionTokenAndUatMissing)));
        }
        if !has_cookies || needs_sync {
            let location = if context.is_development() {
                Some(primary_url(context)?)
            } else {
                None
            };
            return handshake::start(context, AuthReason::SatelliteNeedsSyncing, None, location).map(Some);
        }
    }
    if context.is_development() && !options.is_satellite && options.responds_to_satellites {
        let satellite = query_param(&context.url, SATELLITE_URL).and_then(|url| Url::parse(&url).ok());
        if let Some(url) = satellite.filter(|url| matches!(url.scheme(), "http" | "https")) {
            let location = Some(satellite_url(context, url));
            return handshake::start(context, AuthReason::PrimaryRespondsToSyncing, None, location).map(Some);
        }
    }
    Ok(None)
}

/// The URL at which a satellite in development syncs with its primary domain.
fn primary_url(context: &Context<'_>) -> Result<String, AuthError> {
    let sign_in_url = context
        .options
        .sign_in_url
        .as_deref()
        .ok_or(AuthError::MissingSignInUrl)?;
    let mut url = Url::parse(sign_in_url).map_err(|_| AuthError::SignInUrlNotAbsolute)?;
    url.query_pairs_mut()
        .append_pair(SATELLITE_URL, context.url.as_str());
    Ok(url.to_string())
}

/// The URL at which the primary domain returns to a satellite.
fn satellite_url(context: &Context<'_>, url: Url) -> String {
    let was_synced = query_param(&url, SYNCED).is_some();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in url.query_pairs() {
        let first = !pairs.iter().any(|(known, _)| known == SYNCED);
        match name.as_ref() {
            SYNCED if first => pairs.push((name.into_owned(), "true".to_owned())),
            SYNCED => {}
            _ => pairs.push((name.into_owned(), value.into_owned())),
        }
    }
    if let Some(token) = &context.dev_browser {
        pairs.push((DEV_BROWSER.to_owned(), token.clone()));
    }
    if !was_synced {
        pairs.push((SYNCED.to_owned(), "true".to_owned()));
    }
    let mut url = url;
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.to_string()
}

async fn authenticate_session_cookie(
    context: &Context<'_>,
    text: &str,
    backend: &impl Backend,
) -> Result<RequestState, AuthError> {
    let token = match UnverifiedToken::parse(text) {
        Ok(token) => token,
        Err(error) => return handle_token_error(context, &error, Carrier::Cookie, backend).await,
    };
    if is_not_a_session_token(text) {
        return Ok(signed_out(AuthReason::TokenTypeMismatch));
    }
    if to_number(token.claim("iat")) < context.client_uat as f64 {
        return handshake::start(context, AuthReason::SessionTokenIatBeforeClientUat, None, None);
    }
    let claims = match verify_token(text, backend, &context.options.token).await {
        Ok(claims) => claims,
        Err(error) => return handle_token_error(context, &error, Carrier::Cookie, backend).await,
    };
    if needs_cross_origin_sync(context) {
        let message = "Cross-origin request from satellite domain requires handshake".to_owned();
        return handshake::start(
            context,
            AuthReason::PrimaryDomainCrossOriginSync,
            Some(message),
            None,
        );
    }
    if needs_other_organization(context, &claims) && !handshake::is_looping(context) {
        let state = handshake::start(context, AuthReason::ActiveOrganizationMismatch, None, None)?;
        if matches!(state, RequestState::Handshake(_)) {
            return Ok(state);
        }
    }
    Ok(signed_in(claims, text))
}

/// Whether a document on the primary domain was opened from another origin, where the session may
/// have changed, and no handshake has followed yet.
fn needs_cross_origin_sync(context: &Context<'_>) -> bool {
    !context.options.is_satellite
        && context.is_get()
        && context.request.header("sec-fetch-dest") == Some("document")
        && context.redirect_count == 0.0
        && referrer::is_cross_origin(context)
        && !referrer::is_clerk(context)
}

/// Whether the path requires an organization other than the active one.
fn needs_other_organization(context: &Context<'_>, claims: &Claims) -> bool {
    let options = context.options;
    if claims.is_pending() || claims.user_id().is_empty() {
        return false;
    }
    let target = find_target(
        &options.organization_patterns,
        &options.personal_account_patterns,
        context.url.path(),
    );
    let active = claims.organization();
    match target {
        None => false,
        Some(OrganizationTarget::Id(id)) => active.id.as_deref() != Some(&id),
        Some(OrganizationTarget::Slug(slug)) => active.slug.as_deref() != Some(&slug),
        Some(OrganizationTarget::PersonalAccount) => active.id.is_some_and(|id| !id.is_empty()),
    }
}

/// Handles a rejected token: an expired token is refreshed, other date errors start a handshake,
/// any other error signs out.
async fn handle_token_error(
    context: &Context<'_>,
    error: &TokenError,
    carrier: Carrier,
    backend: &impl Backend,
) -> Result<RequestState, AuthError> {
    if error.reason == TokenReason::Unexpected {
        return Ok(signed_out(AuthReason::Unexpected));
    }
    let mut failure = RefreshFailure::NotTried;
    if error.reason == TokenReason::Expired {
        match refresh(context, backend).await {
            Ok(state) => return Ok(RequestState::SignedIn(state)),
            Err(why) => failure = why,
        }
    }
    let message = Some(error.full_message(carrier));
    let reason = reason_of(error, failure);
    match error.reason {
        TokenReason::Expired | TokenReason::NotActiveYet | TokenReason::IatInTheFuture => {
            handshake::start(context, reason, message, None)
        }
        _ => Ok(RequestState::SignedOut(SignedOut {
            reason,
            message,
            headers: Vec::new(),
            redirect_loop: false,
        })),
    }
}
