//! Routes of the client, which represents a browser.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::with_client;
use crate::api_error::ApiError;
use crate::context::Context;
use crate::state::{Data, SessionStatus};
use crate::wire;

/// `POST /v1/dev_browser`: creates a browser of a development instance. No envelope.
pub async fn dev_browser(context: Context) -> Response {
    let token = crate::id::new("dvb");
    context.app.update(|data| data.create_client(&token, context.now));
    Json(json!({ "object": "dev_browser", "id": token, "instance_id": "ins_emulator", "token": token }))
        .into_response()
}

/// `GET /v1/client`. The client is in `response` here.
pub async fn read(context: Context) -> Response {
    with_client(&context, |data, context, client_id| {
        Json(json!({ "response": wire::client(data, context, client_id), "client": null })).into_response()
    })
}

/// `DELETE /v1/client`: ends all sessions and removes all attempts.
pub fn destroy(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    end_all(data, context, client_id, SessionStatus::Ended);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = None;
        client.sign_up = None;
    }
    Ok(wire::client(data, context, client_id))
}

/// Ends every session of a browser.
pub fn end_all(data: &mut Data, context: &Context, client_id: &str, how: SessionStatus) {
    let sessions: Vec<String> = data
        .active_sessions(client_id)
        .map(|session| session.id.clone())
        .collect();
    for session in sessions {
        data.end_session(&session, how, context.now);
    }
}
