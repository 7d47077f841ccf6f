//! Sessions of the client. An ended session gives 401, on which ClerkJS reloads its client and signs
//! the user out.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::client::end_all;
use super::with_client;
use crate::api_error::ApiError;
use crate::context::Context;
use crate::state::{Data, Session, SessionStatus};
use crate::tokens::{Overrides, custom_token};
use crate::wire;

/// The session in the path, if it is active and belongs to this client.
fn active<'a>(data: &'a mut Data, context: &Context, client_id: &str) -> Result<&'a mut Session, ApiError> {
    match data
        .sessions
        .get_mut(context.id("id"))
        .filter(|session| session.client_id == client_id)
    {
        Some(session) if session.status == SessionStatus::Active => Ok(session),
        _ => Err(ApiError::unauthenticated()),
    }
}

/// `GET /v1/client/sessions/{id}`.
pub fn read(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let session = active(data, context, client_id)?.clone();
    Ok(wire::session(data, context, &session))
}

/// `POST /v1/client/sessions/{id}/touch`: marks the session as the active one.
pub fn touch(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let session = active(data, context, client_id)?;
    session.last_active_at = context.now;
    session.activity = context.agent.clone();
    let session = session.clone();
    if let Some(user) = data.users.get_mut(&session.user_id) {
        user.last_active_at = Some(context.now);
    }
    if let Some(client) = data.clients.get_mut(client_id) {
        client.last_active_session_id = Some(session.id.clone());
        client
            .sign_in
            .take_if(|attempt| attempt.created_session_id.is_some());
        client
            .sign_up
            .take_if(|attempt| attempt.created_session_id.is_some());
    }
    Ok(wire::session(data, context, &session))
}

/// `POST /v1/client/sessions/{id}/end`.
pub fn end(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    finish(data, context, client_id, SessionStatus::Ended)
}

/// `POST /v1/client/sessions/{id}/remove`.
pub fn remove(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    finish(data, context, client_id, SessionStatus::Removed)
}

fn finish(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    how: SessionStatus,
) -> Result<Value, ApiError> {
    let id = active(data, context, client_id)?.id.clone();
    data.end_session(&id, how, context.now);
    let session = data.sessions.get(&id).cloned().unwrap_or_default();
    Ok(wire::session(data, context, &session))
}

/// `DELETE /v1/client/sessions`: sign out.
pub fn remove_all(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    end_all(data, context, client_id, SessionStatus::Removed);
    Ok(wire::client(data, context, client_id))
}

/// `POST /v1/client/sessions/{id}/tokens`. No envelope.
pub async fn token(context: Context) -> Response {
    answer_token(&context, |context, session| context.token(session))
}

/// `POST /v1/client/sessions/{id}/tokens/{template}`: a token without session claims.
pub async fn template_token(context: Context) -> Response {
    answer_token(&context, |context, session| {
        let claims: Map<String, Value> = ["sid", "sts", "fva", "v"]
            .into_iter()
            .map(|name| (name.to_owned(), Value::Null))
            .collect();
        let overrides = Overrides {
            claims,
            ..Overrides::default()
        };
        custom_token(
            &context.app.config,
            &context.app.keys(),
            session,
            context.origin.as_deref(),
            context.now,
            overrides,
        )
    })
}

fn answer_token(context: &Context, sign: impl FnOnce(&Context, &Session) -> String) -> Response {
    with_client(context, |data, context, client_id| {
        match active(data, context, client_id) {
            Ok(session) => {
                session.last_active_at = context.now;
                Json(json!({ "object": "token", "jwt": sign(context, session) })).into_response()
            }
            Err(error) => error.into_response(),
        }
    })
}
