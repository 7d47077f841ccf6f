//! `POST /auth/webhooks/clerk`: what changed at Clerk, signed by Svix.
//!
//! Svix delivers at least once and in no order. Each message has its effect once, because the statement that has the
//! effect stores the message's id too. An older profile never replaces a newer one. A deleted person is never created
//! again by an event that comes late.

use std::borrow::Cow;

use clerk::webhook::{Message, SvixHeaders, verify};
use edge::{
    Error, Files, Host, Request, Response, Unattended, UserId,
    db::{
        deletion, sessions,
        users::{self, Profile},
    },
    json_body, no_content,
    request::header_text,
};
use http::HeaderMap;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    erasure::{WEBHOOK_SLICES_MAX, sweep},
    profile::{ClerkUser, NoUser, is_id},
};

/// Clerk's events are a few kilobytes.
const EVENT_BYTES_MAX: usize = 262_144;
/// Svix's ids are about 30 characters. The same as in `webhook_deliveries`.
const DELIVERY_ID_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
}

/// What an event changes here.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// A person was created or changed: their profile.
    Profile(Profile),
    /// A person was deleted.
    Deleted(UserId),
    /// A session ended and must be refused from now on.
    SessionEnded(String),
    /// Nothing.
    Nothing,
}

/// Takes an event that Clerk signed; any other is refused. An event that comes twice has its effect once.
pub async fn receive(request: Request, host: &impl Files) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let body = body.read(EVENT_BYTES_MAX).await?;
    let delivery = delivery(host, &parts.headers, &body)?;
    let change = change(&body)?;
    if change != Change::Nothing {
        let mut db = Unattended::new(host.connect().await?);
        match &change {
            Change::Profile(profile) => users::upsert(&mut db, profile, Some(delivery)).await?,
            Change::Deleted(user) => deletion::begin(&mut db, delivery, user).await?,
            Change::SessionEnded(session) => sessions::revoke(&mut db, delivery, session).await?,
            Change::Nothing => {}
        }
        let host = host.clone();
        host.clone().wait_until(async move {
            if let Err(error) = sweep(&host, &mut db, WEBHOOK_SLICES_MAX).await {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                host.log(&format!("erasing goes on later: {}", cause.unwrap_or_default()));
            }
        });
    }
    Ok(no_content())
}

/// The id of a delivery that Clerk signed, under the new secret or, while they rotate, under the old one.
fn delivery<'h>(host: &impl Host, headers: &'h HeaderMap, body: &[u8]) -> Result<&'h str, Error> {
    let header = |name| header_text(headers, name);
    let signed = SvixHeaders {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signature: header("svix-signature"),
    };
    let secrets = host.config().clerk_webhook_secrets.reveal();
    let secrets: Vec<&str> = secrets.split_whitespace().collect();
    let Message { id, .. } = verify(&secrets, signed, body, host.now_ms() / 1000)
        .map_err(|error| Error::Unauthenticated(format!("webhook: {error:?}")))?;
    if id.chars().count() > DELIVERY_ID_CHARS_MAX {
        return Err(Error::Malformed("The event's id is too long.".into()));
    }
    Ok(id)
}

fn change(body: &[u8]) -> Result<Change, Error> {
    let event: Event<'_> = json_body::parse(body)?;
    Ok(match event.kind.as_ref() {
        "user.created" | "user.updated" => {
            let user: ClerkUser = data(&event)?;
            let profile = Profile::try_from(user).map_err(|NoUser| nameless("user"))?;
            Change::Profile(profile)
        }
        "user.deleted" => Change::Deleted(UserId::from_clerk(&id(&event, "user", "user_")?)),
        "session.ended" | "session.removed" | "session.revoked" => {
            Change::SessionEnded(id(&event, "session", "sess_")?)
        }
        _ => Change::Nothing,
    })
}

fn data<T: DeserializeOwned>(event: &Event<'_>) -> Result<T, Error> {
    json_body::parse(event.data.get().as_bytes())
}

fn id(event: &Event<'_>, kind: &str, prefix: &str) -> Result<String, Error> {
    let Named { id } = data(event)?;
    id.filter(|id| is_id(id, prefix)).ok_or_else(|| nameless(kind))
}

fn nameless(kind: &str) -> Error {
    Error::Malformed(format!("The event names no {kind}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_mean_what_clerk_says() {
        let table = [
            r#"{"type":"user.created","data":{"id":"user_1","first_name":"Ada","updated_at":1}}"#,
            r#"{"type":"user.deleted","data":{"id":"user_1","deleted":true,"object":"user"}}"#,
            r#"{"type":"user.deleted","data":{"deleted":true}}"#,
            r#"{"type":"user.deleted","data":{"id":"org_1"}}"#,
            r#"{"type":"session.revoked","data":{"id":"sess_1","user_id":"user_1","status":"revoked"}}"#,
            r#"{"type":"session.removed","data":{"id":"sess_1"}}"#,
            r#"{"type":"session.ended","data":{"id":"sess_1'"}}"#,
            r#"{"type":"session.created","data":{"id":"sess_1"}}"#,
            r#"{"type":"organization.created","data":null}"#,
            r#"{"type":"user\u002edeleted","data":{"id":"user_2"}}"#,
            r#"{"type":"user.deleted"}"#,
            r#"{"type":7,"data":{}}"#,
            r#"{"type":"user.updated","data":{"id":"user_3","first_name":7}}"#,
        ];
        let lines: Vec<_> = table
            .iter()
            .map(|body| match change(body.as_bytes()) {
                Ok(Change::Profile(profile)) => format!("profile {} {}", profile.clerk_id, profile.name),
                Ok(Change::Deleted(user)) => format!("deleted {}", user.clerk_id()),
                Ok(Change::SessionEnded(session)) => format!("ended {session}"),
                Ok(Change::Nothing) => "nothing".into(),
                Err(error) => error.to_string(),
            })
            .collect();
        expect_test::expect![[r#"
            profile user_1 Ada
            deleted user_1
            The event names no user.
            The event names no user.
            ended sess_1
            ended sess_1
            The event names no session.
            nothing
            nothing
            deleted user_2
            `data` is missing.
            `type` must be a text.
            `first_name` must be a text."#]]
        .assert_eq(&lines.join("\n"));
    }
}
