//! Signing up: an address, a proof of it, a user.

use serde_json::Value;

use crate::codes;
use crate::oauth;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, NewUser, OauthPurpose, SignUp, Status, Verification};
use crate::wire;

const NAME_CHARS_MAX: usize = 256;

/// `POST /v1/client/sign_ups`.
pub fn create(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    super::sign_in::refuse_second_session(data, scope, client_id)?;
    let mut attempt = SignUp {
        id: crate::id::new("sua"),
        ..SignUp::default()
    };
    if scope.field("transfer") == Some("true") {
        let waiting = data
            .clients
            .get(client_id)
            .and_then(|client| client.sign_in.as_ref());
        let profile = waiting.and_then(|attempt| attempt.external.clone());
        attempt.external = Some(profile.ok_or_else(nothing_to_transfer)?);
        attempt.external_proof = Some(crate::state::verified("oauth_google", scope.now));
    }
    fill(data, scope, &mut attempt)?;
    let strategy = scope.field("strategy").unwrap_or_default();
    if strategy.starts_with("oauth_") {
        let url = oauth::begin(data, scope, client_id, OauthPurpose::SignUp, &attempt.id, None)?;
        attempt.external_proof = Some(oauth::pending(url));
    } else if matches!(strategy, "email_code" | "phone_code") {
        start_proof(data, scope, &mut attempt, strategy)?;
    } else if attempt.external.is_some() {
        complete(data, scope, client_id, &mut attempt)?;
    }
    let value = wire::sign_up(&attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = Some(attempt);
    }
    Ok(value)
}

/// `GET /v1/client/sign_ups/{id}`.
pub fn read(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    edit(data, client_id, scope.id("id"), |_, _| Ok(()))
}

/// `PATCH /v1/client/sign_ups/{id}`.
pub fn update(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    edit(data, client_id, scope.id("id"), |data, attempt| {
        fill(data, scope, attempt)
    })
}

/// `POST /v1/client/sign_ups/{id}/prepare_verification`.
pub fn prepare(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let strategy = scope.need("strategy")?;
    edit(data, client_id, scope.id("id"), |data, attempt| {
        start_proof(data, scope, attempt, strategy)
    })
}

/// `POST /v1/client/sign_ups/{id}/attempt_verification`. The last proof makes the user and signs them in.
pub fn attempt(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let code = scope.need("code")?;
    let strategy = scope.need("strategy")?;
    edit(data, client_id, scope.id("id"), |data, attempt| {
        let proof = match strategy {
            "email_code" => attempt.email_proof.as_mut(),
            "phone_code" => attempt.phone_proof.as_mut(),
            other => return Err(Refusal::unsupported(other)),
        };
        codes::attempt(proof.ok_or_else(Refusal::not_found)?, code, scope.now)?;
        let open =
            |proof: &Option<Verification>| proof.as_ref().is_some_and(|p| p.status != Status::Verified);
        if open(&attempt.email_proof) || open(&attempt.phone_proof) {
            return Ok(());
        }
        complete(data, scope, client_id, attempt)
    })
}

/// Makes the user of a sign-up whose proof came from the provider.
pub fn finish(data: &mut Data, scope: &Scope, client_id: &str, attempt_id: &str) -> Result<(), Refusal> {
    edit(data, client_id, attempt_id, |data, attempt| {
        complete(data, scope, client_id, attempt)
    })
    .map(|_| ())
}

fn complete(data: &mut Data, scope: &Scope, client_id: &str, attempt: &mut SignUp) -> Result<(), Refusal> {
    refuse_taken(data, attempt)?;
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
        scope.now,
    );
    let session = data.begin_session(client_id, &user_id, strategy, scope.agent.clone(), scope.now);
    attempt.created_user_id = Some(user_id);
    attempt.created_session_id = Some(session);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = None;
    }
    Ok(())
}

fn start_proof(data: &mut Data, scope: &Scope, attempt: &mut SignUp, strategy: &str) -> Result<(), Refusal> {
    let (address, proof) = match strategy {
        "email_code" => (&attempt.email, &mut attempt.email_proof),
        "phone_code" => (&attempt.phone, &mut attempt.phone_proof),
        other => return Err(Refusal::unsupported(other)),
    };
    let address = address.as_deref().ok_or_else(|| {
        Refusal::missing(if strategy == "email_code" {
            "email_address"
        } else {
            "phone_number"
        })
    })?;
    *proof = Some(codes::prepare(data, address, strategy, scope.now));
    Ok(())
}

/// Takes the fields that the request has.
fn fill(data: &Data, scope: &Scope, attempt: &mut SignUp) -> Result<(), Refusal> {
    if let Some(text) = scope.field("email_address") {
        let long = "Email address must be a valid email address.";
        let email = codes::email(text).ok_or_else(|| Refusal::format("email_address", long))?;
        if attempt.email.as_ref() != Some(&email) {
            attempt.email = Some(email);
            attempt.email_proof = Some(Verification::default());
        }
    }
    if let Some(text) = scope.field("phone_number") {
        let long = "Phone number must be a valid phone number, with its country code.";
        let phone = codes::phone(text).ok_or_else(|| Refusal::format("phone_number", long))?;
        if attempt.phone.as_ref() != Some(&phone) {
            attempt.phone = Some(phone);
            attempt.phone_proof = Some(Verification::default());
        }
    }
    for (name, slot) in [
        ("first_name", &mut attempt.first_name),
        ("last_name", &mut attempt.last_name),
    ] {
        if let Some(text) = scope.field(name) {
            if text.chars().count() > NAME_CHARS_MAX {
                return Err(Refusal::format(name, "A name has at most 256 characters."));
            }
            *slot = Some(text.to_owned());
        }
    }
    if let Some(text) = scope.field("unsafe_metadata") {
        attempt.unsafe_metadata = serde_json::from_str(text)
            .map_err(|_| Refusal::format("unsafe_metadata", "unsafe_metadata must be a JSON object."))?;
    }
    refuse_taken(data, attempt)
}

fn refuse_taken(data: &Data, attempt: &SignUp) -> Result<(), Refusal> {
    let taken = |value: &Option<String>| {
        value
            .as_deref()
            .is_some_and(|v| data.user_by_identifier(v).is_some())
    };
    let refusal = |param: &str, what: &str| {
        Refusal::new(
            422,
            "form_identifier_exists",
            &format!("That {what} is taken. Please try another."),
        )
        .param(param)
    };
    if taken(&attempt.email) {
        return Err(refusal("email_address", "email address"));
    }
    if taken(&attempt.phone) {
        return Err(refusal("phone_number", "phone number"));
    }
    Ok(())
}

pub(super) fn nothing_to_transfer() -> Refusal {
    Refusal::new(400, "account_transfer_invalid", "Invalid account transfer")
        .long("There is no account to transfer in this browser.")
}

/// Works on the browser's sign-up of that id, which is kept also when the work fails.
fn edit(
    data: &mut Data,
    client_id: &str,
    attempt_id: &str,
    work: impl FnOnce(&mut Data, &mut SignUp) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let client = data.clients.get_mut(client_id).ok_or_else(Refusal::not_found)?;
    let mut attempt = client
        .sign_up
        .take_if(|attempt| attempt.id == attempt_id)
        .ok_or_else(Refusal::not_found)?;
    let result = work(data, &mut attempt);
    let value = wire::sign_up(&attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = Some(attempt);
    }
    result.map(|()| value)
}
