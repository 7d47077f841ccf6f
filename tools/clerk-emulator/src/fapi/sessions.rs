//! Sessions of the browser that asks. A session that is over answers 401, which
//! makes ClerkJS look at its client and drop the user.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::client::end_all;
use super::with_client;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, Session, SessionStatus};
use crate::tokens::{Overrides, custom_token};
use crate::wire;

/// The session in the path, if it is this browser's and still good.
fn active<'a>(data: &'a mut Data, scope: &Scope, client_id: &str) -> Result<&'a mut Session, Refusal> {
    match data
        .sessions
        .get_mut(scope.id("id"))
        .filter(|session| session.client_id == client_id)
    {
        Some(session) if session.status == SessionStatus::Active => Ok(session),
        _ => Err(Refusal::unauthenticated()),
    }
}

/// `GET /v1/client/sessions/{id}`.
pub fn read(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let session = active(data, scope, client_id)?.clone();
    Ok(wire::session(data, scope, &session))
}

/// `POST /v1/client/sessions/{id}/touch`: the tab works in this session.
pub fn touch(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let session = active(data, scope, client_id)?;
    session.last_active_at = scope.now;
    session.activity = scope.agent.clone();
    let session = session.clone();
    if let Some(user) = data.users.get_mut(&session.user_id) {
        user.last_active_at = Some(scope.now);
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
    Ok(wire::session(data, scope, &session))
}

/// `POST /v1/client/sessions/{id}/end`.
pub fn end(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    finish(data, scope, client_id, SessionStatus::Ended)
}

/// `POST /v1/client/sessions/{id}/remove`.
pub fn remove(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    finish(data, scope, client_id, SessionStatus::Removed)
}

fn finish(data: &mut Data, scope: &Scope, client_id: &str, how: SessionStatus) -> Result<Value, Refusal> {
    let id = active(data, scope, client_id)?.id.clone();
    data.end_session(&id, how, scope.now);
    let session = data.sessions.get(&id).cloned().unwrap_or_default();
    Ok(wire::session(data, scope, &session))
}

/// `DELETE /v1/client/sessions`: sign out.
pub fn remove_all(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    end_all(data, scope, client_id, SessionStatus::Removed);
    Ok(wire::client(data, scope, client_id))
}

/// `POST /v1/client/sessions/{id}/tokens`. No envelope.
pub async fn token(scope: Scope) -> Response {
    answer_token(&scope, |scope, session| scope.token(session))
}

/// `POST /v1/client/sessions/{id}/tokens/{template}`: a token that says who, but of no session.
pub async fn template_token(scope: Scope) -> Response {
    answer_token(&scope, |scope, session| {
        let claims: Map<String, Value> = ["sid", "sts", "fva", "v"]
            .into_iter()
            .map(|name| (name.to_owned(), Value::Null))
            .collect();
        let overrides = Overrides {
            claims,
            ..Overrides::default()
        };
        custom_token(
            &scope.app.config,
            &scope.app.keys(),
            session,
            scope.origin.as_deref(),
            scope.now,
            overrides,
        )
    })
}

fn answer_token(scope: &Scope, sign: impl FnOnce(&Scope, &Session) -> String) -> Response {
    with_client(scope, |data, scope, client_id| {
        match active(data, scope, client_id) {
            Ok(session) => {
                session.last_active_at = scope.now;
                Json(json!({ "object": "token", "jwt": sign(scope, session) })).into_response()
            }
            Err(refusal) => refusal.into_response(),
        }
    })
}
