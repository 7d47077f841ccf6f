//! A person as Clerk's Backend API describes them.

use edge::{Error, Host, db::users::Profile, outbound};
use http::{Method, StatusCode};
use serde::Deserialize;

/// The parts of Clerk's User object that we keep. The same object comes with webhooks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ClerkUser {
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    image_url: Option<String>,
    primary_email_address_id: Option<String>,
    email_addresses: Vec<EmailAddress>,
    updated_at: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EmailAddress {
    id: String,
    email_address: String,
}

/// What calls itself a user of Clerk and has no id of one.
#[derive(Debug)]
pub struct NoUser;

/// Whether this is one of Clerk's ids of the kind that `prefix` tells.
pub fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|suffix| {
        !suffix.is_empty() && suffix.len() <= 64 && suffix.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Postgres cannot hold U+0000.
fn storable(text: &str) -> String {
    text.replace('\0', "").trim().to_owned()
}

impl TryFrom<ClerkUser> for Profile {
    type Error = NoUser;

    fn try_from(user: ClerkUser) -> Result<Self, NoUser> {
        if !is_id(&user.id, "user_") {
            return Err(NoUser);
        }
        let full = [user.first_name, user.last_name]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let primary = user.primary_email_address_id;
        let email = user
            .email_addresses
            .iter()
            .find(|address| Some(&address.id) == primary.as_ref())
            .or(user.email_addresses.first())
            .map(|address| address.email_address.clone());
        let name = if full.trim().is_empty() {
            user.username.unwrap_or_default()
        } else {
            full
        };
        Ok(Self {
            name: storable(&name),
            email: email.as_deref().map(storable),
            picture_url: user.image_url.as_deref().map(storable),
            updated_at_ms: user.updated_at,
            clerk_id: user.id,
        })
    }
}

/// Asks Clerk who this is. `None` where Clerk knows no such user (any more): the session will not last either.
///
/// # Errors
/// [`Error::Unavailable`] where Clerk does not answer as it should.
pub async fn fetch(host: &impl Host, clerk_id: &str) -> Result<Option<Profile>, Error> {
    let (status, body) =
        outbound::clerk_api(host, Method::GET, &format!("/v1/users/{clerk_id}"), None).await?;
    match status {
        StatusCode::OK => {
            let user: ClerkUser = serde_json::from_slice(&body).map_err(Error::unavailable)?;
            Profile::try_from(user)
                .map(Some)
                .map_err(|NoUser| Error::unavailable("Clerk described no user"))
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
    fn names_and_addresses_are_chosen_as_a_person_would() {
        let table = [
            r#"{"id":"user_1","first_name":"Ada","last_name":"Lovelace","updated_at":5,
                "primary_email_address_id":"b","email_addresses":[{"id":"a","email_address":"a@x"},{"id":"b","email_address":"b@x"}]}"#,
            r#"{"id":"user_2","first_name":null,"username":"ada","email_addresses":[{"id":"a","email_address":"a@x"}]}"#,
            r#"{"id":"user_3","unknown":1,"first_name":"A\u0000da"}"#,
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
                    Err(NoUser) => "no user".into(),
                },
            )
            .collect();
        expect_test::expect![[r#"
            user_1 "Ada Lovelace" Some("b@x") 5
            user_2 "ada" Some("a@x") 0
            user_3 "Ada" None 0
            no user
            no user
            no user"#]]
        .assert_eq(&lines.join("\n"));
    }
}
