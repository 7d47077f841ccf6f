//! Sign-in and sign-up attempts.

use serde_json::{Value, json};

use super::{public_user_data, sign_up_verification, verification};
use crate::context::Context;
use crate::state::{Data, KEEP_MS, SignIn, SignUp, Status, User};

/// A sign-in.
pub fn sign_in(data: &Data, context: &Context, attempt: &SignIn) -> Value {
    let user = attempt.user_id.as_ref().and_then(|id| data.users.get(id));
    let status = match (&attempt.created_session_id, &attempt.identifier, user) {
        (Some(_), ..) => "complete",
        (None, Some(_), Some(_)) => "needs_first_factor",
        (None, ..) => "needs_identifier",
    };
    json!({
        "object": "sign_in",
        "id": attempt.id,
        "status": status,
        "identifier": attempt.identifier,
        "supported_identifiers": ["email_address", "phone_number"],
        "supported_first_factors": user.map(|user| factors(user, attempt.identifier.as_deref())),
        "supported_second_factors": null,
        "first_factor_verification": attempt.first_factor.as_ref().map(verification),
        "second_factor_verification": null,
        "user_data": user.map(|user| {
            let mut data = public_user_data(context, user);
            if let (Some(data), Some(identifier)) = (data.as_object_mut(), &attempt.identifier) {
                data.insert("identifier".into(), identifier.as_str().into());
            }
            data
        }),
        "created_session_id": attempt.created_session_id,
        "client_trust_state": "known",
    })
}

/// The first factors of a user, that of the given identifier first.
fn factors(user: &User, identifier: Option<&str>) -> Vec<Value> {
    let emails = user
        .emails
        .iter()
        .filter(|email| email.is_verified())
        .map(|email| {
            (
                Some(email.value.as_str()) == identifier,
                json!({
                    "strategy": "email_code",
                    "email_address_id": email.id,
                    "safe_identifier": email.value,
                    "primary": Some(&email.id) == user.primary_email_id.as_ref(),
                }),
            )
        });
    let phones = user
        .phones
        .iter()
        .filter(|phone| phone.is_verified())
        .map(|phone| {
            let primary = Some(&phone.id) == user.primary_phone_id.as_ref();
            (
                Some(phone.value.as_str()) == identifier,
                json!({
                    "strategy": "phone_code",
                    "phone_number_id": phone.id,
                    "safe_identifier": phone.value,
                    "primary": primary,
                    "default": primary,
                }),
            )
        });
    let mut factors: Vec<(bool, Value)> = emails.chain(phones).collect();
    factors.sort_by_key(|(named, _)| !named);
    let google = (!user.external_accounts.is_empty()).then(|| json!({ "strategy": "oauth_google" }));
    factors
        .into_iter()
        .map(|(_, factor)| factor)
        .chain(google)
        .collect()
}

/// A sign-up.
pub fn sign_up(attempt: &SignUp) -> Value {
    let open = |verification: &Option<crate::state::Verification>| {
        verification
            .as_ref()
            .is_some_and(|verification| verification.status != Status::Verified)
    };
    let mut unverified = Vec::new();
    if open(&attempt.email_proof) {
        unverified.push("email_address");
    }
    if open(&attempt.phone_proof) {
        unverified.push("phone_number");
    }
    let status = if attempt.created_session_id.is_some() {
        "complete"
    } else {
        "missing_requirements"
    };
    let external = attempt.external_proof.as_ref();
    json!({
        "object": "sign_up",
        "id": attempt.id,
        "status": status,
        "required_fields": [],
        "optional_fields": ["email_address", "phone_number", "first_name", "last_name", "oauth_google"],
        "missing_fields": [],
        "unverified_fields": unverified,
        "verifications": {
            "email_address": attempt.email_proof.as_ref().map(|verification| sign_up_verification(verification, "email_code")),
            "phone_number": attempt.phone_proof.as_ref().map(|verification| sign_up_verification(verification, "phone_code")),
            "web3_wallet": null,
            "external_account": external.map(verification),
        },
        "username": null,
        "email_address": attempt.email,
        "phone_number": attempt.phone,
        "web3_wallet": null,
        "password_enabled": false,
        "has_password": false,
        "first_name": attempt.first_name,
        "last_name": attempt.last_name,
        "unsafe_metadata": attempt.unsafe_metadata,
        "public_metadata": {},
        "custom_action": false,
        "external_id": null,
        "created_session_id": attempt.created_session_id,
        "created_user_id": attempt.created_user_id,
        "abandon_at": crate::clock::now_ms().saturating_add(KEEP_MS),
        "legal_accepted_at": null,
        "locale": null,
        "external_account": null,
        "external_account_strategy": external.and_then(|verification| verification.strategy.clone()),
        "protect_check": null,
    })
}
