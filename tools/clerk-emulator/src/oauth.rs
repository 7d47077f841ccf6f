//! An emulated Google. ClerkJS is sent to a page of ours that asks who to be;
//! its answer comes back with a code, as from a real provider, and the browser
//! goes on to the `redirect_url` that ClerkJS named (`/sso-callback`).

use std::fmt::Write as _;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use url::Url;

use crate::app::App;
use crate::codes;
use crate::fapi::{finish_sign_in, finish_sign_up};
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::state::{Data, OauthAttempt, OauthPurpose, Profile, Status, Verification};

const NAME_CHARS_MAX: usize = 100;
const SUGGESTIONS_MAX: usize = 8;
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:22rem;margin:10vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}button,input{font:inherit;box-sizing:border-box;width:100%;padding:.6rem;margin:.25rem 0;border:1px solid #bbb;border-radius:.4rem;background:#fff;color:#222}button{cursor:pointer;overflow-wrap:anywhere}button.main{background:#1a56c4;border-color:#1a56c4;color:#fff}label{display:block;margin-top:.5rem}p{color:#555}";

/// The consent page and the way back from it.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/oauth_consent", get(consent).post(decide))
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
async fn consent(scope: Scope) -> Response {
    let data = scope.app.store.lock();
    if !data.oauth.contains_key(state(&scope)) {
        return page(
            StatusCode::BAD_REQUEST,
            "<h1>This request is over</h1><p>Go back and try again.</p>",
        );
    }
    let known = data
        .users
        .values()
        .flat_map(|user| &user.emails)
        .filter(|email| email.is_verified());
    let mut buttons = String::new();
    for email in known.take(SUGGESTIONS_MAX) {
        let email = escape(&email.value);
        let _ = write!(
            buttons,
            "<button name=\"email\" value=\"{email}\">{email}</button>"
        );
    }
    let application = escape(&scope.app.config.application_name);
    page(
        StatusCode::OK,
        &format!(
            "<h1>Choose an account</h1><p>to continue to {application}. This page stands in for Google on this machine.</p>\
             <form method=\"post\">{buttons}</form>\
             <form method=\"post\"><label>Email <input name=\"email\" type=\"email\" required autocomplete=\"off\"></label>\
             <label>First name <input name=\"first_name\" maxlength=\"100\"></label>\
             <label>Last name <input name=\"last_name\" maxlength=\"100\"></label>\
             <button class=\"main\">Continue</button></form>\
             <form method=\"post\"><button name=\"deny\" value=\"1\">Cancel</button></form>"
        ),
    )
}

/// `POST /v1/oauth_consent?state=`: the answer, back through the callback as a provider would send it.
async fn decide(scope: Scope) -> Response {
    let state = state(&scope).to_owned();
    if scope.field("deny").is_some() {
        return Redirect::to(&format!("oauth_callback?state={state}&error=access_denied")).into_response();
    }
    let Some(email) = scope.field("email").and_then(codes::email) else {
        return page(
            StatusCode::UNPROCESSABLE_ENTITY,
            "<h1>This is not an e-mail address</h1><p>Go back and try again.</p>",
        );
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
        None => page(
            StatusCode::BAD_REQUEST,
            "<h1>This request is over</h1><p>Go back and try again.</p>",
        ),
    })
}

/// `GET /v1/oauth_callback?state=&code=`: settles the attempt and goes back to the page.
async fn callback(scope: Scope) -> Response {
    let app = scope.app.clone();
    app.answer(&scope, |data, scope| {
        let Some(attempt) = data.oauth.remove(state(scope)) else {
            return page(
                StatusCode::BAD_REQUEST,
                "<h1>This request is over</h1><p>Go back and try again.</p>",
            );
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

fn page(status: StatusCode, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Sign in with Google (emulated)</title><style>{STYLE}</style><body>{body}</body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    (status, headers, html).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
