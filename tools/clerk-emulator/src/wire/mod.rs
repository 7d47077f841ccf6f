//! Clerk's JSON formats, with the fields that ClerkJS and the Backend SDK read.

mod attempts;
mod user;

use serde_json::{Value, json};

pub use attempts::{sign_in, sign_up};
pub use user::{Kind, backend_user, contact, external_account, public_user_data, user};

use crate::context::Context;
use crate::state::{Data, Session, SessionStatus, Status, Verification};

/// `cookie_expires_at` is this far ahead. Below eight days ClerkJS would renew the cookie.
const COOKIE_MS: i64 = 400 * 24 * 60 * 60 * 1000;

/// A client.
pub fn client(data: &Data, context: &Context, client_id: &str) -> Value {
    let Some(client) = data.clients.get(client_id) else {
        return Value::Null;
    };
    let mut active: Vec<&Session> = data.active_sessions(client_id).collect();
    active.sort_by_key(|session| session.created_at);
    let sessions: Vec<Value> = active.into_iter().map(|s| session(data, context, s)).collect();
    // Completed attempts are omitted, except those completed at the provider: the page still needs them.
    let open_sign_in = client
        .sign_in
        .as_ref()
        .filter(|a| a.created_session_id.is_none() || a.external.is_some());
    let open_sign_up = client
        .sign_up
        .as_ref()
        .filter(|a| a.created_session_id.is_none() || a.external.is_some());
    json!({
        "object": "client",
        "id": client.id,
        "sessions": sessions,
        "sign_in": open_sign_in.map(|attempt| sign_in(data, context, attempt)),
        "sign_up": open_sign_up.map(sign_up),
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": client.last_strategy,
        "cookie_expires_at": context.now.saturating_add(COOKIE_MS),
        "captcha_bypass": true,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })
}

/// A session with its user and a token.
pub fn session(data: &Data, context: &Context, session: &Session) -> Value {
    let person = data.users.get(&session.user_id);
    let since = data
        .clients
        .get(&session.client_id)
        .map_or(0, |client| client.updated_at);
    let token = (session.status == SessionStatus::Active).then(|| context.recent_token(session, since));
    json!({
        "object": "session",
        "id": session.id,
        "status": session.status,
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at,
        "last_active_at": session.last_active_at,
        "last_active_organization_id": null,
        "actor": null,
        "tasks": null,
        "factor_verification_age": [context.now.saturating_sub(session.proved_at).div_euclid(60_000), -1],
        "user": person.map(|person| user(context, person)),
        "public_user_data": person.map(|person| public_user_data(context, person)),
        "last_active_token": token.map(|jwt| json!({ "object": "token", "jwt": jwt })),
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    })
}

/// An entry of `GET /v1/me/sessions/active`.
pub fn session_with_activity(session: &Session) -> Value {
    let mut entry = backend_session(session);
    if let Some(entry) = entry.as_object_mut() {
        let seen = &session.activity;
        entry.insert("user".into(), Value::Null);
        entry.insert(
            "latest_activity".into(),
            json!({
                "object": "session_activity",
                "id": seen.id,
                "browser_name": seen.browser_name,
                "browser_version": seen.browser_version,
                "device_type": seen.device_type,
                "ip_address": seen.ip_address,
                // The components show the city in brackets, even if it is missing.
                "city": is_loopback(seen.ip_address.as_deref()).then_some("this machine"),
                "country": null,
                "is_mobile": seen.is_mobile,
            }),
        );
    }
    entry
}

fn is_loopback(address: Option<&str>) -> bool {
    address
        .and_then(|address| address.parse::<std::net::IpAddr>().ok())
        .is_some_and(|address| address.is_loopback())
}

/// A session in the format of the Backend API and webhooks.
pub fn backend_session(session: &Session) -> Value {
    json!({
        "object": "session",
        "id": session.id,
        "client_id": session.client_id,
        "user_id": session.user_id,
        "status": session.status,
        "last_active_organization_id": null,
        "actor": null,
        "last_active_at": session.last_active_at,
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    })
}

/// A verification, without its code.
pub fn verification(verification: &Verification) -> Value {
    let mut value = json!({
        "object": "verification",
        "id": "",
        "status": verification.status,
        "strategy": verification.strategy,
        "attempts": null,
        "expire_at": verification.expire_at,
        "verified_at_client": null,
        "error": verification.error,
    });
    if let (Some(url), Some(value)) = (&verification.redirect_url, value.as_object_mut()) {
        value.insert("external_verification_redirect_url".into(), url.as_str().into());
    }
    value
}

/// A verification of a sign-up, with the next action.
fn sign_up_verification(state: &Verification, supported: &str) -> Value {
    let next = match (state.status, &state.strategy) {
        (Status::Verified, _) => "",
        (_, None) => "needs_prepare",
        (_, Some(_)) => "needs_attempt",
    };
    let mut value = verification(state);
    if let Some(value) = value.as_object_mut() {
        value.insert("next_action".into(), next.into());
        value.insert("supported_strategies".into(), json!([supported]));
    }
    value
}
