//! After sign-in: the session is verified, the person is known to the database, and back to where they were going.

use clerk::{AllowedOrigin, safe_redirect};
use edge::{
    Error, Host, Request, Response, Unattended,
    db::users,
    guard::{Document, judge},
    redirect,
    request::{origin, query},
};
use http::StatusCode;

use crate::profile;

/// Where people go who were going nowhere in particular.
const HOME: &str = "/dashboard";

/// `GET /auth/callback?redirect_url=`: may be opened any number of times.
pub async fn callback(request: Request, host: &impl Host) -> Result<Response, Error> {
    let origin = origin(&request)?;
    let allowed = [AllowedOrigin::Glob(origin.clone())];
    let target = query(&request, "redirect_url")
        .and_then(|target| safe_redirect(&target, &origin, &allowed))
        .unwrap_or_else(|| format!("{origin}{HOME}"));
    let (user, headers) = match judge(&request, host).await? {
        Document::SignedIn(user, headers) => (user, headers),
        Document::Redirect(response) => return Ok(response),
        // The sign-in page knows whether there is a session after all, and says what is wrong.
        Document::SignedOut(_) | Document::Loop(_) | Document::Forged(_) => {
            let back: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
            return redirect(StatusCode::SEE_OTHER, &format!("/sign-in?redirect_url={back}"));
        }
    };
    if let Some(profile) = profile::fetch(host, user.clerk_id()).await? {
        let mut db = Unattended::new(host.connect().await?);
        users::upsert(&mut db, &profile, None).await?;
    }
    let mut response = redirect(StatusCode::SEE_OTHER, &target)?;
    headers.apply(&mut response);
    Ok(response)
}
