//! The sign-in guard.

use clerk::{TokenError, TokenOptions, bearer_token};
use http::header;
use uuid::Uuid;

use crate::{
    Config, Database, DatabaseError, Error, Host, Request,
    keys::HostVerifier,
    request::{header_text, origin},
};

/// The UUIDv5 namespace of user ids. It must never change, because stored ids depend on it.
const USERS: Uuid = Uuid::from_u128(0x6b1f_0c4e_5a52_5d1b_9d5c_2f86_0f6e_7c11);

/// The key of a user in the database. It is derived from Clerk's id, so no query is needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserId {
    key: Uuid,
    clerk_id: String,
}

impl UserId {
    /// UUIDv5 of Clerk's `user_…`.
    pub fn from_clerk(clerk_id: &str) -> Self {
        Self {
            key: Uuid::new_v5(&USERS, clerk_id.as_bytes()),
            clerk_id: clerk_id.to_owned(),
        }
    }

    /// The primary key in `users`.
    pub fn key(&self) -> Uuid {
        self.key
    }

    /// Clerk's `user_…`.
    pub fn clerk_id(&self) -> &str {
        &self.clerk_id
    }
}

/// An authenticated user. Only [`authenticate`] creates one.
#[derive(Debug, Clone)]
pub struct Caller {
    user_id: UserId,
    session_id: String,
}

impl Caller {
    /// The user whose rows this caller may read and change.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Clerk's `sess_…`: the token's session.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// A database connection. Its statements fail if the session has ended.
    ///
    /// # Errors
    /// If the connect fails.
    pub async fn database(&self, host: &impl Host) -> Result<Database, DatabaseError> {
        Ok(Database::of(host.connect().await?, self))
    }
}

/// The origins whose tokens are accepted and to which the callback may redirect: the configured ones, or in development
/// the request's own origin if none are configured.
///
/// # Errors
/// [`Error::Malformed`] for a request without a host.
pub fn authorized_parties(request: &Request, config: &Config) -> Result<Vec<String>, Error> {
    if config.clerk_authorized_parties.is_empty() {
        // `Config::load` accepts an empty list in development only.
        Ok(vec![origin(request)?])
    } else {
        Ok(config.clerk_authorized_parties.clone())
    }
}

/// The options for verifying the session token of this request.
///
/// # Errors
/// [`Error::Malformed`] for a request without a host.
pub fn token_options(request: &Request, host: &impl Host) -> Result<TokenOptions, Error> {
    let config = host.config();
    let origin = origin(request)?;
    let proxy_url = config
        .clerk_proxy_url
        .as_deref()
        .map(|proxy| absolute(proxy, &origin));
    Ok(TokenOptions::at(host.now_ms())
        .authorized_parties(authorized_parties(request, config)?)
        .issuers(config.clerk_publishable_key.issuers(proxy_url.as_deref())))
}

/// The absolute form of a proxy URL, which may be configured as a path of this site.
pub fn absolute(proxy: &str, origin: &str) -> String {
    if proxy.starts_with('/') {
        format!("{origin}{proxy}")
    } else {
        proxy.to_owned()
    }
}

/// Authenticates an API request by its bearer token, usually without a network call.
///
/// API routes ignore the cookie, because a page of another origin can make a browser send it.
///
/// # Errors
/// 401, or 503 if Clerk's keys cannot be loaded.
pub async fn authenticate(request: &Request, host: &impl Host) -> Result<Caller, Error> {
    let header = header_text(request.headers(), header::AUTHORIZATION.as_str());
    let token = bearer_token(header).ok_or_else(|| Error::Unauthenticated("session-token-missing".into()))?;
    let claims = clerk::verify_token(token, &HostVerifier(host), &token_options(request, host)?)
        .await
        .map_err(token_error)?;
    let session = claims
        .session()
        .map_err(|reason| Error::Unauthenticated(format!("{reason:?}")))?;
    Ok(Caller {
        user_id: UserId::from_clerk(&session.user_id),
        session_id: session.session_id,
    })
}

fn token_error(error: TokenError) -> Error {
    if error.reason.is_ours() {
        Error::unavailable(format!("{}: {}", error.reason.as_str(), error.message))
    } else {
        Error::Unauthenticated(error.reason.as_str().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_keys_are_stable() {
        let user = UserId::from_clerk("user_2abc");
        assert_eq!(user.key().to_string(), "3002e8c7-e4e5-5f32-99a3-e07843c565de");
        assert_ne!(user.key(), UserId::from_clerk("user_2abd").key());
    }
}
