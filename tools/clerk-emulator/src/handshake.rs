//! The handshake: a document without usable cookies is sent here, and goes back
//! with a nonce (or a token) that stands for the Set-Cookie lines it lacks.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use url::Url;

use crate::app::App;
use crate::cookies::{self, Site};
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, HANDSHAKE_MS, Handshake, Session};
use crate::tokens;

/// `GET /v1/client/handshake`.
pub fn routes() -> Router<App> {
    Router::new().route("/v1/client/handshake", get(handshake))
}

async fn handshake(scope: Scope) -> Response {
    let app = scope.app.clone();
    app.answer(&scope, |data, scope| match back(data, scope) {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    })
}

fn back(data: &mut Data, scope: &Scope) -> Result<Response, Refusal> {
    let invalid = || {
        Refusal::format(
            "redirect_url",
            "redirect_url must be an absolute http or https address.",
        )
    };
    let mut target = scope
        .query
        .get("redirect_url")
        .and_then(|url| Url::parse(url).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(invalid)?;
    let origin = target.origin().ascii_serialization();
    let lines = directives(data, scope, &target, &origin);
    let by_nonce = scope.query.get("format").is_some_and(|format| format == "nonce");
    let (name, value) = if by_nonce {
        let nonce = crate::id::random(32);
        let expire_at = scope.now.saturating_add(HANDSHAKE_MS);
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
            tokens::handshake_token(&scope.app.keys(), &lines, scope.now),
        )
    };
    let cookie = if scope.app.config.development {
        target.query_pairs_mut().append_pair(name, &value);
        None
    } else {
        Some(Site::of(scope, &target).cookie(name, &value, false, false))
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

/// The cookies of a browser as they ought to be.
fn directives(data: &mut Data, scope: &Scope, target: &Url, origin: &str) -> Vec<String> {
    let site = Site::of(scope, target);
    let mut lines = Vec::new();
    let known = scope
        .browser()
        .filter(|token| data.browsers.contains_key(*token))
        .map(str::to_owned);
    let browser = match known {
        Some(token) => Some(token),
        None if scope.app.config.development => {
            let token = crate::id::new("dvb");
            data.create_client(&token, scope.now);
            Some(token)
        }
        None => None,
    };
    if let Some(token) = browser.as_deref().filter(|_| scope.app.config.development) {
        lines.extend(site.dev_browser(token));
    }
    let client = browser
        .and_then(|token| data.browsers.get(&token))
        .and_then(|id| data.clients.get(id));
    let session = client.and_then(|client| current_session(data, &client.id));
    lines.extend(site.client_uat(client.map_or(0, |client| cookies::client_uat(client, session))));
    lines.extend(session_lines(scope, &site, session, origin));
    lines
}

/// `__session` and `__refresh` of a session, or their removal.
pub fn session_lines(scope: &Scope, site: &Site<'_>, session: Option<&Session>, origin: &str) -> Vec<String> {
    let Some(session) = session else {
        return site.session("").into_iter().chain([site.refresh("")]).collect();
    };
    let keys = scope.app.keys();
    let token = tokens::session_token(&scope.app.config, &keys, session, Some(origin), scope.now);
    site.session(&token)
        .into_iter()
        .chain([site.refresh(&session.refresh_token)])
        .collect()
}

/// The session that the browser last worked in, if it is still good, else another one.
pub fn current_session<'a>(data: &'a Data, client_id: &str) -> Option<&'a Session> {
    let last = data.clients.get(client_id)?.last_active_session_id.as_deref();
    data.active_sessions(client_id)
        .find(|session| Some(session.id.as_str()) == last)
        .or_else(|| data.active_sessions(client_id).next())
}
