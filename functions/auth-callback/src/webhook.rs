//! `POST /auth/webhooks/clerk`: what changed at Clerk, signed by Svix.

use clerk::webhook::{Headers, verify};
use edge::{
    Error, Host, Request, Response,
    db::users::{self, Profile},
    no_content,
    request::header_text,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::profile::{ClerkUser, NoUser};

/// Clerk's events are a few kilobytes.
const EVENT_BYTES_MAX: usize = 262_144;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Takes an event that Clerk signed; any other is refused. Doing it twice is doing it once.
pub async fn receive(request: Request, host: &impl Host) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let body = body.read(EVENT_BYTES_MAX).await?;
    let header = |name| header_text(&parts.headers, name);
    let headers = Headers {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signature: header("svix-signature"),
    };
    let secrets: Vec<&str> = host
        .config()
        .clerk_webhook_secrets
        .reveal()
        .split_whitespace()
        .collect();
    verify(&secrets, headers, &body, host.now_ms() / 1000)
        .map_err(|error| Error::Unauthenticated(format!("webhook: {error:?}")))?;
    let event: Event<'_> = serde_json::from_slice(&body)
        .map_err(|error| Error::Malformed(format!("The event cannot be read: {error}.")))?;
    if let "user.created" | "user.updated" = event.kind {
        let user: ClerkUser = serde_json::from_str(event.data.get())
            .map_err(|error| Error::Malformed(format!("The event's user cannot be read: {error}.")))?;
        let profile =
            Profile::try_from(user).map_err(|NoUser| Error::Malformed("The event names no user.".into()))?;
        users::upsert(&host.database().await?, &profile).await?;
    }
    Ok(no_content())
}
