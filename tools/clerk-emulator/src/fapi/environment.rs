//! The settings of the instance, for ClerkJS and its components. No envelope.

use axum::Json;
use serde_json::{Map, Value, json};

use crate::context::Context;

/// `GET|PATCH /v1/environment`.
pub async fn answer(context: Context) -> Json<Value> {
    let config = &context.app.config;
    Json(json!({
        "object": "environment",
        "id": "env_emulator",
        "maintenance_mode": false,
        "client_debug_mode": false,
        "partitioned_cookies": false,
        "auth_config": {
            "object": "auth_config",
            "id": "aac_emulator",
            "single_session_mode": !config.multi_session,
            "claimed_at": null,
            "reverification": false,
            "preferred_channels": {},
            "session_minter": false,
        },
        "display_config": display_config(&config.application_name, config.development),
        "user_settings": user_settings(&context.base.url),
        "organization_settings": {
            "enabled": false,
            "max_allowed_memberships": 5,
            "force_organization_selection": false,
            "actions": { "admin_delete": true },
            "domains": { "enabled": false, "enrollment_modes": [], "default_role": null },
            "slug": { "disabled": true },
        },
        "commerce_settings": {
            "object": "commerce_settings",
            "id": "cs_emulator",
            "billing": {
                "enabled": false,
                "stripe_publishable_key": null,
                "user": { "enabled": false, "has_paid_plans": false },
                "organization": { "enabled": false, "has_paid_plans": false },
            },
        },
        "api_keys_settings": {
            "object": "api_keys_settings",
            "id": "aks_emulator",
            "enabled": false,
            "user_api_keys_enabled": false,
            "orgs_api_keys_enabled": false,
        },
        "protect_config": { "object": "protect_config", "id": "pc_emulator", "rollout": 0 },
    }))
}

fn display_config(application_name: &str, development: bool) -> Value {
    let mut config = json!({
        "object": "display_config",
        "id": "display_config_emulator",
        "instance_environment_type": if development { "development" } else { "production" },
        "application_name": application_name,
        "theme": {
            "buttons": { "font_color": "#ffffff", "font_family": "inherit", "font_weight": "600" },
            "general": {
                "color": "#6c47ff", "padding": "1em", "box_shadow": "none", "font_color": "#151515",
                "font_family": "inherit", "border_radius": "0.5em", "background_color": "#ffffff",
                "label_font_weight": "600",
            },
            "accounts": { "background_color": "#ffffff" },
        },
        "preferred_sign_in_strategy": "otp",
        "home_url": "/",
        "sign_in_url": "/sign-in",
        "sign_up_url": "/sign-up",
        "after_sign_in_url": "/",
        "after_sign_up_url": "/",
        "after_sign_out_one_url": "/",
        "after_sign_out_all_url": "/",
        "after_switch_session_url": "/",
        "logo_link_url": "/",
        "branded": false,
        "clerk_js_version": "6",
        "show_devmode_warning": false,
        "captcha_public_key": null,
        "captcha_widget_type": null,
        "captcha_public_key_invisible": null,
        "captcha_provider": "turnstile",
        "captcha_oauth_bypass": [],
        "captcha_heartbeat": false,
    });
    // Pages and images that this instance does not have.
    const EMPTY: [&str; 11] = [
        "logo_image_url",
        "favicon_image_url",
        "user_profile_url",
        "organization_profile_url",
        "create_organization_url",
        "after_leave_organization_url",
        "after_create_organization_url",
        "support_email",
        "terms_url",
        "privacy_policy_url",
        "waitlist_url",
    ];
    if let Some(config) = config.as_object_mut() {
        for name in EMPTY.into_iter().chain(["after_join_waitlist_url"]) {
            config.insert(name.to_owned(), "".into());
        }
    }
    config
}

fn user_settings(base_url: &str) -> Value {
    json!({
        "attributes": attributes(),
        "actions": { "delete_self": true, "create_organization": false },
        "social": {
            "oauth_google": {
                "enabled": true,
                "required": false,
                "authenticatable": true,
                "strategy": "oauth_google",
                "name": "Google",
                "logo_url": format!("{base_url}/avatars/provider-google"),
            },
        },
        "saml": { "enabled": false },
        "enterprise_sso": { "enabled": false, "self_serve_sso": false },
        "sign_in": { "second_factor": { "required": false, "enabled": false } },
        "sign_up": {
            "allowlist_only": false,
            "progressive": true,
            "captcha_enabled": false,
            "mode": "public",
            "legal_consent_enabled": false,
        },
        "password_settings": {
            "allowed_special_characters": "",
            "disable_hibp": true,
            "min_length": 8,
            "max_length": 72,
            "require_special_char": false,
            "require_numbers": false,
            "require_uppercase": false,
            "require_lowercase": false,
            "show_zxcvbn": false,
            "min_zxcvbn_strength": 0,
        },
        "passkey_settings": { "allow_autofill": false, "show_sign_in_button": false },
        "username_settings": { "min_length": 4, "max_length": 64 },
        "attack_protection": { "enumeration_protection": { "enabled": false } },
    })
}

/// Email and phone are identifiers, names are optional, all other attributes are disabled.
fn attributes() -> Map<String, Value> {
    let attribute = |enabled: bool, factor: Option<&str>| {
        let factors: Vec<&str> = factor.into_iter().collect();
        json!({
            "enabled": enabled,
            "required": false,
            "first_factors": factors,
            "second_factors": [],
            "used_for_first_factor": factor.is_some(),
            "used_for_second_factor": false,
            "verifications": factors,
            "verify_at_sign_up": factor.is_some(),
        })
    };
    let absent = [
        "username",
        "password",
        "web3_wallet",
        "authenticator_app",
        "backup_code",
        "passkey",
    ];
    let present = [
        ("email_address", attribute(true, Some("email_code"))),
        ("phone_number", attribute(true, Some("phone_code"))),
        ("first_name", attribute(true, None)),
        ("last_name", attribute(true, None)),
    ];
    let absent = absent.into_iter().map(|name| (name, attribute(false, None)));
    present
        .into_iter()
        .chain(absent)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
