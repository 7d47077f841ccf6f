//! The control API for tests, in JSON. It is available on the emulator's own port only: a request
//! through a proxy, which has a `Clerk-Proxy-Url` header, gets 404.

use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use crate::api_error::ApiError;
use crate::app::App;
use crate::bapi::add_user;
use crate::context::Context;
use crate::cookies::Site;
use crate::faults::Fault;
use crate::handshake::session_lines;
use crate::state::{NewUser, SessionStatus, WebhookTarget};
use crate::tokens::{Overrides, custom_token};
use crate::{cookies, webhooks, wire};

type Action = fn(&Context) -> Result<Value, ApiError>;

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const DELETE: MethodFilter = MethodFilter::DELETE;

/// The routes under `/_emulator`.
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
        .layer(middleware::from_fn(reject_proxied))
}

fn on(method: MethodFilter, action: Action) -> MethodRouter<App> {
    axum::routing::on(method, move |context: Context| async move {
        // Generating a key takes seconds, so actions run on the blocking pool.
        let result = tokio::task::spawn_blocking(move || action(&context)).await;
        match result {
            Ok(Ok(body)) => Json(body).into_response(),
            Ok(Err(error)) => error.into_response(),
            Err(error) => ApiError::new(500, "internal_clerk_error", &error.to_string()).into_response(),
        }
    })
}

async fn reject_proxied(request: axum::extract::Request, next: middleware::Next) -> Response {
    if request.headers().contains_key("clerk-proxy-url") {
        return ApiError::not_found().into_response();
    }
    next.run(request).await
}

fn read<T: DeserializeOwned>(context: &Context) -> Result<T, ApiError> {
    let json = if context.json.is_null() {
        json!({})
    } else {
        context.json.clone()
    };
    serde_json::from_value(json).map_err(|error| {
        ApiError::new(400, "request_body_invalid", "The request body is invalid.").long(&error.to_string())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUserBody {
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl From<CreateUserBody> for NewUser {
    fn from(body: CreateUserBody) -> Self {
        Self {
            email: body.email,
            phone: body.phone,
            first_name: body.first_name,
            last_name: body.last_name,
            ..Self::default()
        }
    }
}

fn create_user(context: &Context) -> Result<Value, ApiError> {
    let body: CreateUserBody = read(context)?;
    context.app.update(|data| {
        let id = add_user(data, body.into(), context.now)?;
        data.users
            .get(&id)
            .map(wire::backend_user)
            .ok_or_else(ApiError::not_found)
    })
}

fn delete_user(context: &Context) -> Result<Value, ApiError> {
    let id = context.id("id");
    if !context.app.update(|data| data.delete_user(id, context.now)) {
        return Err(ApiError::not_found());
    }
    crate::pictures::remove(&context.app, id);
    Ok(json!({ "id": id, "deleted": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateSessionBody {
    user_id: String,
    origin: String,
}

/// Creates a browser with a signed-in session and returns its cookies.
fn create_session(context: &Context) -> Result<Value, ApiError> {
    let body: CreateSessionBody = read(context)?;
    let url =
        Url::parse(&body.origin).map_err(|_| ApiError::format("origin", "origin must be an origin."))?;
    let origin = url.origin().ascii_serialization();
    context.app.update(|data| {
        if !data.users.contains_key(&body.user_id) {
            return Err(ApiError::not_found());
        }
        let development = context.app.config.development;
        let token = crate::id::new(if development { "dvb" } else { "client_token" });
        let client_id = data.create_client(&token, context.now);
        let id = data.begin_session(
            &client_id,
            &body.user_id,
            "email_code",
            context.agent.clone(),
            context.now,
        );
        let session = data.sessions.get(&id).ok_or_else(ApiError::not_found)?;
        let client = data.clients.get(&client_id).ok_or_else(ApiError::not_found)?;
        let site = Site::of(context, &url);
        let mut lines = session_lines(context, &site, Some(session), &origin);
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

fn revoke_session(context: &Context) -> Result<Value, ApiError> {
    context.app.update(|data| {
        data.end_session(context.id("id"), SessionStatus::Revoked, context.now);
        data.sessions
            .get(context.id("id"))
            .map(wire::backend_session)
            .ok_or_else(ApiError::not_found)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateTokenBody {
    session_id: String,
    origin: Option<String>,
    ttl_s: Option<i64>,
    iat: Option<i64>,
    #[serde(default)]
    claims: Map<String, Value>,
}

/// Signs any token with the current key, also an expired one.
fn create_token(context: &Context) -> Result<Value, ApiError> {
    let body: CreateTokenBody = read(context)?;
    let session = context
        .app
        .store
        .lock()
        .sessions
        .get(&body.session_id)
        .cloned()
        .ok_or_else(ApiError::not_found)?;
    let overrides = Overrides {
        ttl_s: body.ttl_s,
        iat: body.iat,
        claims: body.claims,
    };
    let origin = body.origin.as_deref();
    Ok(
        json!({ "jwt": custom_token(&context.app.config, &context.app.keys(), &session, origin, context.now, overrides) }),
    )
}

fn keys(context: &Context) -> Result<Value, ApiError> {
    let keys = context.app.keys();
    Ok(json!({ "jwks": keys.jwks(), "public_pem": keys.public_pem().map_err(internal)? }))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RotateKeysBody {
    drop_old: bool,
}

fn rotate_keys(context: &Context) -> Result<Value, ApiError> {
    let body: RotateKeysBody = read(context)?;
    context.app.rotate_keys(!body.drop_old).map_err(internal)?;
    keys(context)
}

fn internal(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(500, "internal_clerk_error", &error.to_string())
}

fn add_fault(context: &Context) -> Result<Value, ApiError> {
    context.app.faults.add(read::<Fault>(context)?);
    Ok(json!({}))
}

fn clear_faults(context: &Context) -> Result<Value, ApiError> {
    context.app.faults.clear();
    Ok(json!({}))
}

fn add_webhook(context: &Context) -> Result<Value, ApiError> {
    let target: WebhookTarget = read(context)?;
    if !webhooks::is_secret(&target.secret) {
        return Err(ApiError::format(
            "secret",
            "secret must be whsec_ followed by base64.",
        ));
    }
    if !Url::parse(&target.url).is_ok_and(|url| url.scheme() == "http") {
        return Err(ApiError::format("url", "url must be an http URL."));
    }
    context.app.update(|data| {
        data.webhooks.retain(|other| other.url != target.url);
        data.webhooks.push(target);
    });
    Ok(json!({}))
}

fn clear_webhooks(context: &Context) -> Result<Value, ApiError> {
    context.app.update(|data| data.webhooks.clear());
    Ok(json!({}))
}

fn messages(context: &Context) -> Result<Value, ApiError> {
    Ok(json!({ "messages": context.app.store.lock().messages }))
}
