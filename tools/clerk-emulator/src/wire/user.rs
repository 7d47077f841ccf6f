//! Users, their addresses and their accounts.

use serde_json::{Value, json};

use super::verification;
use crate::context::Context;
use crate::state::{Contact, ExternalAccount, User};

/// The base of picture URLs outside of requests, where the public base URL is unknown.
const PROXY_PATH: &str = "/__clerk";

/// A user in the format of the Frontend API.
pub fn user(context: &Context, user: &User) -> Value {
    build(user, &context.base.url)
}

/// A user in the format of the Backend API and webhooks, with private metadata and picture paths.
pub fn backend_user(user: &User) -> Value {
    let mut value = build(user, PROXY_PATH);
    if let Some(value) = value.as_object_mut() {
        value.insert("private_metadata".into(), user.private_metadata.clone().into());
        value.insert("lockout_expires_in_seconds".into(), Value::Null);
        value.insert("verification_attempts_remaining".into(), 100.into());
        value.insert("mfa_enabled_at".into(), Value::Null);
        value.insert("mfa_disabled_at".into(), Value::Null);
    }
    value
}

fn build(user: &User, base: &str) -> Value {
    let external: Vec<Value> = user
        .external_accounts
        .iter()
        .map(|account| external_account(account, user))
        .collect();
    json!({
        "object": "user",
        "id": user.id,
        "external_id": null,
        "username": null,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "locale": null,
        "image_url": image_url(user, base),
        "has_image": user.image_type.is_some(),
        "profile_image_id": if user.image_type.is_some() { format!("img_{}", user.id) } else { String::new() },
        "primary_email_address_id": user.primary_email_id,
        "primary_phone_number_id": user.primary_phone_id,
        "primary_web3_wallet_id": null,
        "password_enabled": false,
        "two_factor_enabled": false,
        "totp_enabled": false,
        "backup_code_enabled": false,
        "email_addresses": user.emails.iter().map(|email| contact(email, Kind::Email, user)).collect::<Vec<_>>(),
        "phone_numbers": user.phones.iter().map(|phone| contact(phone, Kind::Phone, user)).collect::<Vec<_>>(),
        "web3_wallets": [],
        "external_accounts": external,
        "enterprise_accounts": [],
        "saml_accounts": [],
        "passkeys": [],
        "organization_memberships": [],
        "public_metadata": user.public_metadata,
        "unsafe_metadata": user.unsafe_metadata,
        "last_sign_in_at": user.last_sign_in_at,
        "last_active_at": user.last_active_at,
        "create_organization_enabled": false,
        "create_organizations_limit": null,
        "delete_self_enabled": true,
        "legal_accepted_at": null,
        "banned": user.banned,
        "locked": false,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn image_url(user: &User, base: &str) -> String {
    format!("{base}/avatars/{}?v={}", user.id, user.image_version)
}

/// The kind of a [`Contact`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Email,
    Phone,
}

/// An email address or a phone number.
pub fn contact(contact: &Contact, kind: Kind, user: &User) -> Value {
    // Null before the verification is started: otherwise the profile shows it as failed.
    let verification = contact
        .verification
        .strategy
        .is_some()
        .then(|| verification(&contact.verification));
    match kind {
        Kind::Email => json!({
            "object": "email_address",
            "id": contact.id,
            "email_address": contact.value,
            "reserved": false,
            "verification": verification,
            "linked_to": contact.linked_to.iter()
                .map(|id| json!({ "type": "oauth_google", "id": id })).collect::<Vec<_>>(),
            "matches_sso_connection": false,
            "created_at": contact.created_at,
            "updated_at": contact.created_at.max(user.created_at),
        }),
        Kind::Phone => json!({
            "object": "phone_number",
            "id": contact.id,
            "phone_number": contact.value,
            "reserved_for_second_factor": false,
            "default_second_factor": false,
            "linked_to": [],
            "verification": verification,
        }),
    }
}

/// An account at the emulated provider.
pub fn external_account(account: &ExternalAccount, user: &User) -> Value {
    let email = user
        .emails
        .iter()
        .find(|email| email.value == account.profile.email);
    json!({
        "object": "external_account",
        "id": account.id,
        "provider": "oauth_google",
        "identification_id": account.identification_id,
        "provider_user_id": format!("google-{}", account.profile.email),
        "approved_scopes": "email openid profile",
        "email_address": account.profile.email,
        "email_address_id": email.map(|email| email.id.clone()),
        "first_name": account.profile.first_name.clone().unwrap_or_default(),
        "last_name": account.profile.last_name.clone().unwrap_or_default(),
        "image_url": "",
        "username": "",
        "phone_number": "",
        "public_metadata": {},
        "label": null,
        "created_at": account.created_at,
        "updated_at": account.created_at,
        "verification": verification(&account.verification),
    })
}

/// The public data of a session's user.
pub fn public_user_data(context: &Context, user: &User) -> Value {
    json!({
        "first_name": user.first_name,
        "last_name": user.last_name,
        "image_url": image_url(user, &context.base.url),
        "has_image": user.image_type.is_some(),
        "identifier": user.identifier(),
        "username": null,
        "user_id": user.id,
        "banned": user.banned,
        "deprovisioned": false,
    })
}
