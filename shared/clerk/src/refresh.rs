//! Exchanges an expired session token for a new one, without a redirect.

use crate::api::{ApiRequest, Backend, Refresh, read_refresh};
use crate::context::{Context, SESSION};
use crate::cookies::{cookie_name, cookie_value};
use crate::reason::RefreshFailure;
use crate::state::SignedIn;
use crate::token::{UnverifiedToken, verify_token};

/// Requests a new token from Clerk. Called only for an expired token with a valid signature.
pub(crate) async fn refresh(
    context: &Context<'_>,
    backend: &impl Backend,
) -> Result<SignedIn, RefreshFailure> {
    if !context.is_get() {
        return Err(RefreshFailure::NonGet);
    }
    let refresh_token = context.refresh_token.as_deref().ok_or(RefreshFailure::NoCookie)?;
    if !context.options.can_refresh {
        return Err(RefreshFailure::NoApiClient);
    }
    let expired_token = context
        .any_session_token()
        .ok_or(RefreshFailure::MissingSessionToken)?;
    let expired = UnverifiedToken::parse(expired_token).map_err(|_| RefreshFailure::DecodeFailed)?;
    let session_id = expired
        .claim("sid")
        .and_then(|sid| sid.as_str())
        .filter(|sid| !sid.is_empty());
    let call = ApiRequest::refresh(
        &Refresh {
            session_id: session_id.ok_or(RefreshFailure::MissingSid)?,
            suffixed_cookies: context.uses_suffixed_cookies,
            expired_token,
            refresh_token,
            origin: &context.origin(),
        },
        context.request,
    );
    let cookies = read_refresh(backend.call(call).await)?;
    if cookies.is_empty() {
        return Err(RefreshFailure::NoCookies);
    }
    let token = session_token_of(&cookies);
    let claims = verify_token(&token, backend, &context.options.token)
        .await
        .map_err(|_| RefreshFailure::InvalidSessionToken)?;
    let headers = cookies.into_iter().map(|line| ("set-cookie", line)).collect();
    Ok(SignedIn {
        claims,
        token,
        headers,
    })
}

/// The session token in `Set-Cookie` lines: the last one, or empty if there is none.
pub(crate) fn session_token_of(lines: &[String]) -> String {
    let last = lines
        .iter()
        .rev()
        .find(|line| cookie_name(line).starts_with(SESSION));
    last.map(|line| cookie_value(line).to_owned()).unwrap_or_default()
}
