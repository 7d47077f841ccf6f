//! Routes of the signed-in user: name, picture, external accounts, devices, deletion.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::with_client;
use crate::api_error::ApiError;
use crate::app::App;
use crate::context::Context;
use crate::oauth;
use crate::pictures;
use crate::state::{Data, OauthPurpose, Session, SessionStatus, User};
use crate::wire;

/// The session of the request: `_clerk_session_id`, or else the last active one.
pub fn session<'a>(data: &'a Data, context: &Context, client_id: &str) -> Result<&'a Session, ApiError> {
    let last = data
        .clients
        .get(client_id)
        .and_then(|client| client.last_active_session_id.as_ref());
    let id = context.query.get("_clerk_session_id").or(last);
    data.active_sessions(client_id)
        .find(|session| Some(&session.id) == id)
        .ok_or_else(ApiError::unauthenticated)
}

/// The signed-in user.
pub fn user<'a>(data: &'a mut Data, context: &Context, client_id: &str) -> Result<&'a mut User, ApiError> {
    let id = session(data, context, client_id)?.user_id.clone();
    data.users.get_mut(&id).ok_or_else(ApiError::unauthenticated)
}

/// Records a change of the user and returns the user as JSON.
pub fn changed(data: &mut Data, context: &Context, user_id: &str) -> Result<Value, ApiError> {
    let user = data.users.get_mut(user_id).ok_or_else(ApiError::not_found)?;
    user.updated_at = context.now;
    data.emit_user_event("user.updated", user_id);
    data.users
        .get(user_id)
        .map(|user| wire::user(context, user))
        .ok_or_else(ApiError::not_found)
}

/// `GET /v1/me`.
pub fn read(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user = user(data, context, client_id)?;
    Ok(wire::user(context, user))
}

/// `PATCH /v1/me`, `PATCH /v1/me/metadata`.
pub fn update(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user = user(data, context, client_id)?;
    let given = |name: &str| context.form.get(name).map(|text| text.trim().to_owned());
    if let Some(name) = given("first_name") {
        user.first_name = Some(name).filter(|name| !name.is_empty());
    }
    if let Some(name) = given("last_name") {
        user.last_name = Some(name).filter(|name| !name.is_empty());
    }
    if let Some(text) = context.field("unsafe_metadata") {
        let long = "unsafe_metadata must be a JSON object.";
        let patch: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| ApiError::format("unsafe_metadata", long))?;
        user.unsafe_metadata = patch.into_iter().filter(|(_, value)| !value.is_null()).collect();
    }
    let is_verified =
        |contacts: &[crate::state::Contact], id: &str| contacts.iter().any(|c| c.id == id && c.is_verified());
    if let Some(id) = context.field("primary_email_address_id") {
        if !is_verified(&user.emails, id) {
            return Err(ApiError::format(
                "primary_email_address_id",
                "This is not one of your verified addresses.",
            ));
        }
        user.primary_email_id = Some(id.to_owned());
    }
    if let Some(id) = context.field("primary_phone_number_id") {
        if !is_verified(&user.phones, id) {
            return Err(ApiError::format(
                "primary_phone_number_id",
                "This is not one of your verified numbers.",
            ));
        }
        user.primary_phone_id = Some(id.to_owned());
    }
    let id = user.id.clone();
    changed(data, context, &id)
}

/// `DELETE /v1/me`: deletes the account, its sessions on every device and its picture.
pub fn delete(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let id = user(data, context, client_id)?.id.clone();
    data.delete_user(&id, context.now);
    pictures::remove(&context.app, &id);
    Ok(json!({ "object": "deleted", "id": id, "slug": null, "deleted": true }))
}

/// `GET /v1/me/sessions/active`. No envelope.
pub async fn active_sessions(context: Context) -> Response {
    with_client(&context, |data, context, client_id| {
        let user_id = match session(data, context, client_id) {
            Ok(session) => session.user_id.clone(),
            Err(error) => return error.into_response(),
        };
        let mut sessions: Vec<&Session> = data
            .sessions
            .values()
            .filter(|session| session.user_id == user_id && session.status == SessionStatus::Active)
            .collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.last_active_at));
        Json(
            sessions
                .into_iter()
                .map(wire::session_with_activity)
                .collect::<Vec<_>>(),
        )
        .into_response()
    })
}

/// `POST /v1/me/sessions/{id}/revoke`: signs out another device.
pub fn revoke_session(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user_id = user(data, context, client_id)?.id.clone();
    let id = context.id("id");
    if data
        .sessions
        .get(id)
        .is_none_or(|session| session.user_id != user_id)
    {
        return Err(ApiError::not_found());
    }
    data.end_session(id, SessionStatus::Revoked, context.now);
    data.sessions
        .get(id)
        .map(wire::session_with_activity)
        .ok_or_else(ApiError::not_found)
}

/// `POST /v1/me/external_accounts`: returns a redirect to the provider.
pub fn connect(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user_id = user(data, context, client_id)?.id.clone();
    let id = crate::id::new("eac");
    let url = oauth::begin(
        data,
        context,
        client_id,
        OauthPurpose::Connect,
        &id,
        Some(user_id),
    )?;
    Ok(json!({
        "object": "external_account",
        "id": id,
        "provider": "oauth_google",
        "identification_id": "",
        "provider_user_id": "",
        "approved_scopes": "",
        "email_address": "",
        "first_name": "",
        "last_name": "",
        "image_url": "",
        "username": "",
        "phone_number": "",
        "public_metadata": {},
        "label": null,
        "verification": wire::verification(&oauth::pending(url)),
    }))
}

/// `DELETE /v1/me/external_accounts/{id}`.
pub fn disconnect(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user = user(data, context, client_id)?;
    let id = context.id("id");
    let at = user
        .external_accounts
        .iter()
        .position(|account| account.id == id)
        .ok_or_else(ApiError::not_found)?;
    let account = user.external_accounts.remove(at);
    for email in &mut user.emails {
        email
            .linked_to
            .retain(|linked| *linked != account.identification_id);
    }
    let user_id = user.id.clone();
    changed(data, context, &user_id)?;
    Ok(json!({ "object": "external_account", "id": id, "slug": null, "deleted": true }))
}

/// `POST /v1/me/profile_image`: a multipart form with `file`.
pub async fn set_image(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut bare = Request::new(axum::body::Body::empty());
    *bare.method_mut() = parts.method.clone();
    bare.headers_mut().clone_from(&parts.headers);
    bare.headers_mut().remove("content-type");
    *bare.uri_mut() = parts.uri.clone();
    let context = match Context::from_request(bare, &app).await {
        Ok(context) => context,
        Err(error) => return error.into_response(),
    };
    let Some(bytes) = upload(Request::from_parts(parts, body), &app).await else {
        return ApiError::missing("file").into_response();
    };
    let Some(kind) = pictures::kind(&bytes) else {
        return ApiError::new(
            422,
            "image_type_unsupported",
            "The picture must be PNG, JPEG, WebP or GIF.",
        )
        .into_response();
    };
    let app = context.app.clone();
    with_client(&context, |data, context, client_id| {
        let stored = user(data, context, client_id).and_then(|user| {
            pictures::store(&app, &user.id, &bytes)?;
            user.image_type = Some(kind.to_owned());
            user.image_version = user.image_version.wrapping_add(1);
            Ok(user.id.clone())
        });
        let result = stored.and_then(|id| changed(data, context, &id));
        let client = wire::client(data, context, client_id);
        match result {
            Ok(user) => Json(json!({
                "response": {
                    "object": "image", "id": user.get("profile_image_id"), "name": null,
                    "public_url": user.get("image_url"),
                },
                "client": client,
            }))
            .into_response(),
            Err(error) => error.to_response(Some(client)),
        }
    })
}

async fn upload(request: Request, app: &App) -> Option<Bytes> {
    let mut form = Multipart::from_request(request, app).await.ok()?;
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            return field.bytes().await.ok();
        }
    }
    None
}

/// `DELETE /v1/me/profile_image`.
pub fn delete_image(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let user = user(data, context, client_id)?;
    user.image_type = None;
    user.image_version = user.image_version.wrapping_add(1);
    let id = user.id.clone();
    pictures::remove(&context.app, &id);
    changed(data, context, &id)?;
    Ok(json!({ "object": "image", "id": format!("img_{id}"), "slug": null, "deleted": true }))
}
