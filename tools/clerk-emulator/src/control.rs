//! The control API: what a test may do to the emulator that no user can. JSON in,
//! JSON out, on the emulator's own port alone: a request that came through a proxy
//! (it says so with `Clerk-Proxy-Url`) finds nothing here.

use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use crate::app::App;
use crate::bapi::add_user;
use crate::cookies::Site;
use crate::faults::Fault;
use crate::handshake::session_lines;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{NewUser, SessionStatus, WebhookTarget};
use crate::tokens::{Overrides, custom_token};
use crate::{cookies, webhooks, wire};

type Action = fn(&Scope) -> Result<Value, Refusal>;

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const DELETE: MethodFilter = MethodFilter::DELETE;

/// Everything under `/_emulator`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/_emulator/health", on(GET, |_| Ok(json!({ "status": "ok" }))))
        .route("/_emulator/users", on(POST, create_user))
        .route("/_emulator/users/{id}", on(DELETE, delete_user))
        .route("/_emulator/sessions", on(POST, create_session))
        .route("/_emulator/sessions/{id}/revoke", on(POST, revoke_session))
        .route("/_emulator/tokens", on(POST, create_token))
        .route("/_emulator/keys", on(GET, keys))
        .route("/_emulator/keys/rotate", on(POST, rotate_keys))
        .route(
            "/_emulator/faults",
            on(POST, add_fault).merge(on(DELETE, clear_faults)),
        )
        .route(
            "/_emulator/webhooks",
            on(POST, add_webhook).merge(on(DELETE, clear_webhooks)),
        )
        .route("/_emulator/messages", on(GET, messages))
        .layer(middleware::from_fn(refuse_proxied))
}

fn on(method: MethodFilter, action: Action) -> MethodRouter<App> {
    axum::routing::on(method, move |scope: Scope| async move {
        // Making a key takes seconds: off the threads that answer others.
        let done = tokio::task::spawn_blocking(move || action(&scope)).await;
        match done {
            Ok(Ok(body)) => Json(body).into_response(),
            Ok(Err(refusal)) => refusal.into_response(),
            Err(error) => Refusal::new(500, "internal_clerk_error", &error.to_string()).into_response(),
        }
    })
}

async fn refuse_proxied(request: axum::extract::Request, next: middleware::Next) -> Response {
    if request.headers().contains_key("clerk-proxy-url") {
        return Refusal::not_found().into_response();
    }
    next.run(request).await
}

fn read<T: DeserializeOwned>(scope: &Scope) -> Result<T, Refusal> {
    let json = if scope.json.is_null() {
        json!({})
    } else {
        scope.json.clone()
    };
    serde_json::from_value(json).map_err(|error| {
        Refusal::new(400, "request_body_invalid", "The request body is not right.").long(&error.to_string())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserWish {
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl From<UserWish> for NewUser {
    fn from(wish: UserWish) -> Self {
        Self {
            email: wish.email,
            phone: wish.phone,
            first_name: wish.first_name,
            last_name: wish.last_name,
            ..Self::default()
        }
    }
}

fn create_user(scope: &Scope) -> Result<Value, Refusal> {
    let wish: UserWish = read(scope)?;
    scope.app.change(|data| {
        let id = add_user(data, wish.into(), scope.now)?;
        data.users
            .get(&id)
            .map(wire::backend_user)
            .ok_or_else(Refusal::not_found)
    })
}

fn delete_user(scope: &Scope) -> Result<Value, Refusal> {
    let id = scope.id("id");
    if !scope.app.change(|data| data.delete_user(id, scope.now)) {
        return Err(Refusal::not_found());
    }
    crate::pictures::remove(&scope.app, id);
    Ok(json!({ "id": id, "deleted": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionWish {
    user_id: String,
    origin: String,
}

/// A browser of its own, signed in, with the cookies that it would have.
fn create_session(scope: &Scope) -> Result<Value, Refusal> {
    let wish: SessionWish = read(scope)?;
    let url = Url::parse(&wish.origin).map_err(|_| Refusal::format("origin", "origin must be an origin."))?;
    let origin = url.origin().ascii_serialization();
    scope.app.change(|data| {
        if !data.users.contains_key(&wish.user_id) {
            return Err(Refusal::not_found());
        }
        let development = scope.app.config.development;
        let token = crate::id::new(if development { "dvb" } else { "client_token" });
        let client_id = data.create_client(&token, scope.now);
        let id = data.begin_session(
            &client_id,
            &wish.user_id,
            "email_code",
            scope.agent.clone(),
            scope.now,
        );
        let session = data.sessions.get(&id).ok_or_else(Refusal::not_found)?;
        let client = data.clients.get(&client_id).ok_or_else(Refusal::not_found)?;
        let site = Site::of(scope, &url);
        let mut lines = session_lines(scope, &site, Some(session), &origin);
        lines.extend(site.client_uat(cookies::client_uat(client, Some(session))));
        if development {
            lines.extend(site.dev_browser(&token));
        } else {
            lines.push(site.cookie("__client", &token, true, false));
        }
        let pairs: Map<String, Value> = lines
            .iter()
            .filter_map(|line| line.split(';').next()?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let jwt = pairs.get("__session").cloned();
        Ok(json!({ "session_id": id, "client_id": client_id, "jwt": jwt, "cookies": pairs }))
    })
}

fn revoke_session(scope: &Scope) -> Result<Value, Refusal> {
    scope.app.change(|data| {
        data.end_session(scope.id("id"), SessionStatus::Revoked, scope.now);
        data.sessions
            .get(scope.id("id"))
            .map(wire::backend_session)
            .ok_or_else(Refusal::not_found)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenWish {
    session_id: String,
    origin: Option<String>,
    ttl_s: Option<i64>,
    iat: Option<i64>,
    #[serde(default)]
    claims: Map<String, Value>,
}

/// Any token that a test wants, also one that is over; signed by the current key.
fn create_token(scope: &Scope) -> Result<Value, Refusal> {
    let wish: TokenWish = read(scope)?;
    let session = scope
        .app
        .store
        .lock()
        .sessions
        .get(&wish.session_id)
        .cloned()
        .ok_or_else(Refusal::not_found)?;
    let overrides = Overrides {
        ttl_s: wish.ttl_s,
        iat: wish.iat,
        claims: wish.claims,
    };
    let origin = wish.origin.as_deref();
    Ok(
        json!({ "jwt": custom_token(&scope.app.config, &scope.app.keys(), &session, origin, scope.now, overrides) }),
    )
}

fn keys(scope: &Scope) -> Result<Value, Refusal> {
    let keys = scope.app.keys();
    Ok(json!({ "jwks": keys.jwks(), "public_pem": keys.public_pem().map_err(internal)? }))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RotateWish {
    drop_old: bool,
}

fn rotate_keys(scope: &Scope) -> Result<Value, Refusal> {
    let wish: RotateWish = read(scope)?;
    scope.app.rotate_keys(!wish.drop_old).map_err(internal)?;
    keys(scope)
}

fn internal(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(500, "internal_clerk_error", &error.to_string())
}

fn add_fault(scope: &Scope) -> Result<Value, Refusal> {
    scope.app.faults.add(read::<Fault>(scope)?);
    Ok(json!({}))
}

fn clear_faults(scope: &Scope) -> Result<Value, Refusal> {
    scope.app.faults.clear();
    Ok(json!({}))
}

fn add_webhook(scope: &Scope) -> Result<Value, Refusal> {
    let target: WebhookTarget = read(scope)?;
    if !webhooks::is_secret(&target.secret) {
        return Err(Refusal::format("secret", "secret must be whsec_ and base64."));
    }
    if !Url::parse(&target.url).is_ok_and(|url| url.scheme() == "http") {
        return Err(Refusal::format("url", "url must be an http address."));
    }
    scope.app.change(|data| {
        data.webhooks.retain(|other| other.url != target.url);
        data.webhooks.push(target);
    });
    Ok(json!({}))
}

fn clear_webhooks(scope: &Scope) -> Result<Value, Refusal> {
    scope.app.change(|data| data.webhooks.clear());
    Ok(json!({}))
}

fn messages(scope: &Scope) -> Result<Value, Refusal> {
    Ok(json!({ "messages": scope.app.store.lock().messages }))
}
