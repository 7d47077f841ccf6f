//! An emulated Google. ClerkJS is sent to a page of ours that asks who to be;
//! its answer comes back with a code, as from a real provider, and the browser
//! goes on to the `redirect_url` that ClerkJS named (`/sso-callback`).

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use url::Url;

use crate::app::App;
use crate::codes;
use crate::consent;
use crate::fapi::{finish_sign_in, finish_sign_up};
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, OauthAttempt, OauthPurpose, Profile, Status, Verification};

const NAME_CHARS_MAX: usize = 100;

/// The consent page and the way back from it.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/oauth_consent", get(ask).post(decide))
        .route("/v1/oauth_callback", get(callback))
}

/// Starts a round trip; answers where to send the browser.
///
/// # Errors
/// If the provider is another than Google, or there is no way back.
pub fn begin(
    data: &mut Data,
    scope: &Scope,
    client_id: &str,
    purpose: OauthPurpose,
    target_id: &str,
    user_id: Option<String>,
) -> Result<String, Refusal> {
    let strategy = scope.need("strategy")?;
    if strategy != "oauth_google" {
        return Err(Refusal::unsupported(strategy));
    }
    let redirect_url = scope.need("redirect_url")?;
    let usable =
        Url::parse(redirect_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !usable {
        return Err(Refusal::format(
            "redirect_url",
            "redirect_url must be an absolute http or https address.",
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
        created_at: scope.now,
    };
    data.oauth.insert(state.clone(), attempt);
    Ok(format!("{}/v1/oauth_consent?state={state}", scope.base.url))
}

/// A proof that waits for the provider.
pub fn pending(redirect_url: String) -> Verification {
    Verification {
        strategy: Some("oauth_google".to_owned()),
        expire_at: Some(crate::clock::now_ms().saturating_add(codes::CODE_MS)),
        redirect_url: Some(redirect_url),
        ..Verification::default()
    }
}

fn state(scope: &Scope) -> &str {
    scope.query.get("state").map(String::as_str).unwrap_or_default()
}

/// `GET /v1/oauth_consent?state=`: who do you want to be?
async fn ask(scope: Scope) -> Response {
    let data = scope.app.store.lock();
    if data.oauth.contains_key(state(&scope)) {
        consent::choose(&data, &scope.app.config.application_name)
    } else {
        consent::over()
    }
}

/// `POST /v1/oauth_consent?state=`: the answer, back through the callback as a provider would send it.
async fn decide(scope: Scope) -> Response {
    let state = state(&scope).to_owned();
    if scope.field("deny").is_some() {
        return Redirect::to(&format!("oauth_callback?state={state}&error=access_denied")).into_response();
    }
    let Some(email) = scope.field("email").and_then(codes::email) else {
        return consent::not_an_address();
    };
    let name = |field: &str| {
        scope
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
    scope.app.change(|data| match data.oauth.get_mut(&state) {
        Some(attempt) => {
            attempt.grant = Some((code, profile));
            Redirect::to(&location).into_response()
        }
        None => consent::over(),
    })
}

/// `GET /v1/oauth_callback?state=&code=`: settles the attempt and goes back to the page.
async fn callback(scope: Scope) -> Response {
    let app = scope.app.clone();
    app.answer(&scope, |data, scope| {
        let Some(attempt) = data.oauth.remove(state(scope)) else {
            return consent::over();
        };
        let code = scope.query.get("code");
        let profile = attempt
            .grant
            .clone()
            .filter(|(granted, _)| Some(granted) == code)
            .map(|(_, profile)| profile);
        settle(data, scope, &attempt, profile);
        Redirect::to(&attempt.redirect_url).into_response()
    })
}

/// What goes wrong here is written on the attempt, where ClerkJS reads it.
fn settle(data: &mut Data, scope: &Scope, attempt: &OauthAttempt, profile: Option<Profile>) {
    let Some(profile) = profile else {
        let refusal = Refusal::new(
            422,
            "oauth_access_denied",
            "You did not grant access to your account.",
        );
        return fail(data, attempt, Status::Failed, &refusal);
    };
    let client = attempt.client_id.as_str();
    let result = match attempt.purpose {
        OauthPurpose::SignIn => finish_sign_in(data, scope, client, &attempt.target_id, profile),
        OauthPurpose::SignUp => sign_up(data, scope, attempt, profile),
        OauthPurpose::Connect => {
            connect(data, scope, attempt, profile);
            Ok(())
        }
    };
    if let Err(refusal) = result {
        fail(data, attempt, Status::Failed, &refusal);
    }
}

fn sign_up(data: &mut Data, scope: &Scope, attempt: &OauthAttempt, profile: Profile) -> Result<(), Refusal> {
    let exists =
        data.user_by_external(&profile).is_some() || data.user_by_identifier(&profile.email).is_some();
    if let Some(sign_up) = data
        .clients
        .get_mut(&attempt.client_id)
        .and_then(|client| client.sign_up.as_mut())
    {
        sign_up.external = Some(profile);
        sign_up.external_proof = Some(crate::state::verified("oauth_google", scope.now));
    }
    if exists {
        let refusal = Refusal::new(
            422,
            "external_account_exists",
            "This external account already exists.",
        );
        fail(data, attempt, Status::Transferable, &refusal);
        return Ok(());
    }
    finish_sign_up(data, scope, &attempt.client_id, &attempt.target_id)
}

fn connect(data: &mut Data, scope: &Scope, attempt: &OauthAttempt, profile: Profile) {
    let Some(user_id) = &attempt.user_id else { return };
    let other = |owner: Option<&crate::state::User>| owner.is_some_and(|owner| owner.id != *user_id);
    if other(data.user_by_external(&profile)) || other(data.user_by_identifier(&profile.email)) {
        return;
    }
    if let Some(user) = data.users.get_mut(user_id) {
        user.connect(profile, scope.now);
        data.tell_user("user.updated", user_id);
    }
}

fn fail(data: &mut Data, attempt: &OauthAttempt, status: Status, refusal: &Refusal) {
    let Some(client) = data.clients.get_mut(&attempt.client_id) else {
        return;
    };
    let proof = match attempt.purpose {
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
    if let Some(proof) = proof {
        proof.status = status;
        proof.error = Some(refusal.entry());
        proof.redirect_url = None;
    }
}
