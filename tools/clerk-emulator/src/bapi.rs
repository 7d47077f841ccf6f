//! The part of the Backend API that Persona and `@clerk/backend` use. Every request must carry the
//! secret key.

use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use url::Url;

use crate::api_error::ApiError;
use crate::app::App;
use crate::codes;
use crate::context::Context;
use crate::cookies::Site;
use crate::handshake::session_lines;
use crate::state::{Data, NewUser, Session, SessionStatus};
use crate::wire;

type Action = fn(&mut Data, &Context) -> Result<Value, ApiError>;

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;
const PAGE_MAX: usize = 500;
const PAGE: usize = 10;

/// The routes of the Backend API.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/jwks", on(GET, |_, context| Ok(context.app.keys().jwks())))
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
    axum::routing::on(
        method,
        move |context: Context| async move { run(&context, action) },
    )
}

fn run(context: &Context, action: Action) -> Response {
    if context.bearer.as_deref() != Some(context.app.config.secret_key.as_str()) {
        return ApiError::new(
            401,
            "clerk_key_invalid",
            "The provided Clerk Secret Key is invalid.",
        )
        .into_response();
    }
    context
        .app
        .respond(context, |data, context| match action(data, context) {
            Ok(body) => Json(body).into_response(),
            Err(error) => error.into_response(),
        })
}

fn user(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    data.users
        .get(context.id("id"))
        .map(wire::backend_user)
        .ok_or_else(ApiError::not_found)
}

/// Newest first, filtered by `email_address`, `phone_number` and `user_id`.
fn list_users(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let wanted = |name: &str| context.query.get(name).map(String::as_str);
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
    Ok(paged(context, users.into_iter().map(wire::backend_user)).into())
}

fn paged<T>(context: &Context, items: impl Iterator<Item = T>) -> Vec<T> {
    let number = |name: &str| {
        context
            .query
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    items
        .skip(number("offset").unwrap_or(0))
        .take(number("limit").unwrap_or(PAGE).min(PAGE_MAX))
        .collect()
}

fn create_user(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let first = |name: &str| {
        context
            .json
            .get(name)
            .and_then(|list| list.get(0))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let new = NewUser {
        email: first("email_address"),
        phone: first("phone_number"),
        first_name: context.field("first_name").map(str::to_owned),
        last_name: context.field("last_name").map(str::to_owned),
        ..NewUser::default()
    };
    let id = add_user(data, new, context.now)?;
    data.users
        .get(&id)
        .map(wire::backend_user)
        .ok_or_else(ApiError::not_found)
}

/// Creates a user whose addresses count as verified.
///
/// # Errors
/// If an address is invalid or taken.
pub fn add_user(data: &mut Data, mut new: NewUser, now: i64) -> Result<String, ApiError> {
    if let Some(email) = new.email.take() {
        let email = codes::email(&email)
            .ok_or_else(|| ApiError::format("email_address", "This is not an email address."))?;
        new.email = Some(email);
    }
    if let Some(phone) = new.phone.take() {
        let phone = codes::phone(&phone)
            .ok_or_else(|| ApiError::format("phone_number", "This is not a phone number."))?;
        new.phone = Some(phone);
    }
    for (param, value) in [("email_address", &new.email), ("phone_number", &new.phone)] {
        if value
            .as_deref()
            .is_some_and(|value| data.user_by_identifier(value).is_some())
        {
            return Err(ApiError::new(422, "form_identifier_exists", "That address is taken.").param(param));
        }
    }
    Ok(data.create_user(new, now))
}

fn update_user(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let id = context.id("id");
    let user = data.users.get_mut(id).ok_or_else(ApiError::not_found)?;
    let name = |field: &str| {
        context
            .json
            .get(field)
            .map(|name| name.as_str().map(str::to_owned))
    };
    if let Some(name) = name("first_name") {
        user.first_name = name;
    }
    if let Some(name) = name("last_name") {
        user.last_name = name;
    }
    let metadata =
        |field: &str| -> Option<Map<String, Value>> { context.json.get(field)?.as_object().cloned() };
    if let Some(map) = metadata("public_metadata") {
        user.public_metadata = map;
    }
    if let Some(map) = metadata("private_metadata") {
        user.private_metadata = map;
    }
    if let Some(map) = metadata("unsafe_metadata") {
        user.unsafe_metadata = map;
    }
    user.updated_at = context.now;
    data.emit_user_event("user.updated", id);
    self::user(data, context)
}

fn delete_user(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let id = context.id("id");
    if !data.delete_user(id, context.now) {
        return Err(ApiError::not_found());
    }
    crate::pictures::remove(&context.app, id);
    Ok(json!({ "object": "user", "id": id, "deleted": true }))
}

fn find<'a>(data: &'a Data, context: &Context) -> Result<&'a Session, ApiError> {
    data.sessions
        .get(context.id("id"))
        .ok_or_else(ApiError::not_found)
}

fn session(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    find(data, context).map(wire::backend_session)
}

/// Newest first, filtered by `user_id`, `client_id` and `status`.
fn list_sessions(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let wanted = |name: &str| context.query.get(name).map(String::as_str);
    let mut sessions: Vec<_> = data
        .sessions
        .values()
        .filter(|session| wanted("user_id").is_none_or(|id| session.user_id == id))
        .filter(|session| wanted("client_id").is_none_or(|id| session.client_id == id))
        .filter(|session| wanted("status").is_none_or(|status| json!(session.status) == status))
        .collect();
    sessions.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    Ok(paged(context, sessions.into_iter().map(wire::backend_session)).into())
}

fn revoke(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let id = find(data, context)?.id.clone();
    data.end_session(&id, SessionStatus::Revoked, context.now);
    session(data, context)
}

fn token(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let session = find(data, context)?;
    if session.status != SessionStatus::Active {
        return Err(ApiError::not_found());
    }
    Ok(json!({ "object": "token", "jwt": context.token(session) }))
}

/// New cookies in exchange for an expired token and the refresh cookie.
fn refresh(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let session = find(data, context)?;
    let error = |code, message| ApiError::new(400, code, message);
    if context.field("refresh_token") != Some(session.refresh_token.as_str()) {
        return Err(error(
            "refresh_token_invalid",
            "The refresh token does not belong to this session.",
        ));
    }
    if session.status != SessionStatus::Active {
        return Err(error("session_inactive", "The session has ended."));
    }
    let origin = context.require("request_origin")?;
    let url = Url::parse(origin)
        .map_err(|_| ApiError::format("request_origin", "request_origin must be an origin."))?;
    let lines = session_lines(
        context,
        &Site::of(context, &url),
        Some(session),
        &url.origin().ascii_serialization(),
    );
    Ok(json!({ "object": "cookies", "cookies": lines }))
}

fn handshake_payload(data: &mut Data, context: &Context) -> Result<Value, ApiError> {
    let nonce = context.query.get("nonce").map(String::as_str).unwrap_or_default();
    let handshake = data
        .handshakes
        .get(nonce)
        .filter(|handshake| handshake.expire_at > context.now);
    Ok(json!({ "directives": handshake.ok_or_else(ApiError::not_found)?.directives }))
}
