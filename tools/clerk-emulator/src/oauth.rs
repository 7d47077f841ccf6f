//! An emulated Google. ClerkJS redirects to the emulator's account page, which redirects to the
//! callback with a code, as a real provider does. The callback redirects to the `redirect_url` that
//! ClerkJS passed (`/sso-callback`).

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use url::Url;

use crate::api_error::ApiError;
use crate::app::App;
use crate::codes;
use crate::consent;
use crate::context::Context;
use crate::fapi::{finish_sign_in, finish_sign_up};
use crate::state::{Data, OauthAttempt, OauthPurpose, Profile, Status, Verification};

const NAME_CHARS_MAX: usize = 100;

/// The account page and the callback.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/oauth_consent", get(ask).post(decide))
        .route("/v1/oauth_callback", get(callback))
}

/// Starts an attempt and returns the URL of the account page.
///
/// # Errors
/// If the provider is not Google, or `redirect_url` is invalid.
pub fn begin(
    data: &mut Data,
    context: &Context,
    client_id: &str,
    purpose: OauthPurpose,
    target_id: &str,
    user_id: Option<String>,
) -> Result<String, ApiError> {
    let strategy = context.require("strategy")?;
    if strategy != "oauth_google" {
        return Err(ApiError::unsupported(strategy));
    }
    let redirect_url = context.require("redirect_url")?;
    let usable =
        Url::parse(redirect_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !usable {
        return Err(ApiError::format(
            "redirect_url",
            "redirect_url must be an absolute http or https URL.",
        ));
    }
    let state = crate::id::random(32);
    let attempt = OauthAttempt {
        client_id: client_id.to_owned(),
        purpose,
        target_id: target_id.to_owned(),
        user_id,
        redirect_url: redirect_url.to_owned(),
        grant: None,
        created_at: context.now,
    };
    data.oauth.insert(state.clone(), attempt);
    Ok(format!("{}/v1/oauth_consent?state={state}", context.base.url))
}

/// A verification that waits for the provider's response.
pub fn pending(redirect_url: String) -> Verification {
    Verification {
        strategy: Some("oauth_google".to_owned()),
        expire_at: Some(crate::clock::now_ms().saturating_add(codes::CODE_MS)),
        redirect_url: Some(redirect_url),
        ..Verification::default()
    }
}

fn state(context: &Context) -> &str {
    context.query.get("state").map(String::as_str).unwrap_or_default()
}

/// `GET /v1/oauth_consent?state=`: the account page.
async fn ask(context: Context) -> Response {
    let data = context.app.store.lock();
    if data.oauth.contains_key(state(&context)) {
        consent::account_page(&data, &context.app.config.application_name)
    } else {
        consent::expired_page()
    }
}

/// `POST /v1/oauth_consent?state=`: redirects to the callback with the chosen account.
async fn decide(context: Context) -> Response {
    let state = state(&context).to_owned();
    if context.field("deny").is_some() {
        return Redirect::to(&format!("oauth_callback?state={state}&error=access_denied")).into_response();
    }
    let Some(email) = context.field("email").and_then(codes::email) else {
        return consent::invalid_email_page();
    };
    let name = |field: &str| {
        context
            .field(field)
            .map(|name| name.chars().take(NAME_CHARS_MAX).collect::<String>())
    };
    let profile = Profile {
        email,
        first_name: name("first_name"),
        last_name: name("last_name"),
    };
    let code = crate::id::random(24);
    let location = format!("oauth_callback?state={state}&code={code}");
    context.app.update(|data| match data.oauth.get_mut(&state) {
        Some(attempt) => {
            attempt.grant = Some((code, profile));
            Redirect::to(&location).into_response()
        }
        None => consent::expired_page(),
    })
}

/// `GET /v1/oauth_callback?state=&code=`: finishes the attempt and redirects to the page.
async fn callback(context: Context) -> Response {
    let app = context.app.clone();
    app.respond(&context, |data, context| {
        let Some(attempt) = data.oauth.remove(state(context)) else {
            return consent::expired_page();
        };
        let code = context.query.get("code");
        let profile = attempt
            .grant
            .clone()
            .filter(|(granted, _)| Some(granted) == code)
            .map(|(_, profile)| profile);
        finish(data, context, &attempt, profile);
        Redirect::to(&attempt.redirect_url).into_response()
    })
}

/// Finishes an attempt. Errors are stored in the attempt, where ClerkJS reads them.
fn finish(data: &mut Data, context: &Context, attempt: &OauthAttempt, profile: Option<Profile>) {
    let Some(profile) = profile else {
        let error = ApiError::new(
            422,
            "oauth_access_denied",
            "You did not grant access to your account.",
        );
        return fail(data, attempt, Status::Failed, &error);
    };
    let client = attempt.client_id.as_str();
    let result = match attempt.purpose {
        OauthPurpose::SignIn => finish_sign_in(data, context, client, &attempt.target_id, profile),
        OauthPurpose::SignUp => sign_up(data, context, attempt, profile),
        OauthPurpose::Connect => {
            connect(data, context, attempt, profile);
            Ok(())
        }
    };
    if let Err(error) = result {
        fail(data, attempt, Status::Failed, &error);
    }
}

fn sign_up(
    data: &mut Data,
    context: &Context,
    attempt: &OauthAttempt,
    profile: Profile,
) -> Result<(), ApiError> {
    let exists =
        data.user_by_external(&profile).is_some() || data.user_by_identifier(&profile.email).is_some();
    if let Some(sign_up) = data
        .clients
        .get_mut(&attempt.client_id)
        .and_then(|client| client.sign_up.as_mut())
    {
        sign_up.external = Some(profile);
        sign_up.external_proof = Some(crate::state::verified("oauth_google", context.now));
    }
    if exists {
        let error = ApiError::new(
            422,
            "external_account_exists",
            "This external account already exists.",
        );
        fail(data, attempt, Status::Transferable, &error);
        return Ok(());
    }
    finish_sign_up(data, context, &attempt.client_id, &attempt.target_id)
}

fn connect(data: &mut Data, context: &Context, attempt: &OauthAttempt, profile: Profile) {
    let Some(user_id) = &attempt.user_id else { return };
    let other = |owner: Option<&crate::state::User>| owner.is_some_and(|owner| owner.id != *user_id);
    if other(data.user_by_external(&profile)) || other(data.user_by_identifier(&profile.email)) {
        return;
    }
    if let Some(user) = data.users.get_mut(user_id) {
        user.connect(profile, context.now);
        data.emit_user_event("user.updated", user_id);
    }
}

fn fail(data: &mut Data, attempt: &OauthAttempt, status: Status, error: &ApiError) {
    let Some(client) = data.clients.get_mut(&attempt.client_id) else {
        return;
    };
    let verification = match attempt.purpose {
        OauthPurpose::SignIn => client
            .sign_in
            .as_mut()
            .and_then(|attempt| attempt.first_factor.as_mut()),
        OauthPurpose::SignUp => client
            .sign_up
            .as_mut()
            .and_then(|attempt| attempt.external_proof.as_mut()),
        OauthPurpose::Connect => None,
    };
    if let Some(verification) = verification {
        verification.status = status;
        verification.error = Some(error.entry());
        verification.redirect_url = None;
    }
}
