//! Sign-in attempts.

use serde_json::Value;

use super::sign_up::nothing_to_transfer;
use crate::api_error::ApiError;
use crate::codes;
use crate::context::Context;
use crate::oauth;
use crate::state::{Data, OauthPurpose, SignIn, Verification};
use crate::wire;

/// `POST /v1/client/sign_ins`.
pub fn create(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let mut attempt = SignIn {
        id: crate::id::new("sia"),
        ..SignIn::default()
    };
    let strategy = context.field("strategy").unwrap_or_default();
    if context.field("transfer") == Some("true") {
        let waiting = data
            .clients
            .get(client_id)
            .and_then(|client| client.sign_up.as_ref());
        let profile = waiting
            .and_then(|a| a.external.clone())
            .ok_or_else(nothing_to_transfer)?;
        sign_in_with_profile(data, context, client_id, &mut attempt, profile)?;
    } else if strategy.starts_with("oauth_") {
        check_single_session(data, context, client_id)?;
        let url = oauth::begin(data, context, client_id, OauthPurpose::SignIn, &attempt.id, None)?;
        attempt.first_factor = Some(oauth::pending(url));
    } else if let Some(identifier) = context.field("identifier") {
        identify(data, &mut attempt, identifier)?;
        check_single_session(data, context, client_id)?;
        if matches!(strategy, "email_code" | "phone_code") {
            start_verification(data, context, &mut attempt, strategy)?;
        } else if !strategy.is_empty() {
            return Err(ApiError::unsupported(strategy));
        }
    }
    let value = wire::sign_in(data, context, &attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = Some(attempt);
    }
    Ok(value)
}

/// `GET /v1/client/sign_ins/{id}`.
pub fn read(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    edit(data, context, client_id, context.id("id"), |_, _| Ok(()))
}

/// `POST /v1/client/sign_ins/{id}/prepare_first_factor`.
pub fn prepare(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let strategy = context.require("strategy")?;
    edit(data, context, client_id, context.id("id"), |data, attempt| {
        if strategy.starts_with("oauth_") {
            let url = oauth::begin(data, context, client_id, OauthPurpose::SignIn, &attempt.id, None)?;
            attempt.first_factor = Some(oauth::pending(url));
            return Ok(());
        }
        start_verification(data, context, attempt, strategy)
    })
}

/// `POST /v1/client/sign_ins/{id}/attempt_first_factor`.
pub fn attempt(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let strategy = context.require("strategy")?;
    let code = context.require("code")?;
    edit(data, context, client_id, context.id("id"), |data, attempt| {
        let verification = attempt.first_factor.get_or_insert_with(Verification::default);
        if verification
            .strategy
            .as_deref()
            .is_some_and(|prepared| prepared != strategy)
        {
            return Err(ApiError::new(
                400,
                "verification_missing",
                "This verification was not started.",
            ));
        }
        codes::attempt(verification, code, context.now)?;
        let user_id = attempt.user_id.clone().ok_or_else(ApiError::not_found)?;
        sign_in(data, context, client_id, attempt, &user_id, strategy);
        Ok(())
    })
}

/// Completes an attempt with a profile from the provider.
pub fn finish(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    attempt_id: &str,
    profile: crate::state::Profile,
) -> Result<(), ApiError> {
    edit(data, context, client_id, attempt_id, |data, attempt| {
        sign_in_with_profile(data, context, client_id, attempt, profile)
    })
    .map(|_| ())
}

/// Signs in the user with this account at the provider, or with its email address.
fn sign_in_with_profile(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    attempt: &mut SignIn,
    profile: crate::state::Profile,
) -> Result<(), ApiError> {
    let mut verification = crate::state::verified("oauth_google", context.now);
    let user_id = match data
        .user_by_external(&profile)
        .or_else(|| data.user_by_identifier(&profile.email))
    {
        Some(user) => user.id.clone(),
        None => {
            verification.status = crate::state::Status::Transferable;
            let message = "The External Account was not found.";
            verification.error = Some(ApiError::new(422, "external_account_not_found", message).entry());
            attempt.first_factor = Some(verification);
            attempt.external = Some(profile);
            return Ok(());
        }
    };
    if data.user_by_external(&profile).is_none()
        && let Some(user) = data.users.get_mut(&user_id)
    {
        user.connect(profile.clone(), context.now);
        data.emit_user_event("user.updated", &user_id);
    }
    attempt.first_factor = Some(verification);
    attempt.identifier = Some(profile.email.clone());
    attempt.external = Some(profile);
    sign_in(data, context, client_id, attempt, &user_id, "oauth_google");
    Ok(())
}

/// Creates a session, unless this client has one of this user already.
fn sign_in(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    attempt: &mut SignIn,
    user_id: &str,
    strategy: &str,
) {
    let present = data
        .active_sessions(client_id)
        .find(|session| session.user_id == user_id)
        .map(|s| s.id.clone());
    let session = present.unwrap_or_else(|| {
        data.begin_session(client_id, user_id, strategy, context.agent.clone(), context.now)
    });
    attempt.user_id = Some(user_id.to_owned());
    attempt.created_session_id = Some(session);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = None;
    }
}

/// Finds the user by the identifier.
fn identify(data: &Data, attempt: &mut SignIn, identifier: &str) -> Result<(), ApiError> {
    let identifier = codes::email(identifier)
        .or_else(|| codes::phone(identifier))
        .ok_or_else(|| ApiError::format("identifier", "Identifier is invalid."))?;
    let user = data.user_by_identifier(&identifier).ok_or_else(|| {
        ApiError::new(422, "form_identifier_not_found", "Couldn't find your account.").param("identifier")
    })?;
    attempt.user_id = Some(user.id.clone());
    attempt.identifier = Some(identifier);
    Ok(())
}

fn start_verification(
    data: &mut Data,
    context: &Context,
    attempt: &mut SignIn,
    strategy: &str,
) -> Result<(), ApiError> {
    let field = match strategy {
        "email_code" => "email_address_id",
        "phone_code" => "phone_number_id",
        other => return Err(ApiError::unsupported(other)),
    };
    let user = attempt
        .user_id
        .as_ref()
        .and_then(|id| data.users.get(id))
        .ok_or_else(ApiError::not_found)?;
    let mut contacts = if strategy == "email_code" {
        user.emails.iter()
    } else {
        user.phones.iter()
    };
    let wanted = context.field(field);
    let contact = contacts
        .find(|contact| contact.is_verified() && wanted.is_none_or(|id| id == contact.id))
        .ok_or_else(|| ApiError::format(field, "This address does not belong to the account."))?;
    let (id, address) = (contact.id.clone(), contact.value.clone());
    attempt.first_factor = Some(codes::prepare(data, &address, strategy, context.now));
    attempt.contact_id = Some(id);
    Ok(())
}

/// Fails if the client has a session and multi-session mode is off.
pub(super) fn check_single_session(data: &Data, context: &Context, client_id: &str) -> Result<(), ApiError> {
    if context.app.config.multi_session || data.active_sessions(client_id).next().is_none() {
        return Ok(());
    }
    let long = "You're currently in single session mode. You can only be signed into one account at a time.";
    Err(ApiError::new(400, "session_exists", "Session already exists").long(long))
}

/// Runs `work` on the client's sign-in attempt with this id. The attempt is kept if `work` fails.
fn edit(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    attempt_id: &str,
    work: impl FnOnce(&mut Data, &mut SignIn) -> Result<(), ApiError>,
) -> Result<Value, ApiError> {
    let client = data.clients.get_mut(client_id).ok_or_else(ApiError::not_found)?;
    let mut attempt = client
        .sign_in
        .take_if(|attempt| attempt.id == attempt_id)
        .ok_or_else(ApiError::not_found)?;
    let result = work(data, &mut attempt);
    let value = wire::sign_in(data, context, &attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = Some(attempt);
    }
    result.map(|()| value)
}
