//! Signing in: who, then a proof.

use serde_json::Value;

use super::sign_up::nothing_to_transfer;
use crate::codes;
use crate::oauth;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, OauthPurpose, SignIn, Verification};
use crate::wire;

/// `POST /v1/client/sign_ins`.
pub fn create(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let mut attempt = SignIn {
        id: crate::id::new("sia"),
        ..SignIn::default()
    };
    let strategy = scope.field("strategy").unwrap_or_default();
    if scope.field("transfer") == Some("true") {
        let waiting = data
            .clients
            .get(client_id)
            .and_then(|client| client.sign_up.as_ref());
        let profile = waiting
            .and_then(|a| a.external.clone())
            .ok_or_else(nothing_to_transfer)?;
        accept(data, scope, client_id, &mut attempt, profile)?;
    } else if strategy.starts_with("oauth_") {
        refuse_second_session(data, scope, client_id)?;
        let url = oauth::begin(data, scope, client_id, OauthPurpose::SignIn, &attempt.id, None)?;
        attempt.first_factor = Some(oauth::pending(url));
    } else if let Some(identifier) = scope.field("identifier") {
        name(data, &mut attempt, identifier)?;
        refuse_second_session(data, scope, client_id)?;
        if matches!(strategy, "email_code" | "phone_code") {
            start_proof(data, scope, &mut attempt, strategy)?;
        } else if !strategy.is_empty() {
            return Err(Refusal::unsupported(strategy));
        }
    }
    let value = wire::sign_in(data, scope, &attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = Some(attempt);
    }
    Ok(value)
}

/// `GET /v1/client/sign_ins/{id}`.
pub fn read(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    edit(data, scope, client_id, scope.id("id"), |_, _| Ok(()))
}

/// `POST /v1/client/sign_ins/{id}/prepare_first_factor`.
pub fn prepare(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let strategy = scope.need("strategy")?;
    edit(data, scope, client_id, scope.id("id"), |data, attempt| {
        if strategy.starts_with("oauth_") {
            let url = oauth::begin(data, scope, client_id, OauthPurpose::SignIn, &attempt.id, None)?;
            attempt.first_factor = Some(oauth::pending(url));
            return Ok(());
        }
        start_proof(data, scope, attempt, strategy)
    })
}

/// `POST /v1/client/sign_ins/{id}/attempt_first_factor`.
pub fn attempt(data: &mut Data, scope: &Scope, client_id: &str) -> Result<Value, Refusal> {
    let strategy = scope.need("strategy")?;
    let code = scope.need("code")?;
    edit(data, scope, client_id, scope.id("id"), |data, attempt| {
        let proof = attempt.first_factor.get_or_insert_with(Verification::default);
        if proof
            .strategy
            .as_deref()
            .is_some_and(|prepared| prepared != strategy)
        {
            return Err(Refusal::new(
                400,
                "verification_missing",
                "This method was not started.",
            ));
        }
        codes::attempt(proof, code, scope.now)?;
        let user_id = attempt.user_id.clone().ok_or_else(Refusal::not_found)?;
        sign_in(data, scope, client_id, attempt, &user_id, strategy);
        Ok(())
    })
}

/// Signs in the person whom the provider vouches for.
pub fn finish(
    data: &mut Data,
    scope: &Scope,
    client_id: &str,
    attempt_id: &str,
    profile: crate::state::Profile,
) -> Result<(), Refusal> {
    edit(data, scope, client_id, attempt_id, |data, attempt| {
        accept(data, scope, client_id, attempt, profile)
    })
    .map(|_| ())
}

/// A sign-in by an account at the provider, or by the address that it vouches for.
fn accept(
    data: &mut Data,
    scope: &Scope,
    client_id: &str,
    attempt: &mut SignIn,
    profile: crate::state::Profile,
) -> Result<(), Refusal> {
    let mut proof = crate::state::verified("oauth_google", scope.now);
    let user_id = match data
        .user_by_external(&profile)
        .or_else(|| data.user_by_identifier(&profile.email))
    {
        Some(user) => user.id.clone(),
        None => {
            proof.status = crate::state::Status::Transferable;
            let message = "The External Account was not found.";
            proof.error = Some(Refusal::new(422, "external_account_not_found", message).entry());
            attempt.first_factor = Some(proof);
            attempt.external = Some(profile);
            return Ok(());
        }
    };
    if data.user_by_external(&profile).is_none()
        && let Some(user) = data.users.get_mut(&user_id)
    {
        user.connect(profile.clone(), scope.now);
        data.tell_user("user.updated", &user_id);
    }
    attempt.first_factor = Some(proof);
    attempt.identifier = Some(profile.email.clone());
    attempt.external = Some(profile);
    sign_in(data, scope, client_id, attempt, &user_id, "oauth_google");
    Ok(())
}

/// Begins the session, unless this browser has one of this user already.
fn sign_in(
    data: &mut Data,
    scope: &Scope,
    client_id: &str,
    attempt: &mut SignIn,
    user_id: &str,
    strategy: &str,
) {
    let present = data
        .active_sessions(client_id)
        .find(|session| session.user_id == user_id)
        .map(|s| s.id.clone());
    let session = present
        .unwrap_or_else(|| data.begin_session(client_id, user_id, strategy, scope.agent.clone(), scope.now));
    attempt.user_id = Some(user_id.to_owned());
    attempt.created_session_id = Some(session);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_up = None;
    }
}

/// Finds the person who is meant.
fn name(data: &Data, attempt: &mut SignIn, identifier: &str) -> Result<(), Refusal> {
    let identifier = codes::email(identifier)
        .or_else(|| codes::phone(identifier))
        .ok_or_else(|| Refusal::format("identifier", "Identifier is invalid."))?;
    let user = data.user_by_identifier(&identifier).ok_or_else(|| {
        Refusal::new(422, "form_identifier_not_found", "Couldn't find your account.").param("identifier")
    })?;
    attempt.user_id = Some(user.id.clone());
    attempt.identifier = Some(identifier);
    Ok(())
}

fn start_proof(data: &mut Data, scope: &Scope, attempt: &mut SignIn, strategy: &str) -> Result<(), Refusal> {
    let field = match strategy {
        "email_code" => "email_address_id",
        "phone_code" => "phone_number_id",
        other => return Err(Refusal::unsupported(other)),
    };
    let user = attempt
        .user_id
        .as_ref()
        .and_then(|id| data.users.get(id))
        .ok_or_else(Refusal::not_found)?;
    let mut contacts = if strategy == "email_code" {
        user.emails.iter()
    } else {
        user.phones.iter()
    };
    let wanted = scope.field(field);
    let contact = contacts
        .find(|contact| contact.is_verified() && wanted.is_none_or(|id| id == contact.id))
        .ok_or_else(|| Refusal::format(field, "This address is not one of the account."))?;
    let (id, address) = (contact.id.clone(), contact.value.clone());
    attempt.first_factor = Some(codes::prepare(data, &address, strategy, scope.now));
    attempt.contact_id = Some(id);
    Ok(())
}

/// A browser holds one session unless the instance says otherwise.
pub(super) fn refuse_second_session(data: &Data, scope: &Scope, client_id: &str) -> Result<(), Refusal> {
    if scope.app.config.multi_session || data.active_sessions(client_id).next().is_none() {
        return Ok(());
    }
    let long = "You're currently in single session mode. You can only be signed into one account at a time.";
    Err(Refusal::new(400, "session_exists", "Session already exists").long(long))
}

/// Works on the browser's sign-in of that id, which is kept also when the work fails.
fn edit(
    data: &mut Data,
    scope: &Scope,
    client_id: &str,
    attempt_id: &str,
    work: impl FnOnce(&mut Data, &mut SignIn) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let client = data.clients.get_mut(client_id).ok_or_else(Refusal::not_found)?;
    let mut attempt = client
        .sign_in
        .take_if(|attempt| attempt.id == attempt_id)
        .ok_or_else(Refusal::not_found)?;
    let result = work(data, &mut attempt);
    let value = wire::sign_in(data, scope, &attempt);
    if let Some(client) = data.clients.get_mut(client_id) {
        client.sign_in = Some(attempt);
    }
    result.map(|()| value)
}
