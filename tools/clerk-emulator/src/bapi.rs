//! The part of the Backend API that Persona and `@clerk/backend` ask for. Every
//! request names the secret key.

use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use url::Url;

use crate::app::App;
use crate::codes;
use crate::cookies::Site;
use crate::handshake::session_lines;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, NewUser, Session, SessionStatus};
use crate::wire;

type Action = fn(&mut Data, &Scope) -> Result<Value, Refusal>;

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;
const PAGE_MAX: usize = 500;
const PAGE: usize = 10;

/// All of the Backend API that there is.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/jwks", on(GET, |_, scope| Ok(scope.app.keys().jwks())))
        .route("/v1/users", on(GET, list_users).merge(on(POST, create_user)))
        .route(
            "/v1/users/count",
            on(GET, |data, _| {
                Ok(json!({ "object": "total_count", "total_count": data.users.len() }))
            }),
        )
        .route(
            "/v1/users/{id}",
            on(GET, user)
                .merge(on(PATCH, update_user))
                .merge(on(DELETE, delete_user)),
        )
        .route("/v1/sessions", on(GET, list_sessions))
        .route("/v1/sessions/{id}", on(GET, session))
        .route("/v1/sessions/{id}/revoke", on(POST, revoke))
        .route("/v1/sessions/{id}/refresh", on(POST, refresh))
        .route("/v1/sessions/{id}/tokens", on(POST, token))
        .route("/v1/clients/handshake_payload", on(GET, handshake_payload))
}

fn on(method: MethodFilter, action: Action) -> MethodRouter<App> {
    axum::routing::on(method, move |scope: Scope| async move { run(&scope, action) })
}

fn run(scope: &Scope, action: Action) -> Response {
    if scope.bearer.as_deref() != Some(scope.app.config.secret_key.as_str()) {
        return Refusal::new(
            401,
            "clerk_key_invalid",
            "The provided Clerk Secret Key is invalid.",
        )
        .into_response();
    }
    scope.app.answer(scope, |data, scope| match action(data, scope) {
        Ok(body) => Json(body).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}

fn user(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    data.users
        .get(scope.id("id"))
        .map(wire::backend_user)
        .ok_or_else(Refusal::not_found)
}

/// Newest first; `email_address`, `phone_number`, `user_id` narrow it.
fn list_users(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let wanted = |name: &str| scope.query.get(name).map(String::as_str);
    let mut users: Vec<_> = data
        .users
        .values()
        .filter(|user| wanted("user_id").is_none_or(|id| user.id == id))
        .filter(|user| {
            wanted("email_address").is_none_or(|v| user.emails.iter().any(|email| email.value == v))
        })
        .filter(|user| {
            wanted("phone_number").is_none_or(|v| user.phones.iter().any(|phone| phone.value == v))
        })
        .collect();
    users.sort_by_key(|user| std::cmp::Reverse(user.created_at));
    Ok(paged(scope, users.into_iter().map(wire::backend_user)).into())
}

fn paged<T>(scope: &Scope, items: impl Iterator<Item = T>) -> Vec<T> {
    let number = |name: &str| scope.query.get(name).and_then(|text| text.parse::<usize>().ok());
    items
        .skip(number("offset").unwrap_or(0))
        .take(number("limit").unwrap_or(PAGE).min(PAGE_MAX))
        .collect()
}

fn create_user(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let first = |name: &str| {
        scope
            .json
            .get(name)
            .and_then(|list| list.get(0))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let new = NewUser {
        email: first("email_address"),
        phone: first("phone_number"),
        first_name: scope.field("first_name").map(str::to_owned),
        last_name: scope.field("last_name").map(str::to_owned),
        ..NewUser::default()
    };
    let id = add_user(data, new, scope.now)?;
    data.users
        .get(&id)
        .map(wire::backend_user)
        .ok_or_else(Refusal::not_found)
}

/// Makes a user of addresses that nobody proved.
///
/// # Errors
/// If an address is none, or another user's.
pub fn add_user(data: &mut Data, mut new: NewUser, now: i64) -> Result<String, Refusal> {
    if let Some(email) = new.email.take() {
        let email = codes::email(&email)
            .ok_or_else(|| Refusal::format("email_address", "This is no e-mail address."))?;
        new.email = Some(email);
    }
    if let Some(phone) = new.phone.take() {
        let phone = codes::phone(&phone)
            .ok_or_else(|| Refusal::format("phone_number", "This is no phone number."))?;
        new.phone = Some(phone);
    }
    for (param, value) in [("email_address", &new.email), ("phone_number", &new.phone)] {
        if value
            .as_deref()
            .is_some_and(|value| data.user_by_identifier(value).is_some())
        {
            return Err(Refusal::new(422, "form_identifier_exists", "That address is taken.").param(param));
        }
    }
    Ok(data.create_user(new, now))
}

fn update_user(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let id = scope.id("id");
    let user = data.users.get_mut(id).ok_or_else(Refusal::not_found)?;
    let name = |field: &str| scope.json.get(field).map(|name| name.as_str().map(str::to_owned));
    if let Some(name) = name("first_name") {
        user.first_name = name;
    }
    if let Some(name) = name("last_name") {
        user.last_name = name;
    }
    let metadata =
        |field: &str| -> Option<Map<String, Value>> { scope.json.get(field)?.as_object().cloned() };
    if let Some(map) = metadata("public_metadata") {
        user.public_metadata = map;
    }
    if let Some(map) = metadata("private_metadata") {
        user.private_metadata = map;
    }
    if let Some(map) = metadata("unsafe_metadata") {
        user.unsafe_metadata = map;
    }
    user.updated_at = scope.now;
    data.tell_user("user.updated", id);
    self::user(data, scope)
}

fn delete_user(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let id = scope.id("id");
    if !data.delete_user(id, scope.now) {
        return Err(Refusal::not_found());
    }
    crate::pictures::remove(&scope.app, id);
    Ok(json!({ "object": "user", "id": id, "deleted": true }))
}

fn find<'a>(data: &'a Data, scope: &Scope) -> Result<&'a Session, Refusal> {
    data.sessions.get(scope.id("id")).ok_or_else(Refusal::not_found)
}

fn session(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    find(data, scope).map(wire::backend_session)
}

/// Newest first; `user_id`, `client_id`, `status` narrow it.
fn list_sessions(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let wanted = |name: &str| scope.query.get(name).map(String::as_str);
    let mut sessions: Vec<_> = data
        .sessions
        .values()
        .filter(|session| wanted("user_id").is_none_or(|id| session.user_id == id))
        .filter(|session| wanted("client_id").is_none_or(|id| session.client_id == id))
        .filter(|session| wanted("status").is_none_or(|status| json!(session.status) == status))
        .collect();
    sessions.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    Ok(paged(scope, sessions.into_iter().map(wire::backend_session)).into())
}

fn revoke(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let id = find(data, scope)?.id.clone();
    data.end_session(&id, SessionStatus::Revoked, scope.now);
    session(data, scope)
}

fn token(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let session = find(data, scope)?;
    if session.status != SessionStatus::Active {
        return Err(Refusal::not_found());
    }
    Ok(json!({ "object": "token", "jwt": scope.token(session) }))
}

/// Fresh cookies for an edge that holds an expired token and the refresh cookie.
fn refresh(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let session = find(data, scope)?;
    let refused = |code, message| Refusal::new(400, code, message);
    if scope.field("refresh_token") != Some(session.refresh_token.as_str()) {
        return Err(refused(
            "refresh_token_invalid",
            "The refresh token is not one of this session.",
        ));
    }
    if session.status != SessionStatus::Active {
        return Err(refused("session_inactive", "The session is over."));
    }
    let origin = scope.need("request_origin")?;
    let url = Url::parse(origin)
        .map_err(|_| Refusal::format("request_origin", "request_origin must be an origin."))?;
    let lines = session_lines(
        scope,
        &Site::of(scope, &url),
        Some(session),
        &url.origin().ascii_serialization(),
    );
    Ok(json!({ "object": "cookies", "cookies": lines }))
}

fn handshake_payload(data: &mut Data, scope: &Scope) -> Result<Value, Refusal> {
    let nonce = scope.query.get("nonce").map(String::as_str).unwrap_or_default();
    let handshake = data
        .handshakes
        .get(nonce)
        .filter(|handshake| handshake.expire_at > scope.now);
    Ok(json!({ "directives": handshake.ok_or_else(Refusal::not_found)?.directives }))
}
