//! The browser itself.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::with_client;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, SessionStatus};
use crate::wire;

/// `POST /v1/dev_browser`: a fresh browser of a development instance. No envelope.
pub async fn dev_browser(scope: Scope) -> Response {
    let token = crate::id::new("dvb");
    scope.app.change(|data| data.create_client(&token, scope.now));
    Json(json!({ "object": "dev_browser", "id": token, "instance_id": "ins_emulator", "token": token }))
        .into_response()
}

/// `GET /v1/client`. The client is the response here, not beside it.
pub async fn read(scope: Scope) -> Response {
    with_client(&scope, |data, scope, client_id| {
        Json(json!({ "response": wire::client(data, scope, client_id), "client": null })).into_response()
    })
}

/// `DELETE /v1/client`: ends all sessions and forgets all attempts.
pub fn destroy(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    end_all(data, scope, client_id, SessionStatus::Ended);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = None;
        client.sign_up = None;
    }
    Ok(wire::client(data, scope, client_id))
}

/// Ends every session of a browser.
pub fn end_all(data: &mut Data, scope: &Scope, client_id: &str, how: SessionStatus) {
    let sessions: Vec<String> = data
        .active_sessions(client_id)
        .map(|session| session.id.clone())
        .collect();
    for session in sessions {
        data.end_session(&session, how, scope.now);
    }
}
