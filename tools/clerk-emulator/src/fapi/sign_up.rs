//! Sign-up attempts.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::codes;
use crate::context::Context;
use crate::oauth;
use crate::state::{Data, NewUser, OauthPurpose, SignUp, Status, Verification};
use crate::wire;

const NAME_CHARS_MAX: usize = 256;

/// `POST /v1/client/sign_ups`.
pub fn create(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    super::sign_in::check_single_session(data, context, client_id)?;
    let mut attempt = SignUp {
        id: crate::id::new("sua"),
        ..SignUp::default()
    };
    if context.field("transfer") == Some("true") {
        let waiting = data
            .clients
            .get(client_id)
            .and_then(|client| client.sign_in.as_ref());
        let profile = waiting.and_then(|attempt| attempt.external.clone());
        attempt.external = Some(profile.ok_or_else(nothing_to_transfer)?);
        attempt.external_proof = Some(crate::state::verified("oauth_google", context.now));
    }
    fill(data, context, &mut attempt)?;
    let strategy = context.field("strategy").unwrap_or_default();
    if strategy.starts_with("oauth_") {
        let url = oauth::begin(data, context, client_id, OauthPurpose::SignUp, &attempt.id, None)?;
        attempt.external_proof = Some(oauth::pending(url));
    } else if matches!(strategy, "email_code" | "phone_code") {
        start_verification(data, context, &mut attempt, strategy)?;
    } else if attempt.external.is_some() {
        complete(data, context, client_id, &mut attempt)?;
    }
    let value = wire::sign_up(&attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = Some(attempt);
    }
    Ok(value)
}

/// `GET /v1/client/sign_ups/{id}`.
pub fn read(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    edit(data, client_id, context.id("id"), |_, _| Ok(()))
}

/// `PATCH /v1/client/sign_ups/{id}`.
pub fn update(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    edit(data, client_id, context.id("id"), |data, attempt| {
        fill(data, context, attempt)
    })
}

/// `POST /v1/client/sign_ups/{id}/prepare_verification`.
pub fn prepare(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let strategy = context.require("strategy")?;
    edit(data, client_id, context.id("id"), |data, attempt| {
        start_verification(data, context, attempt, strategy)
    })
}

/// `POST /v1/client/sign_ups/{id}/attempt_verification`. The last verification creates the user and a session.
pub fn attempt(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let code = context.require("code")?;
    let strategy = context.require("strategy")?;
    edit(data, client_id, context.id("id"), |data, attempt| {
        let verification = match strategy {
            "email_code" => attempt.email_proof.as_mut(),
            "phone_code" => attempt.phone_proof.as_mut(),
            other => return Err(ApiError::unsupported(other)),
        };
        codes::attempt(verification.ok_or_else(ApiError::not_found)?, code, context.now)?;
        let open = |verification: &Option<Verification>| {
            verification
                .as_ref()
                .is_some_and(|p| p.status != Status::Verified)
        };
        if open(&attempt.email_proof) || open(&attempt.phone_proof) {
            return Ok(());
        }
        complete(data, context, client_id, attempt)
    })
}

/// Completes a sign-up that the provider has verified.
pub fn finish(data: &mut Data, context: &Context, client_id: &str, attempt_id: &str) -> Result<(), ApiError> {
    edit(data, client_id, attempt_id, |data, attempt| {
        complete(data, context, client_id, attempt)
    })
    .map(|_| ())
}

fn complete(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    attempt: &mut SignUp,
) -> Result<(), ApiError> {
    check_not_taken(data, attempt)?;
    let strategy = match (&attempt.external, &attempt.email) {
        (Some(_), _) => "oauth_google",
        (None, Some(_)) => "email_code",
        (None, None) => "phone_code",
    };
    let user_id = data.create_user(
        NewUser {
            email: attempt.email.clone(),
            phone: attempt.phone.clone(),
            first_name: attempt.first_name.clone(),
            last_name: attempt.last_name.clone(),
            external: attempt.external.clone(),
            unsafe_metadata: attempt.unsafe_metadata.clone(),
        },
        context.now,
    );
    let session = data.begin_session(client_id, &user_id, strategy, context.agent.clone(), context.now);
    attempt.created_user_id = Some(user_id);
    attempt.created_session_id = Some(session);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = None;
    }
    Ok(())
}

fn start_verification(
    data: &mut Data,
    context: &Context,
    attempt: &mut SignUp,
    strategy: &str,
) -> Result<(), ApiError> {
    let (address, verification) = match strategy {
        "email_code" => (&attempt.email, &mut attempt.email_proof),
        "phone_code" => (&attempt.phone, &mut attempt.phone_proof),
        other => return Err(ApiError::unsupported(other)),
    };
    let address = address.as_deref().ok_or_else(|| {
        ApiError::missing(if strategy == "email_code" {
            "email_address"
        } else {
            "phone_number"
        })
    })?;
    *verification = Some(codes::prepare(data, address, strategy, context.now));
    Ok(())
}

/// Sets the attempt's fields from the request.
fn fill(data: &Data, context: &Context, attempt: &mut SignUp) -> Result<(), ApiError> {
    if let Some(text) = context.field("email_address") {
        let long = "Email address must be a valid email address.";
        let email = codes::email(text).ok_or_else(|| ApiError::format("email_address", long))?;
        if attempt.email.as_ref() != Some(&email) {
            attempt.email = Some(email);
            attempt.email_proof = Some(Verification::default());
        }
    }
    if let Some(text) = context.field("phone_number") {
        let long = "Phone number must be a valid phone number, with its country code.";
        let phone = codes::phone(text).ok_or_else(|| ApiError::format("phone_number", long))?;
        if attempt.phone.as_ref() != Some(&phone) {
            attempt.phone = Some(phone);
            attempt.phone_proof = Some(Verification::default());
        }
    }
    for (name, slot) in [
        ("first_name", &mut attempt.first_name),
        ("last_name", &mut attempt.last_name),
    ] {
        if let Some(text) = context.field(name) {
            if text.chars().count() > NAME_CHARS_MAX {
                return Err(ApiError::format(name, "A name has at most 256 characters."));
            }
            *slot = Some(text.to_owned());
        }
    }
    if let Some(text) = context.field("unsafe_metadata") {
        attempt.unsafe_metadata = serde_json::from_str(text)
            .map_err(|_| ApiError::format("unsafe_metadata", "unsafe_metadata must be a JSON object."))?;
    }
    check_not_taken(data, attempt)
}

fn check_not_taken(data: &Data, attempt: &SignUp) -> Result<(), ApiError> {
    let taken = |value: &Option<String>| {
        value
            .as_deref()
            .is_some_and(|v| data.user_by_identifier(v).is_some())
    };
    let error = |param: &str, what: &str| {
        ApiError::new(
            422,
            "form_identifier_exists",
            &format!("That {what} is taken. Please try another."),
        )
        .param(param)
    };
    if taken(&attempt.email) {
        return Err(error("email_address", "email address"));
    }
    if taken(&attempt.phone) {
        return Err(error("phone_number", "phone number"));
    }
    Ok(())
}

pub(super) fn nothing_to_transfer() -> ApiError {
    ApiError::new(400, "account_transfer_invalid", "Invalid account transfer")
        .long("There is no account to transfer in this browser.")
}

/// Runs `work` on the client's sign-up attempt with this id. The attempt is kept if `work` fails.
fn edit(
    data: &mut Data,
    client_id: &str,
    attempt_id: &str,
    work: impl FnOnce(&mut Data, &mut SignUp) -> Result<(), ApiError>,
) -> Result<Value, ApiError> {
    let client = data.clients.get_mut(client_id).ok_or_else(ApiError::not_found)?;
    let mut attempt = client
        .sign_up
        .take_if(|attempt| attempt.id == attempt_id)
        .ok_or_else(ApiError::not_found)?;
    let result = work(data, &mut attempt);
    let value = wire::sign_up(&attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = Some(attempt);
    }
    result.map(|()| value)
}
