//! The handshake endpoint. Documents without valid cookies are redirected here, and from here back
//! with a nonce (or a token) for the `Set-Cookie` lines that they need.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use url::Url;

use crate::api_error::ApiError;
use crate::app::App;
use crate::context::Context;
use crate::cookies::{self, Site};
use crate::state::{Data, HANDSHAKE_MS, Handshake, Session};
use crate::tokens;

/// `GET /v1/client/handshake`.
pub fn routes() -> Router<App> {
    Router::new().route("/v1/client/handshake", get(handshake))
}

async fn handshake(context: Context) -> Response {
    let app = context.app.clone();
    app.respond(&context, |data, context| match back(data, context) {
        Ok(response) => response,
        Err(error) => error.into_response(),
    })
}

fn back(data: &mut Data, context: &Context) -> Result<Response, ApiError> {
    let invalid = || {
        ApiError::format(
            "redirect_url",
            "redirect_url must be an absolute http or https URL.",
        )
    };
    let mut target = context
        .query
        .get("redirect_url")
        .and_then(|url| Url::parse(url).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(invalid)?;
    let origin = target.origin().ascii_serialization();
    let lines = directives(data, context, &target, &origin);
    let by_nonce = context
        .query
        .get("format")
        .is_some_and(|format| format == "nonce");
    let (name, value) = if by_nonce {
        let nonce = crate::id::random(32);
        let expire_at = context.now.saturating_add(HANDSHAKE_MS);
        data.handshakes.insert(
            nonce.clone(),
            Handshake {
                directives: lines,
                expire_at,
            },
        );
        ("__clerk_handshake_nonce", nonce)
    } else {
        (
            "__clerk_handshake",
            tokens::handshake_token(&context.app.keys(), &lines, context.now),
        )
    };
    let cookie = if context.app.config.development {
        target.query_pairs_mut().append_pair(name, &value);
        None
    } else {
        Some(Site::of(context, &target).cookie(name, &value, false, false))
    };
    let location = HeaderValue::from_str(target.as_str()).map_err(|_| invalid())?;
    let mut response = (
        StatusCode::TEMPORARY_REDIRECT,
        [(header::LOCATION, location)],
        [(header::CACHE_CONTROL, "no-store")],
    )
        .into_response();
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The `Set-Cookie` lines for the client's current state.
fn directives(data: &mut Data, context: &Context, target: &Url, origin: &str) -> Vec<String> {
    let site = Site::of(context, target);
    let mut lines = Vec::new();
    let known = context
        .browser()
        .filter(|token| data.browsers.contains_key(*token))
        .map(str::to_owned);
    let browser = match known {
        Some(token) => Some(token),
        None if context.app.config.development => {
            let token = crate::id::new("dvb");
            data.create_client(&token, context.now);
            Some(token)
        }
        None => None,
    };
    if let Some(token) = browser.as_deref().filter(|_| context.app.config.development) {
        lines.extend(site.dev_browser(token));
    }
    let client = browser
        .and_then(|token| data.browsers.get(&token))
        .and_then(|id| data.clients.get(id));
    let session = client.and_then(|client| current_session(data, &client.id));
    lines.extend(site.client_uat(client.map_or(0, |client| cookies::client_uat(client, session))));
    lines.extend(session_lines(context, &site, session, origin));
    lines
}

/// `__session` and `__refresh` of a session, or their removal.
pub fn session_lines(
    context: &Context,
    site: &Site<'_>,
    session: Option<&Session>,
    origin: &str,
) -> Vec<String> {
    let Some(session) = session else {
        return site.session("").into_iter().chain([site.refresh("")]).collect();
    };
    let keys = context.app.keys();
    let token = tokens::session_token(&context.app.config, &keys, session, Some(origin), context.now);
    site.session(&token)
        .into_iter()
        .chain([site.refresh(&session.refresh_token)])
        .collect()
}

/// The client's last active session, if it has not ended, or else another active one.
pub fn current_session<'a>(data: &'a Data, client_id: &str) -> Option<&'a Session> {
    let last = data.clients.get(client_id)?.last_active_session_id.as_deref();
    data.active_sessions(client_id)
        .find(|session| Some(session.id.as_str()) == last)
        .or_else(|| data.active_sessions(client_id).next())
}
