//! Email addresses and phone numbers of the signed-in user. `{kind}` in the path is
//! `email_addresses` or `phone_numbers`.

use serde_json::{Value, json};

use super::me::{changed, user};
use crate::api_error::ApiError;
use crate::codes;
use crate::context::Context;
use crate::state::{Contact, Data, Status, User};
use crate::wire::{self, Kind};

const CONTACTS_MAX: usize = 20;

fn kind(context: &Context) -> Result<Kind, ApiError> {
    match context.id("kind") {
        "email_addresses" => Ok(Kind::Email),
        "phone_numbers" => Ok(Kind::Phone),
        _ => Err(ApiError::not_found()),
    }
}

fn list(user: &mut User, kind: Kind) -> &mut Vec<Contact> {
    match kind {
        Kind::Email => &mut user.emails,
        Kind::Phone => &mut user.phones,
    }
}

fn find<'a>(user: &'a mut User, kind: Kind, id: &str) -> Result<&'a mut Contact, ApiError> {
    list(user, kind)
        .iter_mut()
        .find(|contact| contact.id == id)
        .ok_or_else(ApiError::not_found)
}

/// The contact as JSON.
fn respond(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    kind: Kind,
    id: &str,
) -> Result<Value, ApiError> {
    let user = user(data, context, client_id)?;
    let contact = find(user, kind, id)?.clone();
    Ok(wire::contact(&contact, kind, user))
}

/// `POST /v1/me/{kind}`: adds an unverified address.
pub fn create(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let kind = kind(context)?;
    let (param, what) = match kind {
        Kind::Email => ("email_address", "email address"),
        Kind::Phone => ("phone_number", "phone number"),
    };
    let text = context.require(param)?;
    let value = if kind == Kind::Email {
        codes::email(text)
    } else {
        codes::phone(text)
    };
    let value = value.ok_or_else(|| ApiError::format(param, &format!("This is not a valid {what}.")))?;
    let taken = data.user_by_identifier(&value).is_some();
    let user = user(data, context, client_id)?;
    let contacts = list(user, kind);
    if taken {
        let message = format!("That {what} is taken. Please try another.");
        return Err(ApiError::new(422, "form_identifier_exists", &message).param(param));
    }
    // Replaces an earlier unverified entry of the same address.
    contacts.retain(|contact| contact.value != value);
    if contacts.len() >= CONTACTS_MAX {
        return Err(ApiError::new(
            422,
            "user_data_quota_exceeded",
            &format!("You have too many of these: {what}."),
        ));
    }
    let contact = Contact {
        id: crate::id::new("idn"),
        value,
        created_at: context.now,
        ..Contact::default()
    };
    let id = contact.id.clone();
    contacts.push(contact);
    respond(data, context, client_id, kind, &id)
}

/// `GET /v1/me/{kind}/{id}`.
pub fn read(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    respond(data, context, client_id, kind(context)?, context.id("id"))
}

/// `DELETE /v1/me/{kind}/{id}`. The last verified address cannot be deleted: it is needed to sign in.
pub fn delete(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let kind = kind(context)?;
    let id = context.id("id");
    let user = user(data, context, client_id)?;
    find(user, kind, id)?;
    if !user
        .contacts()
        .any(|contact| contact.is_verified() && contact.id != id)
    {
        let message = "You must keep one verified way to sign in.";
        return Err(ApiError::new(400, "last_identification_deletion_failed", message));
    }
    list(user, kind).retain(|contact| contact.id != id);
    let next = list(user, kind)
        .iter()
        .find(|contact| contact.is_verified())
        .map(|contact| contact.id.clone());
    let primary = match kind {
        Kind::Email => &mut user.primary_email_id,
        Kind::Phone => &mut user.primary_phone_id,
    };
    if primary.as_deref() == Some(id) {
        *primary = next;
    }
    let user_id = user.id.clone();
    changed(data, context, &user_id)?;
    Ok(json!({ "object": "deleted", "id": id, "slug": null, "deleted": true }))
}

/// `POST /v1/me/{kind}/{id}/prepare_verification`.
pub fn prepare(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let kind = kind(context)?;
    let strategy = match (kind, context.require("strategy")?) {
        (Kind::Email, "email_code") => "email_code",
        (Kind::Phone, "phone_code") => "phone_code",
        (_, other) => return Err(ApiError::unsupported(other)),
    };
    let id = context.id("id");
    let address = find(user(data, context, client_id)?, kind, id)?.value.clone();
    let verification = codes::prepare(data, &address, strategy, context.now);
    find(user(data, context, client_id)?, kind, id)?.verification = verification;
    respond(data, context, client_id, kind, id)
}

/// `POST /v1/me/{kind}/{id}/attempt_verification`.
pub fn attempt(data: &mut Data, context: &Context, client_id: &str) -> Result<Value, ApiError> {
    let kind = kind(context)?;
    let id = context.id("id");
    let code = context.require("code")?;
    let address = find(user(data, context, client_id)?, kind, id)?.value.clone();
    let taken = data.user_by_identifier(&address).is_some();
    let user = user(data, context, client_id)?;
    let contact = find(user, kind, id)?;
    if taken && contact.verification.status != Status::Verified {
        let message = "This address was claimed by another account. Please try another.";
        return Err(ApiError::new(422, "form_identifier_exists", message).param("code"));
    }
    codes::attempt(&mut contact.verification, code, context.now)?;
    let primary = match kind {
        Kind::Email => &mut user.primary_email_id,
        Kind::Phone => &mut user.primary_phone_id,
    };
    primary.get_or_insert_with(|| id.to_owned());
    let user_id = user.id.clone();
    changed(data, context, &user_id)?;
    respond(data, context, client_id, kind, id)
}
