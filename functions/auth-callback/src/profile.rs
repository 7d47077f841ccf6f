//! User objects of Clerk's Backend API.

use edge::{
    Error, Host,
    db::users::Profile,
    outbound::{self, CLERK_PROFILE_MS_MAX, within},
};
use http::{Method, StatusCode};
use serde::Deserialize;

/// The stored fields of Clerk's User object, which webhooks contain too. Clerk sends null for absent values.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ClerkUser {
    id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    image_url: Option<String>,
    primary_email_address_id: Option<String>,
    email_addresses: Option<Vec<EmailAddress>>,
    updated_at: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EmailAddress {
    id: Option<String>,
    email_address: Option<String>,
}

/// A user object without a user id.
#[derive(Debug)]
pub struct MissingUserId;

/// Whether this is one of Clerk's ids with this prefix.
pub fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|suffix| {
        !suffix.is_empty() && suffix.len() <= 64 && suffix.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Removes line breaks and U+0000, which Postgres cannot store.
fn storable(text: &str) -> String {
    let one_line = text.replace('\0', "").replace(|c: char| c.is_control(), " ");
    one_line.trim().to_owned()
}

impl TryFrom<ClerkUser> for Profile {
    type Error = MissingUserId;

    fn try_from(user: ClerkUser) -> Result<Self, MissingUserId> {
        let clerk_id = user.id.filter(|id| is_id(id, "user_")).ok_or(MissingUserId)?;
        let full = [user.first_name, user.last_name]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let primary = user.primary_email_address_id;
        let addresses = user.email_addresses.unwrap_or_default();
        let email = addresses
            .iter()
            .find(|address| address.id.is_some() && address.id == primary)
            .or(addresses.first())
            .and_then(|address| address.email_address.clone());
        let name = if full.trim().is_empty() {
            user.username.unwrap_or_default()
        } else {
            full
        };
        Ok(Self {
            name: storable(&name),
            email: email.as_deref().map(storable),
            picture_url: user.image_url.as_deref().map(storable),
            updated_at_ms: user.updated_at.unwrap_or_default(),
            clerk_id,
        })
    }
}

/// Fetches a user's profile from Clerk. `None` if the user no longer exists there.
///
/// # Errors
/// [`Error::Unavailable`] if Clerk does not answer or answers unexpectedly.
pub async fn fetch(host: &impl Host, clerk_id: &str) -> Result<Option<Profile>, Error> {
    let path = format!("/v1/users/{clerk_id}");
    let asked = outbound::clerk_api(host, Method::GET, &path, None);
    let (status, body) = within(host, CLERK_PROFILE_MS_MAX, "the profile", asked).await?;
    match status {
        StatusCode::OK => {
            let user: ClerkUser = serde_json::from_slice(&body).map_err(Error::unavailable)?;
            Profile::try_from(user)
                .map(Some)
                .map_err(|MissingUserId| Error::unavailable("Clerk's user object has no id"))
        }
        StatusCode::NOT_FOUND => Ok(None),
        _ => Err(Error::unavailable(format!(
            "Clerk's Backend API answered {status}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_primary_address_are_selected() {
        let table = [
            r#"{"id":"user_1","first_name":"Ada","last_name":"Lovelace","updated_at":5,
                "primary_email_address_id":"b","email_addresses":[{"id":"a","email_address":"a@x"},{"id":"b","email_address":"b@x"}]}"#,
            r#"{"id":"user_2","first_name":null,"username":"ada","email_addresses":[{"id":"a","email_address":"a@x"}]}"#,
            r#"{"id":"user_3","unknown":1,"first_name":"A\u0000da"}"#,
            r#"{"id":"user_4","first_name":"Ada\n","last_name":"B\r\n{{char}}","updated_at":null,"email_addresses":null}"#,
            r#"{"id":"user_5","last_name":"Lune","email_addresses":[{"id":null,"email_address":null}]}"#,
            r#"{"id":"org_1"}"#,
            r#"{"id":"user_"}"#,
            "{}",
        ];
        let lines: Vec<_> = table
            .iter()
            .map(
                |json| match Profile::try_from(serde_json::from_str::<ClerkUser>(json).unwrap()) {
                    Ok(user) => format!(
                        "{} {:?} {:?} {}",
                        user.clerk_id, user.name, user.email, user.updated_at_ms
                    ),
                    Err(MissingUserId) => "no user".into(),
                },
            )
            .collect();
        expect_test::expect![[r#"
            user_1 "Ada Lovelace" Some("b@x") 5
            user_2 "ada" Some("a@x") 0
            user_3 "Ada" None 0
            user_4 "Ada  B  {{char}}" None 0
            user_5 "Lune" None 0
            no user
            no user
            no user"#]]
        .assert_eq(&lines.join("\n"));
    }
}
