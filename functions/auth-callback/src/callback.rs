//! The redirect after sign-in: verifies the session, stores the user's profile and redirects to the requested page.

use clerk::{AllowedOrigin, safe_redirect};
use edge::{
    Config, Error, Host, Request, Response, Unattended, UserId,
    auth::authorized_parties,
    db::users,
    guard::{Visitor, authenticate_document},
    redirect,
    request::{origin, query},
    serve::log_line,
};
use http::StatusCode;

use crate::profile;

/// The default target.
const HOME: &str = "/dashboard";

/// `GET /auth/callback?redirect_url=`: idempotent.
pub async fn callback(request: Request, host: &impl Host) -> Result<Response, Error> {
    let target = target(&request, host.config())?;
    let (user, headers) = match authenticate_document(&request, host).await? {
        Visitor::SignedIn(user, headers) => (user, headers),
        Visitor::Redirect(response) => return Ok(response),
        // ClerkJS on the sign-in page detects a session that the server could not verify.
        Visitor::SignedOut(_) | Visitor::RedirectLoop(_) | Visitor::InvalidHandshake(_) => {
            let back: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
            return redirect(StatusCode::SEE_OTHER, &format!("/sign-in?redirect_url={back}"));
        }
    };
    // The redirect needs only the session. If the profile cannot be loaded or stored now, Clerk's webhook or the next
    // visit stores it.
    if let Err(error) = store_profile(host, &user).await {
        host.log(&format!("the profile is not stored: {}", log_line(&error)));
    }
    let mut response = redirect(StatusCode::SEE_OTHER, &target)?;
    headers.apply(&mut response);
    Ok(response)
}

/// The address to redirect to: on this site or on another authorized party.
fn target(request: &Request, config: &Config) -> Result<String, Error> {
    let origin = origin(request)?;
    let parties = authorized_parties(request, config)?;
    // A relative target is resolved against this site's origin. Under an unlisted origin the first party stands for it.
    let site = parties.iter().find(|party| **party == origin).or(parties.first());
    let site = site.unwrap_or(&origin);
    let allowed: Vec<_> = parties.iter().cloned().map(AllowedOrigin::Glob).collect();
    let wanted = query(request, "redirect_url").and_then(|target| safe_redirect(&target, site, &allowed));
    Ok(wanted.unwrap_or_else(|| format!("{site}{HOME}")))
}

async fn store_profile(host: &impl Host, user: &UserId) -> Result<(), Error> {
    if let Some(profile) = profile::fetch(host, user.clerk_id()).await? {
        let mut db = Unattended::new(host.connect().await?);
        users::upsert(&mut db, &profile, None).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(parties: &str, url: &str) -> String {
        let config = Config::load(|name| match name {
            // clerk.example.com
            "CLERK_PUBLISHABLE_KEY" => Some("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k".to_owned()),
            "CLERK_SECRET_KEY" => Some("sk_live_1".to_owned()),
            "CLERK_AUTHORIZED_PARTIES" => Some(parties.to_owned()),
            _ => None,
        });
        let mut request = Request::default();
        *request.uri_mut() = url.parse().unwrap();
        target(&request, &config.unwrap()).unwrap()
    }

    #[test]
    fn the_target_is_on_an_authorized_party_for_every_host() {
        let parties = "https://app.example.com,https://www.example.com";
        for (url, expected) in [
            (
                "https://app.example.com/auth/callback",
                "https://app.example.com/dashboard",
            ),
            (
                "https://www.example.com/auth/callback?redirect_url=/talk/1",
                "https://www.example.com/talk/1",
            ),
            (
                "https://app.example.com/auth/callback?redirect_url=https://www.example.com/x",
                "https://www.example.com/x",
            ),
            (
                "https://app.example.com/auth/callback?redirect_url=https://evil.example/x",
                "https://app.example.com/dashboard",
            ),
            (
                "https://evil.example/auth/callback?redirect_url=/x",
                "https://app.example.com/x",
            ),
            (
                "https://evil.example/auth/callback?redirect_url=https://evil.example/x",
                "https://app.example.com/dashboard",
            ),
        ] {
            assert_eq!(target_of(parties, url), expected, "{url}");
        }
    }
}
