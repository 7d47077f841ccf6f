//! `POST /auth/webhooks/clerk`: Clerk's events, signed by Svix.
//!
//! Svix delivers at least once and in any order. Each message is applied once, because the statement that applies it
//! also stores its id. An older profile never replaces a newer one. A late event never creates a deleted user again.

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
    erasure::{WEBHOOK_BATCHES_MAX, sweep},
    profile::{ClerkUser, MissingUserId, is_id},
};

/// Clerk's events are a few kilobytes.
const EVENT_BYTES_MAX: usize = 262_144;
/// Svix's ids have about 30 characters. Must equal the CHECK of `webhook_deliveries`.
const DELIVERY_ID_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct WithId {
    id: Option<String>,
}

/// The effect of an event.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// A user was created or changed.
    Profile(Profile),
    /// A user was deleted.
    Deleted(UserId),
    /// A session ended.
    SessionEnded(String),
    /// Nothing.
    Nothing,
}

/// Applies a signed event. Idempotent.
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
            if let Err(error) = sweep(&host, &mut db, WEBHOOK_BATCHES_MAX).await {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                host.log(&format!(
                    "the erasure is not finished: {}",
                    cause.unwrap_or_default()
                ));
            }
        });
    }
    Ok(no_content())
}

/// Verifies the signature with any of the configured secrets and returns the delivery's id.
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
            let profile = Profile::try_from(user).map_err(|MissingUserId| missing_id("user"))?;
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
    let WithId { id } = data(event)?;
    id.filter(|id| is_id(id, prefix)).ok_or_else(|| missing_id(kind))
}

fn missing_id(kind: &str) -> Error {
    Error::Malformed(format!("The event has no valid {kind} id."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_parsed() {
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
            The event has no valid user id.
            The event has no valid user id.
            ended sess_1
            ended sess_1
            The event has no valid session id.
            nothing
            nothing
            deleted user_2
            `data` is missing.
            `type` must be a string.
            `first_name` must be a string."#]]
        .assert_eq(&lines.join("\n"));
    }
}
